"""Numbers as people write them, in the language that is spoken."""

import pytest

from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import speaking

#: What writes a share, and 0.125 as it is read where each language is spoken.
SHARES = [
    (numbers.whole_percent, "13 %", "13%"),
    (numbers.percent, "12,5 %", "12.5%"),
    (numbers.short_percent, "12,5 %", "12.5%"),
    (numbers.exact_percent, "12,5 %", "12.5%"),
]


@pytest.mark.parametrize(("write", "norwegian", "english"), SHARES)
def test_per_cent_stands_off_in_norwegian_alone(write, norwegian, english):
    value = 0.127 if write is numbers.whole_percent else 0.125
    for language, expected in (("nb", norwegian), ("en", english)):
        with speaking(language):
            assert write(value).replace("\N{NO-BREAK SPACE}", " ") == expected

"""Numbers on a command line: written plainly, or refused."""

import pytest

from tests.commands import run

WISH = ["solve", "enhet_samlet_tildeling[Bergenhus] = 190000000", "--parameter", "reserve.andel"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "--set", "reserve.andel={}"], "is not a number"),
        (["compare", "--frame", "{}"], "is no frame"),
        (["compare", "--year", "{}"], "is not a year"),
        (["population", "--output", "ut.csv", "--scale", "{}"], "is not a whole number"),
        (["audit", "tests", "--depth", "{}"], "is not a whole number"),
        (["audit", "tests", "--coverage", "--fail-under", "{}"], "is not a number"),
        (["serve", "--check", "--port", "{}"], "is not a whole number"),
        ([*WISH, "--between", "0", "{}"], "is not a number"),
    ],
)
@pytest.mark.parametrize("text", ["5_0", "２０", "٢", "nan", "0x14"])
def test_what_only_python_takes_for_a_number_is_refused(arguments, said, text, folder):
    result = run(*(argument.format(text) for argument in arguments))
    assert result.exit_code == 2
    assert f"'{text}' {said}" in result.stderr
    assert list(folder.iterdir()) == []

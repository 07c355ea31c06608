"""The amounts in a record: packed where they are many, and read again as they were."""

import base64
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_bergen_hbt.provenance import amounts
from openfisca_bergen_hbt.provenance.amounts import packed, unpacked

AMOUNTS = st.dictionaries(st.text(), st.integers(-(2**53), 2**53), min_size=1)
KRONER = st.dictionaries(st.text(), st.dictionaries(st.text(), AMOUNTS))


@given(kroner=KRONER)
def test_packed_amounts_are_read_as_they_were(kroner):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(amounts, "MOST_UNPACKED", -1)
        text = packed(kroner)
    assert isinstance(text, str)
    assert unpacked(text) == kroner


def test_few_amounts_can_be_read_by_people():
    few = {"2019-06": {f"Enhet {number}": {"enhet_samlet_tildeling": number} for number in range(5000)}}
    assert packed(few) is few
    assert unpacked(few) is few
    few["2019-06"]["Enhet 5000"] = {"enhet_samlet_tildeling": 1}
    assert isinstance(packed(few), str)


WHOLE = base64.b64encode(zlib.compress(b'[["a"],{"b":{"c":{"a":1}}}]')).decode()


def test_what_is_packed_is_json():
    assert unpacked(WHOLE) == {"a": {"b": {"c": 1}}}


NOT_AMOUNTS = (b"", b"{", b"[1]", b'[["a"],{"b":{"c":{"a":"1"}}}]')


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "ikke base64",
        WHOLE[:-8],
        WHOLE[::-1],
        *(base64.b64encode(zlib.compress(text)).decode() for text in NOT_AMOUNTS),
    ],
)
def test_damaged_amounts_are_refused(damaged):
    with pytest.raises(msgspec.ValidationError, match="the packed amounts are damaged"):
        unpacked(damaged)


def test_a_small_file_can_t_fill_the_memory(monkeypatch):
    monkeypatch.setattr(amounts, "LARGEST", 1000)
    with pytest.raises(msgspec.ValidationError, match="the packed amounts are damaged"):
        unpacked(base64.b64encode(zlib.compress(b" " * 10**6)).decode())

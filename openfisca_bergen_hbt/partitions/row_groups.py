"""The row groups of a Parquet file, told from its footer (Thrift's compact protocol): polars does not say them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

#: The kinds of values of the protocol.
TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
INTEGERS = (4, 5, 6)
#: Fields of the footer: its row groups; and of one, the number of its rows.
ROW_GROUPS, ROWS = 4, 3
#: What ends the file: the length of the footer, and a mark.
TAIL = 8


def row_groups(opened: BinaryIO) -> list[int]:
    """Return the number of rows of each row group of an open file.

    Raises:
        ValueError: a file whose footer can't be read.
    """
    size = opened.seek(0, 2)
    opened.seek(max(0, size - TAIL))
    tail = opened.read(TAIL)
    length = struct.unpack("<I", tail[:4])[0] if tail[4:] == b"PAR1" else size
    if length + TAIL > size:
        raise ValueError("no footer")
    opened.seek(size - TAIL - length)
    footer = iter(opened.read(length))
    try:
        return [group[ROWS] for group in _struct(footer)[ROW_GROUPS]]
    except (StopIteration, KeyError, TypeError, RuntimeError, RecursionError):
        raise ValueError("no footer") from None


def _struct(content: Iterator[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    field = 0
    while head := next(content):
        field = field + (head >> 4) if head >> 4 else _integer(content)
        kind = head & 15
        found[field] = kind == TRUE if kind in (TRUE, FALSE) else _value(content, kind)
    return found


def _value(content: Iterator[int], kind: int) -> Any:
    if kind in INTEGERS:
        return _integer(content)
    if kind == STRUCT:
        return _struct(content)
    if kind in (LIST, SET):
        head = next(content)
        count = head >> 4 if head >> 4 < 15 else _whole(content)  # noqa: PLR2004 (longer ones say their length after)
        return [_value(content, head & 15) for _ in range(count)]
    if kind not in (TRUE, FALSE, BYTE, DOUBLE, BINARY):
        raise ValueError("no footer")
    length = {BINARY: 0, DOUBLE: 8}.get(kind, 1) or _whole(content)
    return bytes(next(content) for _ in range(length))


def _whole(content: Iterator[int]) -> int:
    found = shift = 0
    while (byte := next(content)) & 128:
        found |= (byte & 127) << shift
        shift += 7
    return found | byte << shift


def _integer(content: Iterator[int]) -> int:
    zigzag = _whole(content)
    return zigzag >> 1 ^ -(zigzag & 1)

"""A report as headings, paragraphs, tables and source code: written once, rendered for a terminal, Markdown or HTML."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType


#: The width of what is written to a file or a pipe, and the least that a table needs.
WIDTH = 100


@dataclass(frozen=True)
class Heading:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Code:
    """Source code, or text set in lines of its own."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table; ``numeric`` are the columns set to the right."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()


Block = Heading | Paragraph | Code | Table


@dataclass(frozen=True)
class Document:
    """A title and what stands under it."""

    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)


def to_rich(document: Document) -> RenderableType:
    """Return a document as something that rich prints."""
    from rich.console import Group
    from rich.text import Text

    return Group(Text(document.title, style="bold"), *(_rich_block(block) for block in document.blocks))


def _rich_block(block: Block) -> RenderableType:
    from rich import box
    from rich import table as rich_table
    from rich.padding import Padding
    from rich.text import Text

    if isinstance(block, Heading):
        return Text(f"\n{block.text}", style="bold")
    if isinstance(block, Paragraph):
        return Text(block.text)
    if isinstance(block, Code):
        return Padding(Text(block.text), (0, 0, 0, 2))
    table = rich_table.Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for number, heading in enumerate(block.headings):
        table.add_column(heading, justify="right" if number in block.numeric else "left", overflow="fold")
    for row in block.rows:
        table.add_row(*map(Text, row))
    return table


def rendered(content: RenderableType) -> str:
    """Return what rich would print, as plain text."""
    from rich.console import Console

    text = io.StringIO()
    Console(file=text, width=WIDTH, color_system=None).print(content)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def to_markdown(document: Document) -> str:
    """Return a document as Markdown."""
    return "\n\n".join([f"# {document.title}", *map(_markdown_block, document.blocks)]) + "\n"


def _markdown_block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"## {block.text}"
    if isinstance(block, Paragraph):
        return block.text
    if isinstance(block, Code):
        return f"```\n{block.text}\n```"
    alignment = ["---:" if number in block.numeric else "---" for number in range(len(block.headings))]
    return "\n".join(map(_markdown_row, [block.headings, alignment, *block.rows]))


def _markdown_row(cells: Sequence[str]) -> str:
    return " | ".join(["", *(cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells), ""]).strip()

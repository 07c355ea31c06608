"""A paper as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openfisca_bergen_hbt.provenance.record import KEY, as_text
from openfisca_bergen_hbt.report.paper import (
    TEXT,
    Block,
    Code,
    Heading,
    Items,
    Paper,
    Paragraph,
    Table,
    Tree,
    written_rows,
    written_tree,
)


def write(paper: Paper, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return a paper, with the record of its run where it has one, which ``verify`` reads."""
    parts = [f"# {paper.title}"]
    if paper.headlines:
        parts.append(_items(paper.headlines))
    parts += [f"**{heading}.** {text}" for heading, text in paper.about]
    parts += [part for block in paper.blocks for part in _parts(block)]
    parts += paper.notes
    text = "\n\n".join(parts) + "\n"
    if recorded:
        text += f"\n## Kjøringen\n\n```json {KEY}\n{as_text(recorded)}```\n"
    return text.encode()


def _parts(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"## {text}"
        case Paragraph(text):
            yield text
        case Items(texts):
            yield _items(texts)
        case Code(text, title):
            if title:
                yield f"### {title}"
            yield f"```\n{text}\n```"
        case Tree(root):
            yield f"```\n{written_tree(root)}\n```"
        case Table():
            if block.title:
                yield f"## {block.title}"
            yield _table(block)
            yield from block.notes


def _items(texts: Sequence[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _table(table: Table) -> str:
    headings = [column.heading for column in table.columns]
    alignment = ["---" if column.kind == TEXT else "---:" for column in table.columns]
    return "\n".join(map(_row, [headings, alignment, *written_rows(table)]))


def _row(cells: Sequence[str]) -> str:
    return " | ".join(["", *(cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells), ""]).strip()

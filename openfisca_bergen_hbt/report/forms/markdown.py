"""A paper as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openfisca_bergen_hbt.provenance.record import KEY, as_text
from openfisca_bergen_hbt.report.forms.provenance import mark
from openfisca_bergen_hbt.report.paper import TEXT, Blanks, Block, Code, Heading, Items, Paper, Paragraph, Table, Tree
from openfisca_bergen_hbt.report.writing import LINE_TO_WRITE_ON, shortened, written_rows, written_tree
from openfisca_bergen_hbt.text.language import say

#: What Markdown, as GitHub has it, would take for markup: anywhere, and where a line begins.
MARKUP = re.compile(r"[\\`*<\[~$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|:(?=[\w+-]+:)")
OPENING = re.compile(r"^(\s*)([#>]|[+=-](?=[\s=-]|$))|^(\s*\d+)([.)])", re.MULTILINE)


def write(paper: Paper, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return a paper, with the record of its run where it has one, which ``verify`` reads."""
    parts = [f"# {_line(paper.title)}"]
    if said := mark(recorded):
        parts.append(f"**{_line(said)}**")
    if paper.headlines:
        parts.append(_items(paper.headlines))
    parts += [f"**{_line(heading)}.** {_line(text)}" for heading, text in paper.about]
    parts += [part for block in paper.blocks for part in _parts(block)]
    parts += map(_text, paper.notes)
    text = "\n\n".join(parts) + "\n"
    if recorded:
        text += f"\n## {say('Kjøringen')}\n\n```json {KEY}\n{as_text(recorded)}```\n"
    return text.encode()


def _parts(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"## {_line(text)}"
        case Paragraph(text):
            yield _text(text)
        case Items(texts):
            yield _items(texts)
        case Blanks(names):
            yield "\n\n".join(f"**{_line(name)}:** {_line('_' * LINE_TO_WRITE_ON)}" for name in names)
        case Code(text, title):
            if title:
                yield f"### {_line(title)}"
            yield _fenced(text)
        case Tree(root):
            yield _fenced(written_tree(root))
        case Table():
            block = shortened(block)
            if block.title:
                yield f"## {_line(block.title)}"
            yield _table(block)
            yield from map(_text, block.notes)


def _line(text: str) -> str:
    """Return a text as Markdown that shows it, on one line."""
    return MARKUP.sub(r"\\\g<0>", text).replace("\n", " ")


def _text(text: str) -> str:
    """Return a text as Markdown that shows it, where a line begins."""
    return OPENING.sub(r"\1\3\\\2\4", MARKUP.sub(r"\\\g<0>", text))


def _fenced(text: str) -> str:
    """Return a text set in lines of its own, within a fence that it does not hold."""
    fence = max(["```", *(f"{run}`" for run in re.findall("```+", text))], key=len)
    return f"{fence}\n{text}\n{fence}"


def _items(texts: Sequence[str]) -> str:
    return "\n".join(f"- {_text(text)}".replace("\n", " ") for text in texts)


def _table(table: Table) -> str:
    headings = [column.heading for column in table.columns]
    alignment = ["---" if column.kind == TEXT else "---:" for column in table.columns]
    rows = [[_cell(text) for text in row] for row in [headings, *written_rows(table)]]
    rows.insert(1, alignment)
    return "\n".join(" | ".join(["", *row, ""]).strip() for row in rows)


def _cell(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", text).replace("|", "\\|").replace("\n", "<br>")

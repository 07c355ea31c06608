"""A paper on a terminal, or as plain text."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich import box, table
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text

from openfisca_bergen_hbt.report.forms.provenance import facts, mark
from openfisca_bergen_hbt.report.paper import TEXT, Blanks, Block, Code, Heading, Items, Paper, Paragraph, Table, Tree
from openfisca_bergen_hbt.report.writing import LINE_TO_WRITE_ON, shortened, written_rows, written_tree

#: The width of what is written to a file or a pipe, and the least that a table needs.
WIDTH, LEAST_WIDTH = 100, 80


@dataclass(frozen=True)
class Running:
    """Running text, folded between words: rich would break a number at its no-break spaces, too."""

    text: str
    heading: str = ""
    style: str = ""

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Fold the text to the width that there is."""
        folded = Text(textwrap.fill(f"{self.heading}{self.text}", options.max_width), style=self.style, no_wrap=True)
        folded.stylize("not dim bold", 0, len(self.heading))
        yield folded


#: What a terminal would take for a command, as a picture of it.
PICTURES = {code: 0x2400 + code for code in range(32) if code not in b"\t\n"} | {0x7F: 0x2421}
PICTURES |= dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)


class TextConsole(Console):
    """A console to which a text is a text: no markup, no emoji, and no command of a terminal's is made of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the parts of what is printed."""
        for part in super().render(renderable, options):
            yield part if part.control else part._replace(text=part.text.translate(PICTURES))


def write(paper: Paper, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return a paper as plain text, and where its figures come from."""
    return plain(shown(paper), recorded)


def plain(content: RenderableType, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return what rich would print as plain text, and where its figures come from."""
    file = io.StringIO()
    TextConsole(file=file, width=WIDTH, color_system=None).print(content)
    text = "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"
    if said := mark(recorded):
        text = f"{said}\n{text}"
    if recorded:
        text += "\n" + "".join(f"{name}: {value}\n" for name, value in facts(recorded))
    return text.encode()


def shown(paper: Paper) -> RenderableType:
    """Return a paper as something that rich prints."""
    return Group(
        Text(paper.title, style="bold"),
        *(Running(f"- {headline}") for headline in paper.headlines),
        *(Running(text, f"{heading}: ") for heading, text in paper.about),
        *(part for block in paper.blocks for part in parts(block)),
        *map(Running, paper.notes),
    )


def empty_table() -> table.Table:
    """Return a table without columns, as all tables look."""
    return table.Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)


def parts(block: Block) -> Iterator[RenderableType]:
    """Yield a block as what rich prints below each other."""
    match block:
        case Heading(text):
            yield _heading(text)
        case Paragraph(text):
            yield Running(text)
        case Items(texts):
            yield from (Running(f"- {text}") for text in texts)
        case Blanks(names):
            yield from (Running(f"{name}: {'_' * LINE_TO_WRITE_ON}") for name in names)
        case Code(text, title):
            if title:
                yield _heading(title)
            yield Padding(Text(text), (0, 0, 0, 2))
        case Tree(root):
            yield Padding(Text(written_tree(root)), (0, 0, 0, 2))
        case Table():
            block = shortened(block)
            if block.title:
                yield _heading(block.title)
            yield _table(block)
            yield from map(Running, block.notes)


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _table(content: Table) -> table.Table:
    found = empty_table()
    for column in content.columns:
        found.add_column(column.heading, justify="left" if column.kind == TEXT else "right", overflow="fold")
    for row in written_rows(content):
        found.add_row(*map(Text, row))
    return found

"""The report of a comparison as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openfisca_bergen_hbt.provenance.record import KEY, as_text
from openfisca_bergen_hbt.report.document import Block, Document, Heading, Paragraph, Table, to_markdown
from openfisca_bergen_hbt.report.subjects.comparison import Report
from openfisca_bergen_hbt.report.tables import TEXT, DataTable, written


def write(report: Report, recorded: Mapping[str, Any]) -> bytes:
    """Return a report with the record of its run, which ``verify`` reads."""
    blocks: list[Block] = [Paragraph("\n".join(f"- {headline}" for headline in report.headlines))]
    blocks += [Paragraph(f"**{heading}.** {text}") for heading, text in report.about]
    for table in report.tables:
        blocks += [Heading(table.title), as_document_table(table), *map(Paragraph, table.notes)]
    return (to_markdown(Document(report.title, blocks)) + record_block(recorded)).encode()


def record_block(recorded: Mapping[str, Any]) -> str:
    """Return the record of a run as the end of a Markdown document, where ``verify`` finds it."""
    return f"\n## Kjøringen\n\n```json {KEY}\n{as_text(recorded)}```\n"


def as_document_table(table: DataTable) -> Table:
    """Return a table with its values as people read them."""
    rows = [[written(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
    numeric = [number for number, column in enumerate(table.columns) if column.kind != TEXT]
    return Table([column.heading for column in table.columns], rows, numeric)

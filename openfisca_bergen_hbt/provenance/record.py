"""The record of a run: what was run on what, and what came out, so that anyone can run it again and compare."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from openfisca_bergen_hbt.analysis.asking import Asked, Done, Kroner, Request
from openfisca_bergen_hbt.law.proposals import Proposal
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.provenance import hashes
from openfisca_bergen_hbt.provenance.amounts import packed, unpacked
from openfisca_bergen_hbt.provenance.format_1 import upgraded
from openfisca_bergen_hbt.text.language import AS_WRITTEN, _, spoken

FORMAT = 2
#: The name of what holds the record: an element of a page, a sheet, a key of Parquet's metadata, a block of Markdown.
KEY = "run-record"
#: What is added to the name of a file that can't hold a record itself, for the file beside it that does.
BESIDE = ".record.json"


class Head(msgspec.Struct):
    """What tells how the rest is to be read."""

    format: int


class Regulation(msgspec.Struct):
    """A regulation that was run: its decisions and proposals, and the hash of all that it is."""

    id: str
    title: str
    decisions: list[str]
    proposals: list[Proposal]
    hash: str
    readings: list[str] = []


class Law(msgspec.Struct):
    """The hashes of all numbers, of all rules, and of each decision."""

    parameters: str
    rules: str
    decisions: dict[str, str]


class Inputs(msgspec.Struct):
    """The hashes of what was run on, by part."""

    hashes: dict[str, str]


class Paths(Inputs):
    """The hashes of what was audited, by file, and the paths that it was found at."""

    paths: list[str]


class RecordedResult(msgspec.Struct):
    """What came out: the hash of all figures, and amounts to compare with."""

    hash: str
    #: Packed where they are many.
    kroner: Kroner | str


class RecordedRun(msgspec.Struct, kw_only=True):
    """What every record holds."""

    #: The question, or ``audit``.
    command: str
    format: int = FORMAT
    regulations: list[Regulation]
    law: Law
    software: dict[str, str]
    #: The language that the run was made in; a record that does not say it was made when there was only the code's.
    language: Literal["nb", "en", "as-written"] | UnsetType = UNSET
    date: str

    def spoken(self) -> str:
        """Return the language that the run was made in."""
        return AS_WRITTEN if self.language is UNSET else self.language


class Record(RecordedRun, kw_only=True):
    """The record of a question."""

    request: Request
    inputs: Inputs
    result: RecordedResult


class AuditRecord(RecordedRun, kw_only=True):
    """The record of an audit, with what came of the tests."""

    inputs: Paths
    result: dict[str, Any]


class FormatError(ValueError):
    """A record in the format of another version."""


def as_record(content: Any) -> Record | AuditRecord:
    """Return a record that JSON held, its amounts unpacked.

    Raises:
        FormatError: a record of another version of the package.
        msgspec.ValidationError: no record; the message says where and why.
    """
    found = msgspec.convert(content, Head).format
    if found == 1:
        return as_record(upgraded(content))
    if found != FORMAT:
        raise FormatError(
            _("the record is in format {found}, and this version reads format {own}: run it anew").format(
                found=found, own=FORMAT
            )
        )
    if "request" not in content:
        audited = msgspec.convert(content, AuditRecord)
        _check_day(audited.date)
        return audited
    recorded = msgspec.convert(content, Record)
    _check_day(recorded.date)
    recorded.result.kroner = unpacked(recorded.result.kroner)
    return recorded


def _check_day(text: str) -> None:
    """Refuse a record of a day that there is none of.

    Raises:
        msgspec.ValidationError: it is no day.
    """
    try:
        is_written_so = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_written_so = False
    if not is_written_so:
        message = _("'{text}' is no day, written as 2019-12-31 - at `$.date`")
        raise msgspec.ValidationError(message.format(text=text[:40]))


def record(asked: Asked, result: Any, done: Done = lambda: None) -> dict[str, Any]:
    """Return the record of a question's run, as JSON holds it."""
    assert asked.question.recorded  # noqa: S101 (who asks knows)
    figures = asked.question.recorded(result, done)
    every = figures.hashed
    hashed = hashes.hash_of(_rounded(every)) if isinstance(every, dict) else hashes.results(every)
    if figures.beside is not None:
        hashed = hashes.hash_of([hashed, _rounded(figures.beside)])
    return _as_json(
        Record(
            command=asked.question.name,
            request=asked.request,
            inputs=Inputs(_inputs(asked)),
            result=RecordedResult(hashed, packed(figures.kroner)),
            **_circumstances(asked.versions),
        )
    )


def without_result(asked: Asked) -> dict[str, Any]:
    """Return what the record of a question's run says of all but its result, as JSON holds it."""
    said = {"request": asked.request, "inputs": Inputs(_inputs(asked)), **_circumstances(asked.versions)}
    found: dict[str, Any] = msgspec.to_builtins(said)
    return found


def _inputs(asked: Asked) -> dict[str, str]:
    """Return the hashes of what was run on, of each of several years."""
    example, years = asked.request.population, asked.request.years
    if not asked.question.is_of_users:
        return {}
    found: dict[str, str] = {}
    for year in years or [asked.year]:
        mine = {"example": hashes.embedded(example, year)} if example else _of_users(asked, year)
        if asked.request.public:  # of two populations that show the same, it would tell which one it is
            mine.pop("users")
        found |= {f"{part} {year}": hashed for part, hashed in mine.items()} if years else mine
    return found


def _of_users(asked: Asked, year: int) -> dict[str, str]:
    """Return the hashes of users of one's own; of expected ones, of the months after those given, one by itself."""
    people, files = asked.people(year), asked.files
    if files is None or files.given == files.months:
        return hashes.population(people)
    known, expected = people.months_apart(files.given)
    return {**hashes.population(known), "expected": hashes.population(expected)["users"]}


def of_audit(versions: Iterable[Version], inputs: Paths, result: object, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of an audit of test cases."""
    found = {"hash": hashes.hash_of(_rounded(result)), **counts}
    return _as_json(AuditRecord(command="audit", inputs=inputs, result=found, **_circumstances(versions)))


class _With(NamedTuple):
    """What a run is said to be made with."""

    software: dict[str, str]
    law: Law


_made_with: ContextVar[_With | None] = ContextVar("made_with", default=None)


@contextmanager
def made_with(software: dict[str, str], law: Law) -> Iterator[None]:
    """Have records say, while this lasts, that they are made with some software and law: those of an earlier run."""
    before = _made_with.set(_With(software, law))
    try:
        yield
    finally:
        _made_with.reset(before)


def _as_json(run: RecordedRun) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(run)
    return found


def _circumstances(versions: Iterable[Version]) -> dict[str, Any]:
    """Return what every record says: the regulations, and with what they were run, and when."""
    with_what = _made_with.get()
    return {
        "regulations": [regulation(version) for version in versions],
        "law": with_what.law if with_what else Law(**hashes.law()),
        "software": with_what.software if with_what else hashes.software(),
        "language": spoken(),
        "date": datetime.now(tz=UTC).date().isoformat(),
    }


def _rounded(content: Any) -> Any:
    """Return content with its numbers to nine digits, as sums can differ in the last ones between machines."""
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_rounded(value) for value in content]
    return f"{content + 0.0:.9g}" if isinstance(content, float) else content


def regulation(version: Version) -> Regulation:
    """Return what a record says of a regulation."""
    decided, read = ([reform.id() for reform in reforms] for reforms in (version.decisions, version.readings))
    return Regulation(version.id, version.title, decided, list(version.proposals), hash_of(version), read)


def hash_of(version: Version) -> str:
    """Return the hash of all that a regulation is."""
    reforms = [reform.id() for reform in version.reforms]
    return hashes.regulation(reforms, msgspec.to_builtins(version.proposals))


def within_page(content: Mapping[str, Any]) -> str:
    """Return a record as it stands within an element of a page, which ends at the first ``</script``."""
    return as_text(content).replace("<", "\\u003c")


def as_text(content: Mapping[str, Any]) -> str:
    """Return a record as the text of a JSON file."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

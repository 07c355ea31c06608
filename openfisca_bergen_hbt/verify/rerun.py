"""A record read again, from the file that is or carries it; the regulations that it names; and what differs now."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from openfisca_bergen_hbt.analysis.asking import Done
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.law.proposals import checked_in_order
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version, with_proposals
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.provenance.amounts import unpacked
from openfisca_bergen_hbt.provenance.differences import Difference, of_inputs, of_law, of_software
from openfisca_bergen_hbt.provenance.record import BESIDE, KEY, AuditRecord, Record, Regulation
from openfisca_bergen_hbt.regelverk import applied_like_readings, decisions
from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.report.forms import outputs
from openfisca_bergen_hbt.report.forms.outputs import FORMS
from openfisca_bergen_hbt.text.language import _, made_in, marked, of_system, speaking
from openfisca_bergen_hbt.text.typed import of_msgspec
from openfisca_bergen_hbt.verify import in_hand

if TYPE_CHECKING:
    from openfisca_bergen_hbt.intake.microdata import Microdata
    from openfisca_bergen_hbt.intake.reading import InputFile


class RecordError(ValueError):
    """A file that is no record, or one that can't be run again."""


@dataclass(frozen=True)
class Deviation:
    """Something that is otherwise than recorded."""

    #: ``input``, ``law``, ``software``, ``result`` or ``file``.
    kind: str
    text: str


def record_in(file: InputFile) -> Record | AuditRecord:
    """Return the record that a file is or carries: JSON, HTML, Excel, Parquet, Markdown, XML, or beside it.

    Raises:
        RecordError: the file can't be read, carries no record, or one that this version does not read.
    """
    path: object = file.name
    try:
        if isinstance(file, Path):
            path, beside = file, file.with_name(file.name + BESIDE)
            file = beside if beside.exists() else file
        content = json.loads(_text(file))
        return record.as_record(content.get("record", content) if isinstance(content, dict) else content)
    except OSError as error:
        raise RecordError(_("'{path}' can't be read: {reason}.").format(path=path, reason=of_system(error))) from None
    except record.FormatError as error:
        raise RecordError(_("'{path}': {reason}.").format(path=path, reason=error)) from None
    except msgspec.ValidationError as error:
        raise RecordError(
            _("'{path}' is not a record, and carries none: {reason}.").format(path=path, reason=of_msgspec(error))
        ) from None
    except (ValueError, RecursionError):
        raise RecordError(_("'{path}' is not a record, and carries none.").format(path=path)) from None


def earlier_forecast(file: InputFile) -> dict[str, Any]:
    """Return the record of an earlier forecast, as JSON holds it (``forecast.since.Earlier``).

    Raises:
        RecordError: the file carries no record of a forecast.
    """
    found = record_in(file)
    if not isinstance(found, Record) or found.command != "forecast":
        message = _("'{path}' carries no record of a forecast.")
        raise RecordError(message.format(path=file if isinstance(file, Path) else file.name))
    content: dict[str, Any] = msgspec.to_builtins(found)
    return content


class Again(NamedTuple):
    """A run made again: its record, and what makes a file of it in a form, with a record."""

    record: dict[str, Any]
    forms: Sequence[str]
    make: in_hand.Make


def ask_again(
    recorded: Record,
    path: Path,
    users: Callable[[int], Population | Microdata] | None,
    begin: Callable[[int], Done],
) -> Again:
    """Return a recorded run made again, and what its file in hand is to be held against.

    Raises:
        ValueError: a question, a regulation or an example that this version does not have.
    """
    question = questions.question(recorded.request.question)
    if question.recorded is None:
        raise RecordError(_("Runs of {question} are not recorded.").format(question=question.name))
    # Each year has its own law, and a question's own options may say what is run.
    by_request = recorded.request.years or question.versions
    versions = None if by_request else recorded_versions(recorded.regulations)
    forms = in_hand.forms_of(path, question.forms)
    subject = questions.subject(question.name)

    def run() -> tuple[dict[str, Any], dict[str, Any]]:
        asked = prepare(question, recorded.request, users, versions=versions, begin=begin)
        result = question.run(asked)
        # Before the record, as when it was first written: what a paper rests on is what it asks for; a record asks all.
        with record.made_with(recorded.software, recorded.law):  # what a paper says of them is compared by itself
            contents = {form: outputs.content(form, subject, asked, result) for form in forms}
        return contents, record.record(asked, result)

    contents, now = made_in(recorded.spoken(), run)

    def make(form: str, held: Mapping[str, Any]) -> bytes:
        with speaking(recorded.spoken()):
            return outputs.write(form, contents[form], held)

    return Again(now, forms, make)


def _text(file: InputFile) -> str:
    """Return the text of a record within a file, or the whole text."""
    ending, held = PurePath(file.name).suffix.lower(), file.read_bytes()
    if ending == ".parquet":
        import polars

        try:
            return str(polars.read_parquet_metadata(io.BytesIO(held)).get(KEY, ""))
        except polars.exceptions.PolarsError as error:
            raise ValueError(error) from None
    if ending == ".xlsx":
        from openfisca_bergen_hbt.intake.office.grid import Odd
        from openfisca_bergen_hbt.intake.office.package import Package
        from openfisca_bergen_hbt.intake.office.xlsx import Xlsx

        try:
            _heading, parts = Xlsx(Package(held)).grid(KEY).columns[1]
        except LookupError as error:
            raise ValueError(error) from None
        return "".join(part.text if isinstance(part, Odd) else str(part) for part in parts)  # longer than cells may be
    text = io.TextIOWrapper(io.BytesIO(held), encoding="utf-8").read()  # which makes one of the kinds of line end
    pattern = next((form.record for form in FORMS.values() if ending in form.endings), "").format(key=KEY)
    match = re.search(pattern, text, flags=re.DOTALL) if pattern else None
    found = match[1] if match else text
    return html.unescape(found) if ending == ".xml" else found


def recorded_versions(regulations: Iterable[Regulation]) -> list[Version]:
    """Return the regulations of a record, made of the decisions and proposals that it names.

    Raises:
        RecordError: a decision or a number that this version of the law does not have.
    """
    known = {decision.id(): decision for decision in decisions()}
    known_readings = applied_like_readings()
    found = []
    for given in regulations:
        try:
            name = given.proposals[0].baseline or given.id if given.proposals else given.id
            read = tuple(known_readings[reading] for reading in given.readings)
            base = Version(name, tuple(known[decision] for decision in given.decisions), readings=read)
            proposals = checked_in_order(given.proposals, SYSTEMS.foundation())
            found.append((with_proposals(base, proposals) or [base])[-1])
        except KeyError as error:
            raise RecordError(
                _(
                    "The regulation '{regulation}' can't be made again: there is no decision or reading {reason}."
                ).format(regulation=given.id, reason=error)
            ) from None
        except ValueError as error:
            raise RecordError(
                _("The regulation '{regulation}' can't be made again: {reason}").format(
                    regulation=given.id, reason=error
                )
            ) from None
    return found


def differences(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> list[Deviation]:
    """Return what is otherwise than recorded: inputs, law, software, and each amount with how much it differs by."""
    found = [Deviation("input", _said_of_part(one.part)) for one in of_inputs(recorded, now)]
    found += [Deviation("law", _said_of_law(one)) for one in of_law(recorded, now)]
    found += [
        Deviation(
            "software",
            _("{name} {number} then, {now} now").format(name=one.part, number=one.then, now=one.now or _("none")),
        )
        for one in of_software(recorded, now)
    ]
    if "request" not in recorded and recorded["result"] != now["result"]:
        found += _counts(recorded["result"], now["result"])
    elif recorded["result"]["hash"] != now["result"]["hash"]:
        amounts = _amounts(*(unpacked(run["result"]["kroner"]) for run in (recorded, now)))
        other = Deviation(
            "result", _("a figure that is not in kroner, or a monthly one, differs; no amount of the year does")
        )
        found += amounts or [other]
    return found


def of_file(path: Path, again: Again, recorded: Mapping[str, Any], found: Iterable[Deviation]) -> list[Deviation]:
    """Return where a file in hand is another than the run writes, beside what is known to differ of the run itself."""
    held = in_hand.as_then(again.record, recorded, law_is_another=any(one.kind == "law" for one in found))
    if again.forms:
        places = in_hand.differences(path, again.forms, again.make, held)
    else:
        places = in_hand.differences_of_record(_text(path), held)
    return [Deviation("file", place) for place in places]


#: What is said of a part of the inputs that is another.
OTHER_INPUTS = {
    "example": marked("the example is other than recorded"),
    "users": marked("the users are other than recorded"),
    "units": marked("the units are other than recorded"),
    "frames": marked("the frames are other than recorded"),
    "extra": marked("the extra money is other than recorded"),
    "expected": marked("the expected users are other than recorded"),
}
OF_YEAR = {
    "example": marked("the example of {year} is other than recorded"),
    "users": marked("the users of {year} are other than recorded"),
    "units": marked("the units of {year} are other than recorded"),
    "frames": marked("the frames of {year} are other than recorded"),
    "extra": marked("the extra money of {year} is other than recorded"),
    "expected": marked("the expected users of {year} are other than recorded"),
}


def _said_of_part(name: str) -> str:
    """Return that a part of the inputs is another: ``users``, those of a year (``users 2019``), or a file."""
    part, _space, year = name.partition(" ")
    if part not in OTHER_INPUTS or (year and not year.isdigit()):
        return _("the file {name} is other than recorded").format(name=name)
    return _(OF_YEAR[part]).format(year=year) if year else _(OTHER_INPUTS[part])


COUNTED = {
    "held": marked("{now} tests held, and {then} then"),
    "failed": marked("{now} tests failed, and {then} then"),
    "refused": marked("{now} tests refused, and {then} then"),
}


def _counts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Deviation]:
    """Return what came of the tests, where it is another."""
    changed = [key for key in COUNTED if before.get(key) != after.get(key)]
    found = [Deviation("result", _(COUNTED[key]).format(now=after.get(key), then=before.get(key))) for key in changed]
    other = Deviation("result", _("a value of a test is another; as many tests held"))
    return found or ([other] if before["hash"] != after["hash"] else [])


def _said_of_law(found: Difference) -> str:
    if found.kind == "parameters":
        return _("the parameters have changed")
    if found.kind == "rules":
        return _("the rules have changed")
    return _("the decision {name} has changed, come or gone").format(name=found.part)


def _amounts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Deviation]:
    """Return the amounts that differ, the largest differences first."""
    found = []
    for regulation in dict.fromkeys([*before, *after]):
        then, now = _flat(before.get(regulation, {})), _flat(after.get(regulation, {}))
        for key in dict.fromkeys([*then, *now]):
            one, other = then.get(key), now.get(key)
            if one != other:
                change = "" if one is None or other is None else f" ({other - one:+,})".replace(",", " ")
                said = _("{regulation}, {name}, {variable}: {then} then, {now} now{change}").format(
                    regulation=regulation, name=key[0], variable=key[1], then=_kr(one), now=_kr(other), change=change
                )
                found.append((abs((other or 0) - (one or 0)), Deviation("result", said)))
    return [difference for _size, difference in sorted(found, key=lambda pair: -pair[0])]


def _flat(by_name: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], int]:
    return {(name, variable): value for name, values in by_name.items() for variable, value in values.items()}


def _kr(amount: int | None) -> str:
    return _("nothing") if amount is None else f"{amount:,} kr".replace(",", " ")

"""What an analyst chooses on the page: year, regulations and numbers, read from the address and written to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import FIRST_YEAR, LAST_YEAR, Request
from openfisca_bergen_hbt.law import versions
from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalError, checked
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.regelverk import FOUNDATION, FOUNDATION_DAY, chosen_readings, decisions, readings
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.web.api.regulations import MOST_REGULATIONS

#: How the names of the fields of numbers begin.
NUMBER = "tall."
#: Numbers that may be moved besides the assumed ones: the bounds of the categories.
BOUNDS = tuple(f"kategorimodell.nedre_grense.kategori_{number}" for number in range(2, 7))
TITLE = "Egne tall"
#: The longest name of a sheet.
LONGEST_SHEET = 100
#: The first and the last year that the regulation has.
LIMITS = (FIRST_YEAR, LAST_YEAR)


@dataclass(frozen=True)
class Number:
    """A number that can be moved."""

    name: str
    label: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    interpretation: str
    #: What the analyst chose, as she wrote it; the law's own value where she did not.
    chosen: str
    changed: bool
    outside: bool


@dataclass
class Choice:
    """A choice, with what is wrong with it."""

    year: int = embedded.PUBLISHED_YEARS[-1]
    example: str = "publisert"
    regulations: list[str] = field(default_factory=lambda: [FOUNDATION, versions.in_force().id])
    date: str = ""
    without: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    numbers: dict[str, float] = field(default_factory=dict)
    frame: str = ""
    #: The sheet of the users' workbook, and the units that look like sums, with a semicolon between them.
    sheet: str = ""
    keep: str = ""
    written: dict[str, str] = field(default_factory=dict)
    #: What is wrong, by field.
    errors: dict[str, str] = field(default_factory=dict)

    def query(self, **more: str) -> str:
        """Return the choice as the query of an address, without what is as it is by default."""
        usual = Choice()
        pairs: list[tuple[str, str]] = []
        if self.year != usual.year:
            pairs.append(("aar", str(self.year)))
        if self.example != usual.example:
            pairs.append(("eksempel", self.example))
        if self.regulations != usual.regulations or self.date:
            pairs += [("regelverk", name) for name in self.regulations]
        pairs += [("dato", self.date)] if self.date else []
        pairs += [("uten", name) for name in self.without]
        pairs += [("lesning", name) for name in self.readings]
        pairs += [(NUMBER + name, f"{value:.12g}") for name, value in sorted(self.numbers.items())]
        return urlencode([*pairs, *more.items()])


def choice_in(fields: Any) -> Choice:
    """Return the choice that the fields of a form, or the query of an address, hold.

    Args:
        fields: names with one or more values each (``werkzeug.MultiDict``).
    """
    found = Choice()
    _year(found, fields.get("aar", ""))
    if (example := fields.get("eksempel", "")) in embedded.EXAMPLES:
        found.example = example
    elif example:
        found.errors["eksempel"] = f"Det er ikke noe eksempel «{example[:40]}»."
    if named := fields.getlist("regelverk"):
        found.regulations = list(dict.fromkeys(named))[:MOST_REGULATIONS]
    found.date = fields.get("dato", "").strip()[:10]
    found.without = list(dict.fromkeys(fields.getlist("uten")))[:MOST_REGULATIONS]
    found.readings = list(dict.fromkeys(fields.getlist("lesning")))[: len(readings())]
    found.frame = fields.get("ramme", "").strip()[:30]
    found.sheet = fields.get("ark", "").strip()[:LONGEST_SHEET]
    found.keep = fields.get("behold", "").strip()[:1000]
    law = SYSTEMS.foundation()
    for name, text in fields.items():
        if name.startswith(NUMBER) and text.strip():
            _number(found, name.removeprefix(NUMBER), text.strip()[:40], law)
    return found


def _year(found: Choice, text: str) -> None:
    if not text:
        return
    first, last = LIMITS
    if text.isascii() and text.isdigit() and first <= int(text[:6]) <= last:
        found.year = int(text)
    else:
        found.errors["aar"] = f"Året er et helt tall fra {first} til {last}."


def _number(found: Choice, name: str, text: str, law: Any) -> None:
    found.written[name] = text
    try:
        parameter = names.find_parameter(law, name)
        value = float(text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", "."))
    except names.UnknownNameError:
        found.errors[NUMBER + name] = f"Det er ikke noe tall «{name[:60]}»."
        return
    except ValueError:
        found.errors[NUMBER + name] = f"«{text}» er ikke et tall."
        return
    usual = parameter.get_at_instant(_moved_from(parameter, found.year).isoformat())
    if usual is None or abs(value - usual) > 1e-12 * max(1.0, abs(usual)):
        found.numbers[name] = value


def _moved_from(parameter: Any, year: int) -> date:
    """Return the day from which a number is moved: the year's first, or the first on which the law has the number."""
    return max(date(year, 1, 1), date.fromisoformat(parameter.values_list[-1].instant_str))


def request(choice: Choice) -> Request:
    """Return what a choice asks for; what is wrong with its regulations goes among its errors."""
    named, without = [*choice.regulations, *([choice.date] if choice.date else [])], choice.without
    try:
        versions.versions(named, without)
    except ValueError as error:
        choice.errors["regelverk"] = str(error)
        named, without = Choice().regulations, []
    read = choice.readings
    try:
        chosen_readings(read)
    except ValueError as error:
        choice.errors["lesning"] = str(error)
        read = []
    proposal = own_numbers(choice)
    return Request(
        question="compare",
        year=choice.year,
        regulations=tuple(named),
        without=tuple(without),
        readings=tuple(read),
        proposals=(proposal,) if proposal else (),
        population=choice.example,
    )


def own_numbers(choice: Choice) -> Proposal | None:
    """Return the numbers that were moved as a proposal; None, and an error, where the law can't take them."""
    law = SYSTEMS.foundation()
    changes = {
        name: Change(name, _moved_from(names.find_parameter(law, name), choice.year), value)
        for name, value in sorted(choice.numbers.items())
    }
    while changes:
        try:
            places = [NUMBER + name for name in changes]
            return checked(Proposal("egne-tall", TITLE, tuple(changes.values())), law, places)
        except ProposalError as error:  # the others are shown all the same; bounds out of order make none
            place, _, choice.errors[place] = str(error).partition(": ")
            name = place.removeprefix(NUMBER)
            changes = {} if name in BOUNDS else {other: changes[other] for other in changes if other != name}
    return None


def movable(choice: Choice) -> list[tuple[str, list[Number]]]:
    """Return the numbers that can be moved, under headings."""
    law = SYSTEMS.foundation()
    under: dict[str, list[Number]] = {}
    for parameter in names.parameters(law):
        if parameter.metadata["basis"] == "assumption" or parameter.name in BOUNDS:
            heading = law.parameters.children[parameter.name.split(".")[0]].description or parameter.name
            under.setdefault(heading, []).append(_movable(parameter, choice))
    return list(under.items())


def plain(value: float) -> str:
    """Return a number as it is written in a field: with a decimal comma, and no more digits than it has."""
    return f"{value:.12g}".replace(".", ",")


def _movable(parameter: Any, choice: Choice) -> Number:
    metadata = parameter.metadata
    unit = data.units()[metadata["unit"]]
    value = float(parameter.values_list[0].value)
    low, high = metadata.get("range") or (unit.get("minimum", 0), unit.get("maximum", 1e12))
    return Number(
        name=parameter.name,
        label=parameter.description,
        value=value,
        unit=unit["label"],
        low=float(low),
        high=float(high),
        source="; ".join(reference["place"] for reference in metadata["reference"]),
        interpretation=metadata.get("interpretation", ""),
        chosen=choice.written.get(parameter.name, plain(value)),
        changed=parameter.name in choice.numbers,
        outside=not low <= choice.numbers.get(parameter.name, value) <= high,
    )


def as_yaml(choice: Choice, proposal: Proposal, baseline: str) -> str:
    """Return the numbers that were moved as a proposal's file, which ``compare --proposal`` takes."""
    lines = [
        "# Laget på siden. Kjør det med: bergen-hbt compare --proposal FIL",
        f"title: {TITLE} ({choice.year})",
        "author: Navn",
        "reference: Hvor forslaget står",
        f"baseline: {baseline}",
        "changes:",
    ]
    for change in proposal.changes:
        lines += [
            f"  - parameter: {change.parameter}",
            f"    from: {change.start.isoformat()}",
            f"    value: {change.value:.12f}".rstrip("0").rstrip("."),
        ]
    return "\n".join(lines) + "\n"


def shown_readings(choice: Choice) -> Sequence[Mapping[str, Any]]:
    """Return the rival readings of the text in order, each with whether it is chosen."""
    return [
        {
            "id": reading.id(),
            "title": reading.title,
            "about": f"{reading.replaces}. For: {reading.case_for} Mot: {reading.case_against}",
            "chosen": reading.id() in choice.readings,
        }
        for reading in readings()
    ]


def shown_timeline(choice: Choice) -> Sequence[Mapping[str, Any]]:
    """Return the foundation and the decisions in order, each with whether it is chosen."""
    when, about = str(FOUNDATION_DAY.year), "Pengene følger vedtakstimene"
    first = {"id": FOUNDATION, "title": "Grunnregelverket", "when": when, "about": about}
    rows = [first] + [{"id": d.id(), "title": d.title, "when": d.adopted, "about": d.decided_by} for d in decisions()]
    return [{**row, "chosen": row["id"] in choice.regulations, "left_out": row["id"] in choice.without} for row in rows]

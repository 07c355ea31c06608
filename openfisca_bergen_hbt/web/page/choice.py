"""What an analyst chooses on the page: year, regulations and numbers, read from the address and written to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any
from urllib.parse import urlencode

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import FIRST_YEAR, LAST_YEAR, Request
from openfisca_bergen_hbt.law import versions
from openfisca_bergen_hbt.law.bounds import out_of_bounds
from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalError, changing
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.values import SHARE, NoNumberError, beyond_doubt, read_value, written
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.regelverk import FOUNDATION, FOUNDATION_DAY, chosen_readings, decisions, readings
from openfisca_bergen_hbt.report.parts.rules_and_numbers import places
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import AS_WRITTEN, ENGLISH, LANGUAGES, NORWEGIAN, _, say, spoken, to_say
from openfisca_bergen_hbt.text.numbers import plain
from openfisca_bergen_hbt.web.api.errors import RequestError
from openfisca_bergen_hbt.web.api.regulations import MOST_REGULATIONS
from openfisca_bergen_hbt.web.page.language import KEY
from openfisca_bergen_hbt.web.page.sent_files import COLUMN, FIELDS, OF_FILES, told_in

#: How the names of the fields of numbers begin.
NUMBER = "tall."
#: Fields that hold one value each, and those that may hold several.
ONE, SEVERAL = (
    ("aar", "til", "eksempel", "dato", "spenn", "mot", *OF_FILES),
    ("regelverk", "uten", "lesning", "s", KEY),
)
#: Numbers that may be moved besides the assumed ones: the bounds of the categories.
BOUNDS = tuple(f"kategorimodell.nedre_grense.kategori_{number}" for number in range(2, 7))
TITLE = to_say("Egne tall")
#: What stands before the decimals of a number in a field.
DECIMAL_MARK = {NORWEGIAN: ",", ENGLISH: ".", AS_WRITTEN: ","}
#: The kinds of numbers that can be moved, what is said of them, and on what basis they are.
KINDS_OF_NUMBERS = (
    (
        to_say("Antatte tall"),
        to_say("Kildene oppgir ikke disse. Siste regelverk regnes med dine tall, mot det samme uten."),
        "assumption",
    ),
    (to_say("Vedtatte grenser"), to_say("Disse er vedtatt. Flytt dem for å prøve et forslag."), "adopted"),
)
#: How many steps a slider has at the least.
LEAST_STEPS = 40
#: How many draws the bands of the page are made of: enough for ends that are judgements.
SAMPLES = 256
#: The first and the last year that the regulation has.
LIMITS = (FIRST_YEAR, LAST_YEAR)


@dataclass(frozen=True)
class Number:
    """A number that can be moved."""

    name: str
    label: str
    value: float
    #: The unit that stands behind its field; none where it stands within.
    unit: str
    low: float
    high: float
    #: How far a slider moves it at a time: so that it reaches the law's own value, and both ends.
    step: float
    #: The law's value and the ends, as they are read.
    usual: str
    lowest: str
    highest: str
    in_per_cent: bool
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
    #: The last of several years, each under its own law; None for the one.
    until: int | None = None
    example: str = "publisert"
    regulations: list[str] = field(default_factory=lambda: [FOUNDATION, versions.in_force().id])
    date: str = ""
    without: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    numbers: dict[str, float] = field(default_factory=dict)
    #: What is said of files that are sent, by field.
    of_files: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    #: Whether bands stand below the figures, and statements are tested.
    bands: bool = False
    #: The scenarios that she has saved, as an address has them, and the one that the others are measured against.
    scenarios: list[str] = field(default_factory=list)
    against: str = ""
    #: The language of messages and errors.
    language: str = NORWEGIAN
    #: What is wrong, by field.
    errors: dict[str, str] = field(default_factory=dict)

    def query(self, **more: str) -> str:
        """Return the choice as the query of an address, without what is as it is by default."""
        usual = Choice()
        pairs: list[tuple[str, str]] = []
        if self.year != usual.year:
            pairs.append(("aar", str(self.year)))
        pairs += [("til", str(self.until))] if self.until else []
        if self.example != usual.example:
            pairs.append(("eksempel", self.example))
        if self.regulations != usual.regulations or self.date:
            pairs += [("regelverk", name) for name in self.regulations or [""]]
        pairs += [("dato", self.date)] if self.date else []
        pairs += [("uten", name) for name in self.without]
        pairs += [("lesning", name) for name in self.readings]
        pairs += [(NUMBER + name, beyond_doubt(value)) for name, value in sorted(self.numbers.items())]
        pairs += [("spenn", "1")] if self.bands else []
        pairs += [("s", text) for text in self.scenarios]
        pairs += [("mot", self.against)] if self.against else []
        pairs += [(KEY, self.language)] if self.language != usual.language else []
        return urlencode([*pairs, *more.items()], safe="=@")


def samples(choice: Choice) -> dict[str, int]:
    """Return what a question is asked of the bands of a choice."""
    return {"samples": SAMPLES} if choice.bands else {}


def choice_in(fields: Any, also: Sequence[str] = ()) -> Choice:
    """Return the choice that the fields of a form, or the query of an address, hold, with all that is wrong with it.

    Args:
        fields: names with one or more values each (``werkzeug.MultiDict``).
        also: fields that there may be besides, which are no part of the choice.
    """
    found = Choice()
    _known(found, fields, also)
    if "aar" in fields:
        found.year = _year(found, "aar", fields["aar"].strip()) or found.year
    if fields.get("til", "").strip():
        found.until = _year(found, "til", fields["til"].strip(), found.year + 1)
    if (example := fields.get("eksempel", found.example)) in embedded.EXAMPLES:
        found.example = example
    else:
        found.errors["eksempel"] = _("There is no example '{name}'.").format(name=example[:40])
    found.date = fields.get("dato", "").strip()
    if "regelverk" in fields:  # an empty one stands for a form in which none is ticked
        found.regulations = list(filter(None, fields.getlist("regelverk")))
    if not 1 <= len(found.regulations) + bool(found.date) <= MOST_REGULATIONS:
        found.errors["regelverk"] = _("Choose from 1 to {most} regulations.").format(most=MOST_REGULATIONS)
    found.without = fields.getlist("uten")
    found.readings = fields.getlist("lesning")
    found.of_files = told_in(fields)
    found.bands = fields.get("spenn", "") != ""
    found.scenarios = list(filter(None, fields.getlist("s")))
    found.against = fields.get("mot", "").strip()
    if found.bands and (found.until or fields["spenn"] != "1"):
        found.errors["spenn"] = _("Bands are worked out for one year at a time: spenn=1, without a last year.")
    found.language = _language(found, fields.getlist(KEY))
    law = SYSTEMS.foundation()
    for name, text in fields.items():
        if name.startswith(NUMBER):
            _number(found, name.removeprefix(NUMBER), text.strip(), law)
    return found


def _language(found: Choice, given: Sequence[str]) -> str:
    """Return the language that fields name, the address and the form alike; Norwegian where they name none."""
    for name in given:
        if name not in LANGUAGES:
            found.errors[KEY] = _("There is no language '{name}': lang=nb or lang=en.").format(name=name[:40])
    return NORWEGIAN if KEY in found.errors or not given else given[0]


def _known(found: Choice, fields: Any, also: Sequence[str]) -> None:
    """Note fields that there are none of, that stand twice, or that name a file that was not sent."""
    for name, values in fields.lists():
        if name in FIELDS and any(values):
            message = _("'{file}' was not sent. Attach the file, and choose «Regn ut på egne data».")
            found.errors[name] = message.format(file=values[0][:60])
        elif not (name in (*ONE, *SEVERAL, *FIELDS, *also) or name.startswith((NUMBER, COLUMN))):
            found.errors[name] = _("There is no field '{name}'.").format(name=name[:60])
        elif len(values) > 1 and name not in SEVERAL:
            message = _("The field '{name}' is sent {times} times. Send it once.")
            found.errors[name] = message.format(name=name[:60], times=len(values))


def _year(found: Choice, name: str, text: str, first: int = LIMITS[0]) -> int | None:
    """Return the year in a field; None, and an error, where it holds none."""
    last = LIMITS[1]
    if re.fullmatch("[0-9]{4}", text) and first <= int(text) <= last:
        return int(text)
    found.errors[name] = _("The year is a whole number from {first} to {last}.").format(first=first, last=last)
    return None


def _number(found: Choice, name: str, text: str, law: Any) -> None:
    try:
        parameter = names.find_parameter(law, name)
    except names.UnknownNameError:
        found.errors[NUMBER + name] = _("There is no number '{name}'.").format(name=name[:60])
        return
    if not text:
        return
    found.written[name] = text
    try:
        value = read_value(text, parameter)
    except NoNumberError:
        found.errors[NUMBER + name] = _("'{text}' is not a number.").format(text=text[:60])
    except ValueError as error:
        found.errors[NUMBER + name] = str(error)
    else:
        if out_of_bounds(parameter, value):
            unit = data.units()[parameter.metadata["unit"]]
            low, high = (in_field(unit[end], parameter.metadata["unit"]) for end in ("minimum", "maximum"))
            message = _("'{text}' is outside what the number can be: from {low} to {high}.")
            found.errors[NUMBER + name] = message.format(text=text[:60], low=low, high=high)
        elif value != parameter.get_at_instant(_moved_from(parameter, found.year).isoformat()):
            found.numbers[name] = value


def _moved_from(parameter: Any, year: int) -> date:
    """Return the day from which a number is moved: the year's first, or the first on which the law has the number."""
    return max(date(year, 1, 1), date.fromisoformat(parameter.values_list[-1].instant_str))


def request(choice: Choice) -> Request:
    """Return what a choice asks for.

    Raises:
        RequestError: some of it can't be used. All that is wrong stands among the choice's errors, by field.
    """
    named = [*choice.regulations, *([choice.date] if choice.date else [])]
    for name, find in (
        ("regelverk", lambda: versions.versions(named, choice.without)),
        ("lesning", lambda: chosen_readings(choice.readings)),
    ):
        try:
            find()
        except ValueError as error:
            choice.errors.setdefault(name, str(error))
    proposal = own_numbers(choice)
    if choice.errors:
        raise RequestError(" ".join(choice.errors.values()))
    return Request(
        question="compare",
        options=samples(choice),
        year=choice.year,
        years=tuple(range(choice.year, choice.until + 1)) if choice.until else (),
        regulations=() if choice.until else tuple(named),
        without=tuple(choice.without),
        readings=tuple(choice.readings),
        proposals=(proposal,) if proposal else (),
        population=choice.example,
    )


def own_numbers(choice: Choice) -> Proposal | None:
    """Return the numbers that were moved as a proposal; None, and an error, where the law can't take them."""
    proposal, errors = _proposal_of(choice.year, tuple(sorted(choice.numbers.items())), spoken())
    choice.errors.update(errors)
    return proposal


@lru_cache(maxsize=64)
def _proposal_of(
    year: int, numbers: tuple[tuple[str, float], ...], _language: str
) -> tuple[Proposal | None, dict[str, str]]:
    """Return numbers as a proposal, and what is wrong by field: found out once, as all parameters are copied for it."""
    law, errors = SYSTEMS.foundation(), dict[str, str]()
    changes = {name: Change(name, _moved_from(names.find_parameter(law, name), year), value) for name, value in numbers}
    while changes:
        try:
            places = [NUMBER + name for name in changes]
            return changing("egne-tall", list(changes.values()), law, places, f"{say(TITLE)}:"), errors
        except ProposalError as error:  # the others are looked at, too, but for bounds out of order
            place, _colon, errors[place] = str(error).partition(": ")
            name = place.removeprefix(NUMBER)
            changes = {} if name in BOUNDS else {other: changes[other] for other in changes if other != name}
    return None, errors


def movable(choice: Choice) -> list[tuple[str, str, list[tuple[str, list[Number]]]]]:
    """Return the numbers that can be moved: the assumed and the adopted ones, each with what is said of them.

    Those of one kind stand under the headings of the law.
    """
    law = SYSTEMS.foundation()
    found = []
    for title, about, basis in KINDS_OF_NUMBERS:
        under: dict[str, list[Number]] = {}
        for parameter in names.parameters(law.parameters):
            if parameter.metadata["basis"] == basis and (basis == "assumption" or parameter.name in BOUNDS):
                heading = law.parameters.children[parameter.name.split(".")[0]].description
                under.setdefault(say(heading) if heading else parameter.name, []).append(_movable(parameter, choice))
        found.append((say(title), say(about), list(under.items())))
    return found


def in_field(value: float, unit: str = "") -> str:
    """Return a number as it is written in a field: with the language's decimal mark, and a share in per cent."""
    return written(value, unit) if unit == SHARE else beyond_doubt(value).replace(".", DECIMAL_MARK[spoken()])


def step(low: float, high: float, value: float) -> float:
    """Return how far a number is moved at a time: the largest round step that reaches the ends and its value.

    There are ``LEAST_STEPS`` steps or more, so that it can be moved at all.
    """
    ends = [Decimal(repr(number)) for number in (low, high, value)]
    for exponent, times in product(range(9, -7, -1), map(Decimal, ("5", "2.5", "1"))):
        size = times * Decimal(10) ** exponent
        if size * LEAST_STEPS <= ends[1] - ends[0] and not any(number % size for number in ends):
            return float(size)
    return (high - low) / 100


def _movable(parameter: Any, choice: Choice) -> Number:
    metadata = parameter.metadata
    unit = data.units()[metadata["unit"]]
    value = float(parameter.values_list[0].value)
    low, high = map(float, metadata.get("range") or (unit.get("minimum", 0), unit.get("maximum", 1e12)))
    share = metadata["unit"] == SHARE
    usual, lowest, highest = (in_field(number, metadata["unit"]) for number in (value, low, high))
    return Number(
        name=parameter.name,
        label=say(parameter.description),
        value=value,
        unit="" if share else say(unit["label"]),
        low=low,
        high=high,
        step=step(low, high, value),
        usual=usual,
        lowest=lowest,
        highest=highest,
        in_per_cent=share,
        source=places(metadata["reference"]),
        interpretation=metadata.get("interpretation", ""),
        chosen=choice.written.get(parameter.name, usual),
        changed=parameter.name in choice.numbers,
        outside=not low <= choice.numbers.get(parameter.name, value) <= high,
    )


def as_yaml(choice: Choice, proposal: Proposal, baseline: str) -> str:
    """Return the numbers that were moved as a proposal's file, which ``compare --proposal`` takes."""
    lines = [
        f"# {say('Laget på siden. Kjør det med: {command}').format(command='bergen-hbt compare --proposal FIL')}",
        f"title: {say(TITLE)} ({choice.year})",
        f"author: {say('Navn')}",
        f"reference: {say('Hvor forslaget står')}",
        f"baseline: {baseline}",
        "changes:",
    ]
    for change in proposal.changes:
        lines += [
            f"  - parameter: {change.parameter}",
            f"    from: {change.start.isoformat()}",
            f"    value: {plain(change.value)}",
        ]
    return "\n".join(lines) + "\n"


def shown_readings(choice: Choice) -> Sequence[Mapping[str, Any]]:
    """Return the rival readings of the text in order, each with whether it is chosen."""
    return [
        {
            "id": reading.id(),
            "title": say(reading.title),
            "about": say("{id}. For: {case_for} Mot: {case_against}").format(
                id=reading.replaces, case_for=say(reading.case_for), case_against=say(reading.case_against)
            ),
            "chosen": reading.id() in choice.readings,
        }
        for reading in readings()
    ]


def shown_timeline(choice: Choice) -> Sequence[Mapping[str, Any]]:
    """Return the foundation and the decisions in order, each with whether it is chosen."""
    when, about = str(FOUNDATION_DAY.year), say("Pengene følger vedtakstimene")
    first = {"id": FOUNDATION, "title": say("Grunnregelverket"), "when": when, "about": about}
    rows = [first] + [
        {"id": d.id(), "title": say(d.title), "when": d.adopted, "about": say(d.decided_by)} for d in decisions()
    ]
    return [{**row, "chosen": row["id"] in choice.regulations, "left_out": row["id"] in choice.without} for row in rows]

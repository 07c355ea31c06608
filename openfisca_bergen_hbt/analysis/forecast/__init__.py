"""``forecast``: where the year ends, of months that are given and a stated method for the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import msgspec
import numpy
from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import (
    MOST_SAMPLES,
    SEED,
    Asked,
    Done,
    Figures,
    FlowTexts,
    Question,
    as_recorded,
)
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.flows.counting import MONTHS, categories_by_month, refuse_without_categories
from openfisca_bergen_hbt.analysis.flows.months_given import months_given
from openfisca_bergen_hbt.analysis.flows.what_if import asked_with, read_flows
from openfisca_bergen_hbt.analysis.forecast.accounts import Accounts, accounts, cost_by_month
from openfisca_bergen_hbt.analysis.forecast.figures import (
    GIVEN_BY_ETAT,
    NOT_SHOWN,
    OF_ETAT,
    OfEtat,
    Spread,
    course,
    joined,
    of_etat,
    shown_of_etat,
    spread,
)
from openfisca_bergen_hbt.analysis.forecast.paths import Draw, drawn_of_expected, matrix_of
from openfisca_bergen_hbt.analysis.forecast.since import Change, Earlier, changes
from openfisca_bergen_hbt.analysis.forecast.sums import refuse_what_paths_lack, with_counts
from openfisca_bergen_hbt.analysis.sensitivity.draws import chunks
from openfisca_bergen_hbt.population import Population, held_after
from openfisca_bergen_hbt.privacy.suppression import HeldBack, held_back
from openfisca_bergen_hbt.rules.money import MOST_KRONER
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.rules.stages.sums import Sums
from openfisca_bergen_hbt.rules.stages.sums import counts as counts_of
from openfisca_bergen_hbt.simulate import simulate, simulate_units, sums_of_units, year_period
from openfisca_bergen_hbt.text.language import _, marked, say

if TYPE_CHECKING:
    from openfisca_bergen_hbt.intake.microdata import Microdata

#: The ways to fill the rest of the year.
HELD, TREND, EXPECTED = METHODS = ("held", "trend", "expected")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known, and how the rest of the year is filled."""

    months: Annotated[
        Annotated[int, Meta(ge=1, le=MONTHS)] | None,
        Meta(
            description=marked("How many months are fact, from January. Default: those that the data have."),
            extra={"metavar": "COUNT"},
        ),
    ] = None
    method: Annotated[
        Literal["held", "trend", "expected"] | None,
        Meta(
            description=marked(
                "The rest of the year: the last month held; the trend, by the transition matrix of the months "
                "given; or expected users, who stand in the data's later months (or in the file of --expected). "
                "Default: trend, or expected where there is such a file."
            )
        ),
    ] = None
    samples: Annotated[
        int, Meta(ge=0, le=MOST_SAMPLES, description=marked("How many paths are drawn for the bands."))
    ] = 200
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1, description=marked("The seed of the draws."))] = SEED
    flow: FlowTexts = ()
    accounts: Annotated[
        dict[str, dict[str, Annotated[int, Meta(ge=-int(MOST_KRONER), le=int(MOST_KRONER))]]] | None,
        Meta(
            description=marked(
                "What each unit cost in each month: a file with the columns 'enhet', 'maaned' and 'kroner'."
            ),
            extra={
                "metavar": "FILE",
                "reads": "accounts",
                "fault": marked(
                    "'accounts' is an object: a unit, and in it a month such as 2021-03 with whole kroner."
                ),
            },
        ),
    ] = None
    since: Annotated[
        Earlier | None,
        Meta(
            description=marked("An earlier forecast, by its record or a file that carries it: what has changed since."),
            extra={
                "metavar": "FILE",
                "reads": "record",
                "fault": marked("'since' is the record of an earlier forecast."),
            },
        ),
    ] = None


@dataclass(frozen=True)
class Forecast:
    """Where the year ends."""

    year: int
    #: The title of the regulation, its id, and what the users are.
    regulation: str
    regulation_id: str
    population: str
    #: How many months are given, how the others are filled, and what is asked of flows.
    months: int
    method: str
    flows: tuple[str, ...]
    #: How many paths were drawn, with which seed.
    samples: int
    seed: int
    #: What each unit is given by the end of the year, and all of them.
    units: dict[str, Spread]
    in_all: Spread
    etater: dict[str, OfEtat]
    accounts: Accounts | None
    #: What has changed since an earlier forecast; None where none is given.
    changed: list[Change] | None
    earlier: Earlier | None
    #: What was asked, from which all else that has changed is told; None where no earlier one is given.
    asked: Asked | None = field(default=None, compare=False, repr=False)

    def figures(self) -> dict[str, Any]:
        """Return all that was found, as JSON can hold it."""
        found = as_recorded(replace(self, asked=None))
        return {name: value for name, value in found.items() if name not in ("asked", "earlier")}


def _run(asked: Asked) -> Forecast:
    options, year = asked.options, asked.year
    refuse_without_categories(asked.version)
    given, method = options.months, options.method
    if method == EXPECTED and asked.files and asked.files.months < MONTHS:
        message = _("There are no expected users for {month}. Give them to December, with --expected.")
        raise ValueError(message.format(month=f"{year}-{asked.files.months + 1:02}"))
    flows = read_flows(options.flow)
    if flows and method == HELD:
        raise ValueError(_("Flows turn how many go from one category to another: give --method trend or expected."))
    own = asked_with(asked, options.flow, after=given) if method == EXPECTED else asked
    make = own.population.made_for
    people = replace(make(own.system), made_for=None) if make else own.population
    if method != EXPECTED:
        people = _held(people, given)
    results = simulate(people, own.system, year)
    categories = categories_by_month(results)
    sums = sums_of_units(people, own.system, year, real_users=asked.suppression)
    expected, draw = sums, None
    if method != HELD:
        refuse_what_paths_lack(sums, year)
        last = sums[counts_of.__name__, months(year_period(year))[given - 1]]
        if method == TREND:
            matrix = matrix_of(people, categories[:given], flows)
            rest = list(matrix.expected(last.astype(numpy.float64), MONTHS - given))
            expected = with_counts(people, sums, year, {given + 1 + n: of[None] for n, of in enumerate(rest)})
            draw = matrix.drawn(last, MONTHS - given)
        else:
            draw = drawn_of_expected(people, categories, given)
    return _forecast(own, _Ways(people, given, method, sums, expected, draw))


class _Ways(NamedTuple):
    """How the year may go: the users (with the rest of the year as it is filled), and the paths that it may take."""

    people: Population
    given: int
    method: str
    #: The sums of the users as they are, and those of the expected path.
    sums: Sums
    expected: Sums
    #: What draws paths; None where there is one alone.
    draw: Draw | None


def _forecast(asked: Asked, ways: _Ways) -> Forecast:
    people, given, method, sums, expected, draw = ways
    options, year, units = asked.options, asked.year, len(people.unit_names)
    samples = options.samples if draw else 0
    parts = chunks(samples, units) if samples else []
    done = asked.begin(len(parts) + 1)
    random = numpy.random.default_rng(options.seed)
    results = simulate_units(people, expected, asked.system, year)
    one = course(results, 1, given)
    done()
    found = []
    for part in parts:
        count = part.stop - part.start
        drawn = {given + 1 + n: of for n, of in enumerate(draw(random, count) if draw else ())}
        on_paths = simulate_units(people, with_counts(people, sums, year, drawn), asked.system, year)
        found.append(course(on_paths, count, given))
        done()
    many = joined(found) if found else one
    held = held_back([results]) if asked.suppression else None
    threshold = _threshold(asked.system, year, given)
    hides = held is not None and bool(held.etater[:, -1].any())
    by_unit = zip(people.unit_names, one.given[0].tolist(), many.given.T, strict=True)
    by_name = {name: spread(value, drawn_given) for name, value, drawn_given in by_unit}
    etater = {
        name: of_etat(one, many, place, given, threshold, hides=hides) for place, name in enumerate(people.agency_names)
    }
    in_all = spread(float(one.given.sum()), many.given.sum(axis=1))
    if held is not None:
        held_amounts = partial(_held_amounts, held, asked.system)
        of_units = zip(by_name, held_amounts("enhet", GIVEN), strict=True)
        by_name.update({name: NOT_SHOWN for name, hidden in of_units if hidden})
        in_all = NOT_SHOWN if any(held_amounts("sum", GIVEN)) else in_all
        for place, (name, of) in enumerate(etater.items()):
            etater[name] = shown_of_etat(of, {one for one in OF_ETAT if held_amounts("etat", one)[place]})
    split = None
    if options.accounts is not None:
        cost = cost_by_month(options.accounts, people.unit_names, year, given)
        counts = [expected[counts_of.__name__, month] for month in months(year_period(year))]
        split = accounts(results, people, counts, cost, held)
    version = asked.version
    changed = None if options.since is None else changes(options.since, year, version.id, _kroner(by_name, etater))
    return Forecast(
        year,
        version.title,
        version.id,
        say(people.description),
        given,
        method,
        tuple(flow.text for flow in read_flows(options.flow)),
        samples,
        options.seed,
        by_name,
        in_all,
        etater,
        split,
        changed,
        options.since,
        None if options.since is None else asked,
    )


def _held_amounts(held: HeldBack, system: Any, level: str, variable: str) -> list[bool]:
    """Return of which units or etater (``sum``: of all) an amount is held back."""
    mask = held.mask(system.get_variable(variable), level)
    return [] if mask is None else mask.tolist()


def _completed(options: Options, files: Microdata | None) -> Options:
    """Return options that say how many months are given, and how the others are filled.

    Raises:
        ValueError: months that the data lack, or expected users whom the method does not read.
    """
    given = months_given(options.months, files)
    expected = files is not None and files.given < files.months
    method = options.method or (EXPECTED if expected else TREND)
    if given == MONTHS:
        method = HELD
    elif expected and method != EXPECTED:
        message = _("Expected users are given, and --method {method} does not read them. Give one of the two.")
        raise ValueError(message.format(method=method))
    since = options.since and options.since.alone()
    return msgspec.structs.replace(options, months=given, method=method, since=since)


def _held(people: Population, given: int) -> Population:
    """Return the users with the last month given held for the rest of the year."""
    return replace(people, users={name: held_after(values, given) for name, values in people.users.items()})


def _threshold(system: Any, year: int, given: int) -> float:
    """Return what makes a change material in the first month that is not given."""
    found = system.get_parameters_at_instant(f"{year}-{min(given + 1, MONTHS):02}-01").omfordeling.terskel
    return float(found)


def _kroner(units: Mapping[str, Spread], etater: Mapping[str, OfEtat]) -> dict[str, dict[str, int]]:
    """Return the amounts that two forecasts are compared by, of units and etater by their names; none held back."""
    found: dict[str, dict[str, int | None]] = {name: {GIVEN: of.value} for name, of in units.items()}
    for name, of_one in etater.items():
        amounts = {
            GIVEN_BY_ETAT: of_one.given.value,
            "etat_rest_pott_over_80": of_one.pool_left[-1].value,
            "etat_udekket_over_80_i_aaret": of_one.uncovered[-1].value,
            "etat_reserve_saldo": of_one.reserve_left.value,
        }
        found.setdefault(name, {}).update(amounts)
    return {
        name: {variable: amount for variable, amount in amounts.items() if amount is not None}
        for name, amounts in found.items()
    }


def _recorded(found: Forecast, _done: Done) -> Figures:
    return Figures(found.figures(), {found.regulation_id: _kroner(found.units, found.etater)})


QUESTION = Question(
    name="forecast",
    about=marked("""Show where the year ends: months given are fact, the rest is filled by a stated method.

    What each unit is given by the end of the year, the pool over 80 hours and the month in which it runs out, the next
    material change and the reserve; with bands of drawn paths. With accounts, what the cost deviates from the frame by.
    """),
    examples=(
        "forecast --example bevegelse --months 5",
        "forecast --example bevegelse --months 5 --method held",
        "forecast --example bevegelse --months 5 --flow 'kategori_2→kategori_3 +10%'",
        "forecast --data brukere_jan_mai.csv --units enheter.csv --frame 1021686820 --record mai.json",
        "forecast --data brukere_jan_mai.csv --frame bergen --accounts regnskap.csv --output prognose.html",
    ),
    run=_run,
    options=Options,
    takes=("population", "months", "expected", "year", "regulation", "suppression"),
    not_public=marked("Month by month its amounts and counts tell who comes and goes."),
    bodies=({"population": "bevegelse", "months": 5, "samples": 16},),
    forms=("text", "json", "markdown", "html", "xlsx"),
    by_ending=True,
    drawn=True,
    runs=2,
    completed=_completed,
    recorded=_recorded,
)

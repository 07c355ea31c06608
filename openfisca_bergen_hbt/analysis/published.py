"""The published figures beside what the model computes: every deviation marked and explained, nothing mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

import msgspec
import numpy
from msgspec import Meta

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import Asked, Question
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.population.embedded import FIGURES, PUBLISHED_YEARS, published
from openfisca_bergen_hbt.simulate import Results, simulate
from openfisca_bergen_hbt.text import names, numbers
from openfisca_bergen_hbt.text.language import Told, marked, say, to_say

SUM = "SUM"
#: The decimals that the ratios are published with.
RATIOS = {"timer_per_bruker": 0, "besoek_per_bruker": 0, "timer_per_besoek": 2}
#: The columns of the table of medication: the variable that computes each, and what a row is called.
MEDICATION = {
    "pasienter": ("lmh_pasienter", to_say("{area}, pasienter")),
    "timer": ("lmh_timer", to_say("{area}, timer")),
    "timer_utenfor_vedtak": ("lmh_timer_utenfor_vedtak", to_say("{area}, timer utenfor vedtak")),
}
MEDICATION_YEAR = 2019
TABLES = (*FIGURES, *RATIOS, "legemiddelhaandtering", "merforbruk", "sykefravaer", "kostra", "andre")
#: The columns of the KOSTRA table, in the order of the slide.
MUNICIPALITIES = ("bergen", "trondheim", "stavanger", "oslo", "asss_med_oslo")
#: The variables whose published figure the source rounded before it went on.
ROUNDED = {
    "lmh_aarsverk": to_say("Rundet opp fra 29,79."),
    "lmh_kostnad": to_say("30 årsverk til 800 000 kr. Av 29,79 årsverk blir det 23,83 mill."),
}
#: What is said of a figure that the model was fitted to, and of two others.
CALIBRATED = to_say(
    "Kalibrert, ikke en prøve: rammen og prisen er regnet av det. Kildene har ingen uavhengig prøve av kronene."
)
PATIENTS = to_say("3 036 pasienter i januar 2020 av 4 019 brukere i 2019 er 75,5 %.")
HOURS_OF_OVERSPEND = to_say(
    "51 784 341 kr er 34 500 timer til 1 501 kr, og begge lysbildene sier 5 %: 34 500 / 5 % er 690 000 timer, 63 % av "
    "vedtakstimene. Samme ramme til en annen pris og et annet volum: ingen krone i modellen flyttes av det."
)
#: What rows are called that no area and no variable of the law is; the last three are shares of a whole.
OVERSPEND, HOURS_ALONE = to_say("Merforbruk"), to_say("«34 500 timer»")
SHARES = ABSENCE, OF_USERS, OF_FRAME = (
    to_say("Sykefravær"),
    to_say("Andel av brukerne"),
    to_say("Merforbruk, andel av rammen"),
)
KOSTRA_DECIMALS = {"andel": 3, "brukere_per_1000": 1}


@dataclass(frozen=True)
class Figure:
    """A published figure, and what the model makes of it."""

    table: str
    #: What it is called in Norwegian: who shows it says it in the language that is spoken.
    row: str
    year: int
    published: float
    #: What the model computes; None where there is nothing to compute it from.
    computed: float | None
    decimals: int
    source: str
    note: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is a share of a whole."""
        return self.row in SHARES

    @property
    def deviates(self) -> bool:
        """Whether the computed figure, rounded as the published one, is another."""
        if self.computed is None:
            return False
        return abs(self.computed - self.published) > 0.5 / 10.0**self.decimals + 1e-9


NO_TABLE = marked("There is no table '{name}'.")


def figures(tables: tuple[str, ...] = TABLES) -> list[Figure]:
    """Return the published figures of some tables.

    Raises:
        UnknownNameError: a table that is not published.
    """
    for table in tables:
        names.position(TABLES, table, NO_TABLE)
    law = SYSTEMS.system(in_force())
    results = {year: simulate(published(year), law, year) for year in PUBLISHED_YEARS}
    found = [*_areas_and_sums(results), *_ratios(results, law), *_medication(results), *_others(results)]
    return [_noted(figure) for figure in [*found, *_kostra(law)] if figure.table in tables]


def _by_area(results: Results, variable: str) -> dict[str, float]:
    return dict(zip(results.population.area_names, results.value(variable).tolist(), strict=True))


def _areas_and_sums(results: dict[int, Results]) -> Iterator[Figure]:
    """Yield hours, users and visits by area, and the SUM rows beside the sums of the areas."""
    for row in data.rows("byomraader"):
        computed = results[int(row["aar"])]
        for figure in FIGURES:
            value = _by_area(computed, f"publiserte_{figure}")[row["byomraade"]]
            yield Figure(figure, row["byomraade"], int(row["aar"]), float(row[figure]), value, 0, row["kilde"])
    for row in data.rows("summer"):
        computed = results[int(row["aar"])]
        for figure in FIGURES:
            deviation = float(computed.value(f"avvik_{figure}")[0])
            total = float(row[figure])
            yield Figure(figure, SUM, int(row["aar"]), total, total - deviation, 0, row["kilde"])


def _ratios(results: dict[int, Results], law: Any) -> Iterator[Figure]:
    """Yield the ratios; those of the SUM row are computed from the published sums, as the source does."""
    sums = {year: simulate(_one_area_of_sums(results[year].population), law, year) for year in PUBLISHED_YEARS}
    for row in data.rows("forholdstall"):
        year, ratio = int(row["aar"]), row["forholdstall"]
        computed = (sums if row["byomraade"] == SUM else results)[year]
        value = _by_area(computed, ratio)[row["byomraade"]]
        figure = Figure(ratio, row["byomraade"], year, float(row["verdi"]), value, RATIOS[ratio], row["kilde"])
        if row["byomraade"] == SUM:
            figure = replace(figure, note=_of_the_areas(results[year], ratio))
        yield figure


def _one_area_of_sums(population: Population) -> Population:
    """Return the population with one area, whose published figures are the published sums."""
    users = numpy.zeros(len(population.unit_names), dtype=numpy.intp)
    inputs = {
        f"publiserte_{figure}": numpy.asarray(population.agencies[f"publisert_sum_{figure}"]) for figure in FIGURES
    }
    return replace(population, area_names=[SUM], area_of_unit=users, areas=inputs, made_for=None)


def _of_the_areas(results: Results, ratio: str) -> str:
    """Say what a ratio of the SUM row would be if it were computed from the rows of the areas."""
    part, whole = (
        results.value(f"publiserte_{'vedtakstimer' if name == 'timer' else name}").sum()
        for name in ratio.replace("_per_bruker", "_per_brukere").split("_per_")
    )
    return say("Regnet av de publiserte summene; av radene for områdene blir det {value}.").format(
        value=numbers.with_decimals(part / whole, RATIOS[ratio])
    )


def _medication(results: dict[int, Results]) -> Iterator[Figure]:
    computed = results[MEDICATION_YEAR]
    for row in data.rows("legemiddelhaandtering"):
        for column, (variable, called) in MEDICATION.items():
            values = _by_area(computed, variable)
            value = sum(values.values()) if row["byomraade"] == SUM else values[row["byomraade"]]
            label = Told((called, {"area": row["byomraade"]}))
            yield Figure("legemiddelhaandtering", label, MEDICATION_YEAR, float(row[column]), value, 0, row["kilde"])


def _others(results: dict[int, Results]) -> Iterator[Figure]:
    for row in data.rows("merforbruk"):
        year = int(row["aar"])
        value = float(results[year].value("etat_merforbruk")[0])
        yield Figure("merforbruk", OVERSPEND, year, float(row["merforbruk"]), value, -2, row["kilde"], say(CALIBRATED))
        of_frame = value / float(results[year].value("etat_ramme_i_alt")[0])
        share = float(row["andel_av_ramme"])
        yield Figure("merforbruk", OF_FRAME, year, share, of_frame, 2, row["kilde"], say(CALIBRATED))
    for row in data.rows("andre"):
        year, name = int(row["aar"]), row["navn"]
        computed = float(results[year].value(name)[0]) if name in results[year].system.variables else None
        table = "legemiddelhaandtering" if computed is not None else "andre"
        label = results[year].system.variables[name].label if computed is not None else HOURS_ALONE
        yield Figure(table, label, year, float(row["verdi"]), computed, 0, row["kilde"], say(ROUNDED.get(name, "")))
    in_year = results[MEDICATION_YEAR]
    patients = names.find_parameter(in_year.system, "legemiddelhaandtering.andel_pasienter")
    with_medication = float(in_year.value("lmh_pasienter").sum())
    of_users = with_medication / float(in_year.value("publisert_sum_brukere")[0])
    source = patients.metadata["reference"][0]["place"]
    published_share = patients.values_list[0].value
    yield Figure(
        "legemiddelhaandtering", OF_USERS, MEDICATION_YEAR, published_share, of_users, 2, source, say(PATIENTS)
    )
    share = names.find_parameter(in_year.system, "sykefravaer.andel")
    value = float(in_year.value("sykefravaer_aarsverk")[0])
    note = say(
        "Det første lysbildet sier 11-13 %. Andelen svarer til {years} årsverk, regnet av kronene (T-28)."
    ).format(years=numbers.whole(value))
    source = share.metadata["reference"][0]["place"]
    yield Figure("sykefravaer", ABSENCE, MEDICATION_YEAR, share.values_list[0].value, None, 3, source, note)


def _kostra(law: Any) -> Iterator[Figure]:
    for _, indicator in sorted(law.parameters.kostra.children.items()):
        for municipality in MUNICIPALITIES:
            parameter = indicator.children[municipality]
            decimals = KOSTRA_DECIMALS.get(parameter.metadata["unit"], 0)
            source = parameter.metadata["reference"][0]["place"]
            note = say(parameter.documentation) if parameter.documentation else ""
            for dated in reversed(parameter.values_list):
                year = int(dated.instant_str[:4])
                yield Figure("kostra", parameter.description, year, dated.value, None, decimals, source, note)


def _noted(figure: Figure) -> Figure:
    """Return the figure with what explains its deviation."""
    if figure.table == "andre":
        return replace(figure, note=say(HOURS_OF_OVERSPEND))
    if not figure.deviates or figure.computed is None:
        return figure
    difference = figure.published - figure.computed
    if figure.row == SUM and figure.table in FIGURES:
        note = (
            say("Den publiserte summen er {size} høyere enn summen av områdene.")
            if difference > 0
            else say("Den publiserte summen er {size} lavere enn summen av områdene.")
        )
        return replace(figure, note=note.format(size=numbers.whole(abs(difference))))
    if figure.table in RATIOS:
        return replace(figure, note=say("Lar seg ikke regne ut av lysbildenes egne tall for området."))
    return figure


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which tables."""

    table: Annotated[
        str | None,
        Meta(
            description=marked(
                "One table: vedtakstimer, brukere, besoek, timer_per_bruker, besoek_per_bruker, "
                "timer_per_besoek, legemiddelhaandtering, merforbruk, sykefravaer, kostra, andre. Default: "
                "all."
            ),
            extra={"metavar": "NAME"},
        ),
    ] = None


def _run(asked: Asked) -> list[Figure]:
    return figures(TABLES if asked.options.table is None else (asked.options.table,))


QUESTION = Question(
    name="published",
    about=marked(
        "Set the published figures beside what the model computes: deviations are marked and explained, never mended."
    ),
    examples=(
        "published",
        "published --table timer_per_besoek",
        "published --plot publisert.svg",
        "published --table kostra --plot kostra.html --format json",
    ),
    run=_run,
    bodies=({"table": "merforbruk"},),
    options=Options,
    takes=(),
    drawn=True,
)

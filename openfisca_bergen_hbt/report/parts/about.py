"""Whom a paper is about: what the population is, what came beside its frame, and what is left out or held back."""

from __future__ import annotations

from typing import Any

from openfisca_bergen_hbt.analysis import shown
from openfisca_bergen_hbt.analysis.assumptions import Foundations
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.suppression import LEAST, MARK
from openfisca_bergen_hbt.report.parts.figures import total
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: Money that comes beside the frame, from decision 2 on.
EXTRA = ("etat_tilleggsbevilgning", "enhet_overfoert_fra_i_fjor")
#: What a synthetic population can't say about the category model.
MIDPOINTS = to_say(
    "Mot timene gir kategoriene litt mer til områder med få timer per bruker. Det følger av T-4 og T-12 (midtpunktene "
    "ligger over gjennomsnittet i kategori 2 og 5), ikke av data om brukere."
)
HELD_BACK = to_say(
    "Antall på 1 til {least} brukere, og antall som skiller så få mellom to regelverk, er holdt "
    "tilbake ({mark}). Det er også timer, og kroner som er laget av timer, når færre enn tre "
    "brukere står bak, eller når de to største brukerne har nesten alt. Så mange andre tall er "
    "holdt tilbake at ingen av dem kan regnes ut ved å legge sammen eller trekke fra."
)
NOT_HELD_BACK = to_say("Internt: små tall er ikke holdt tilbake (--no-suppression), bare til internt bruk.")
#: What is said of figures that are held back beside exact amounts.
UNSAFE = to_say(
    "{unsafe} av {held} tall som er holdt tilbake, er usikre: beløpene kan røpe dem. Til publisering: compare --public."
)
#: What is said where it is not counted how many.
EXACT = to_say(
    "Antall på 1 til {least} brukere, og timer og kroner fra få, er holdt tilbake ({mark}). Beløp "
    "kan røpe dem. Til publisering: compare --public."
)


def held_back(said: str) -> str:
    """Return what is said of figures that are held back: ``HELD_BACK``, or ``EXACT``."""
    return say(said).format(least=LEAST - 1, mark=MARK)


def described(population: Population, *, suppression: bool) -> str:
    """Return what a population is, and what is held back of it, in a paragraph."""
    if not population.personal:
        return say(population.description)
    return f"{say(population.description)} {held_back(EXACT) if suppression else say(NOT_HELD_BACK)}"


def of_population(compared: Comparison | Years) -> str:
    """Return what the population of a comparison is, and what is held back of it."""
    if isinstance(compared, Comparison) and compared.public:
        return say(compared.population.description)
    return described(compared.population, suppression=compared.suppression)


def population_as_json(compared: Comparison | Years) -> dict[str, Any]:
    """Return what the population of a comparison is as JSON holds it."""
    return {
        "description": of_population(compared),
        "synthetic": compared.population.synthetic,
        "suppression": compared.suppression,
    }


def extra_money(compared: Comparison) -> list[tuple[str, str]]:
    """Return what came in the year beside the frame, and what was carried over; nothing where neither is given."""
    last = compared.runs[-1]
    given = {*compared.population.units, *compared.population.agencies}
    if given.isdisjoint(EXTRA) or not last.version.not_brought.isdisjoint(EXTRA):
        return []
    extra, carried = (float(shown.in_year(last.results, name).sum()) for name in EXTRA)
    in_all = total(last, shown.FRAME_IN_ALL)
    said = say(
        "Tilleggsbevilgninger {extra} kr, overført fra i fjor {carried} kr. Rammen i alt er {in_all} kr "
        "etter «{title}»."
    ).format(
        extra=numbers.whole(extra),
        carried=numbers.signed(carried),
        in_all=numbers.whole(in_all),
        title=last.version.title,
    )
    return [(say("Penger utenom rammen"), said)]


def about(compared: Comparison, rests_on: Foundations) -> list[tuple[str, str]]:
    """Return what is to be said of the population and of what is left out or held back, each with its heading."""
    etater = len(compared.population.agency_names)
    people = [say(compared.population.description)]
    if etater > 1:
        people.append(say("{etater} etater, hver med sin egen ramme.").format(etater=etater))
    said = [(say("Befolkning"), " ".join(people))]
    said += extra_money(compared)
    if compared.population.synthetic and "T-4" in rests_on.interpretations:
        said.append((say("Forbehold"), say(MIDPOINTS)))
    if compared.left_out:
        lacking = "; ".join(
            say("{title} (filen har ikke {name})").format(title=title, name=name)
            for title, name in compared.left_out.items()
        )
        said.append((say("Utelatt"), f"{lacking}."))
    if compared.not_computable:
        said.append(
            (say("Kan ikke regnes ut"), "; ".join(f"{title}: {why}" for title, why in compared.not_computable.items()))
        )
    if compared.public:
        return said
    if compared.suppression:
        said.append((say("Små tall"), held_back(HELD_BACK)))
    elif compared.population.personal:
        said.append((say("Små tall"), say(NOT_HELD_BACK)))
    return said

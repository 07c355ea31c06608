"""How fast many draws of the law's numbers run, beside as many runs of a comparison, and beside hand-written NumPy.

    python benchmarks/draws.py [--quick]

Processor time on one core, to which the process is pinned; what is set beside each other takes turns, and is checked to
be equal to the krone. Runs one by one are measured on fewer draws, which the lines say.
"""

import argparse
import os
import statistics
import time
from datetime import date
from functools import partial

import numpy
import plain_draws
import sample

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.sensitivity.draws import HEADLINES, Model, sampled
from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalReform
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force, versions
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.population.embedded import published
from openfisca_bergen_hbt.simulate import simulate

DRAWS, YEAR = 1000, sample.YEAR
#: How many draws are run one by one.
ALONE = 20
#: Units, users and the goal in milliseconds a draw.
SIZES = ((6, 4_000, 0.15), (60, 40_000, 0.8))
#: The numbers that act on units of one's own, by the names that the hand-written NumPy has for them; and the weights.
WEEKS = "tid.uker_per_aar"
WEIGHTS = [f"kategorimodell.vekt.kategori_{number}" for number in range(1, 6)]
NAMES = {
    "merforbruk.andel": "overspend",
    "budsjett.tillitsreform_andel_til_etaten": "passed_on",
    WEEKS: "weeks",
    "avstand.andel": "distance",
    "reserve.andel": "reserve",
    "reserve.toleranse": "tolerance",
    "reserve.deles_ut_ved_aarets_slutt": "at_the_end",
    "omfordeling.terskel": "threshold",
}


def seconds(work):
    """Return the processor time of a call, and what it returns."""
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def side_by_side(first, second, rounds):
    """Return the median times of two calls that take turns, the median of their ratios, and what they return."""
    pairs = [(seconds(first), seconds(second)) for _ in range(rounds)]
    times = [(one[0], other[0]) for one, other in pairs]
    ratio = statistics.median(one / other for one, other in times)
    return *(statistics.median(each) for each in zip(*times, strict=True)), ratio, pairs[-1][0][1], pairs[-1][1][1]


def line(label, ours, goal, other=None, unit="ms"):
    """Print one line: our time, the goal, and what it is set beside with the ratio of the two."""
    beside = f"{other[0]:10.3f}{other[1]:8.3f}" if other else ""
    print(f"{label:<82}{ours:9.3f} {unit:<2}{'' if goal is None else f'{goal:.2f}':>8}{beside}")


def one_by_one(people, regulations, draws, number):
    """Return what a comparison of regulations comes to in one draw, as a proposal on each."""
    changes = tuple(Change(name, date(YEAR, 1, 1), float(values[number])) for name, values in draws.items())
    found = []
    for version in regulations:
        results = simulate(people, ProposalReform(SYSTEMS.system(version), Proposal("t", "t", changes)), YEAR)
        found.append([results.value(name).sum() for name in HEADLINES] + list(results.value(GIVEN)))
    return found


def as_rows(figures):
    """Return the figures of many draws as ``one_by_one`` has them."""
    return numpy.column_stack([*(figures.headlines[name] for name in HEADLINES), figures.given])


def embedded_year(rounds):
    """Print the draws of the embedded year's distinct regulations, beside runs of a comparison."""
    people, known = published(YEAR), versions()
    model = Model(people, YEAR, known)
    distinct = [known[number] for number in model.distinct()]
    draws = sampled(model.numbers(), DRAWS)

    def alone():
        return [one_by_one(people, distinct, draws, number) for number in range(ALONE)]

    ours, theirs, _, together, apart = side_by_side(lambda: model.figures(draws), alone, rounds)
    for place, number in enumerate(model.distinct()):
        expected = numpy.array([run[place] for run in apart])
        numpy.testing.assert_array_equal(as_rows(together[number])[:ALONE], expected)
    theirs *= DRAWS / ALONE
    label = f"1 000 draws x {len(distinct)} regulations, users made anew / runs of a comparison ({ALONE} measured)"
    line(label, ours, 3, (theirs, ours / theirs), "s")


def moving_users(units, users):
    """Return users of whom 2 % change each month in so many units, as the two take them."""
    months, _ = sample.users(users, changing=11)
    unit, driving = numpy.random.RandomState(2).randint(0, units, users), numpy.arange(units) % 3 * 2.5
    people = Population(
        unit_names=[f"enhet {number}" for number in range(units)],
        unit_of_user=unit,
        agency_names=["etat"],
        agency_of_unit=numpy.zeros(units, dtype=numpy.intp),
        users={"vurdert_timer_per_uke": months},
        units={"enhet_kjoeretid_per_uke": driving},
    )
    return people, lambda drawn: plain_draws.year(plain_draws.users(months, unit, units), driving, drawn)


def law_in_force(units, users, goal, rounds):
    """Print the draws of the law in force, users counted and all, beside hand-written NumPy; and one draw alone."""
    people, by_hand = moving_users(units, users)
    known = {number.parameter: number for number in Model(people, YEAR, [in_force()]).numbers()}
    without_weeks = sampled([known[name] for name in (*WEIGHTS, *NAMES) if name != WEEKS], DRAWS)
    with_weeks = sampled([known[name] for name in (*WEIGHTS, *NAMES)], DRAWS)
    label = f"a draw of the law in force, {units} units and {users} users / NumPy"
    for draws, what in (
        (without_weeks, label),
        (with_weeks, "  the same, weeks of a year drawn"),
    ):
        column = {name: draws.get(name, numpy.full(DRAWS, known[name].value)) for name in NAMES}
        nothing = numpy.zeros(DRAWS)
        weights = numpy.column_stack([nothing, *(draws[name] for name in WEIGHTS), nothing])
        drawn = {short: column[name] for name, short in NAMES.items()} | {"weights": weights}
        mine, theirs, ratio, found, expected = side_by_side(
            partial(run_together, people, draws), partial(by_hand, drawn), rounds
        )
        numpy.testing.assert_array_equal(found.given, expected["given"])
        for name in HEADLINES:
            numpy.testing.assert_array_equal(found.headlines[name], expected[name], err_msg=name)
        # for the draws that make users sums anew there is no goal but the embedded year's
        line(what, mine * 1000 / DRAWS, goal if draws is without_weeks else None, (theirs * 1000 / DRAWS, ratio))
    model = Model(people, YEAR, [in_force()])
    parts = [{name: values[number : number + 1] for name, values in without_weeks.items()} for number in range(ALONE)]
    model.figures(parts[0])  # users become sums
    alone = statistics.median(seconds(lambda: [model.figures(part) for part in parts])[0] for _ in range(rounds))
    line("  the same, each draw alone", alone * 1000 / ALONE, 6.5)


def run_together(people, draws):
    """Return what the law in force comes to in the draws, from users on."""
    return Model(people, YEAR, [in_force()]).figures(draws)[0]


def main():
    """Run every comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 2 if parser.parse_args().quick else 5
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"{'Processor time on one core':<82}{'ours':>9}   {'goal':>8}{'other':>10}{'ratio':>8}")
    embedded_year(rounds)
    for units, users, goal in SIZES:
        law_in_force(units, users, goal, rounds)


if __name__ == "__main__":
    main()

"""Versions of the regulation: which decisions and proposals the names, dates and changes that are asked for mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from msgspec import structs

from openfisca_bergen_hbt.law.proposals import Proposal
from openfisca_bergen_hbt.law.shipped import title_of
from openfisca_bergen_hbt.regelverk import FOUNDATION, chosen, chosen_readings, decisions, in_order, parse_date
from openfisca_bergen_hbt.text.language import _, say
from openfisca_bergen_hbt.vedtak import Reading, Vedtak


@dataclass(frozen=True)
class Version:
    """A regulation to run: the name that it was asked for by, and the decisions that it contains."""

    id: str
    decisions: tuple[type[Vedtak], ...]
    #: Proposals on top of the decisions, in order; the version is named after the last.
    proposals: tuple[Proposal, ...] = ()
    #: Rival readings of the text, each of the decision (or the foundation) whose rule it reads.
    readings: tuple[type[Reading], ...] = ()
    #: What it is called, where it was given a name of its own.
    called: str = ""

    @property
    def reforms(self) -> tuple[type[Vedtak | Reading], ...]:
        """The decisions and readings in the order in which they are applied; one of a decision left out is none."""
        return in_order(self.decisions, self.readings)

    @property
    def latest(self) -> type[Vedtak] | None:
        """The decision that the regulation is named after; None for the foundation and for a date."""
        return next((decision for decision in decisions() if decision.id() == self.id), None)

    @property
    def last(self) -> str:
        """The id of the last decision that it contains; the foundation's name where it contains none."""
        return self.decisions[-1].id() if self.decisions else FOUNDATION

    @property
    def day(self) -> date | None:
        """The day that it was asked for by; None where it was asked for by another name."""
        by_date = self.id[:1].isdigit() and not (self.proposals or self.called)
        return parse_date(self.id) if by_date else None

    @property
    def title(self) -> str:
        """What the regulation is called in a report, with what was left out of it and how it is read."""
        return self.called or f"{self._name(short=False)}{self.otherwise}"

    @property
    def short_title(self) -> str:
        """What the regulation is called in the head of a column."""
        return self.called or f"{self._name(short=True)}{self.otherwise}"

    @property
    def left_out(self) -> tuple[type[Vedtak], ...]:
        """The decisions before its last that it is without."""
        until = decisions()[: decisions().index(self.decisions[-1])] if self.decisions else ()
        return tuple(decision for decision in until if decision not in self.decisions)

    @property
    def not_brought(self) -> frozenset[str]:
        """The variables that decisions which it does not contain bring: no part of its results."""
        return frozenset(
            name for decision in decisions() if decision not in self.decisions for name in decision.innfoerer
        )

    @property
    def otherwise(self) -> str:
        """What is otherwise than adopted, in brackets: the decisions left out, and the readings."""
        said = [say("uten «{title}»").format(title=say(decision.short_title)) for decision in self.left_out]
        said += [
            f"{say(reading.said_as)} «{say(reading.short_title)}»"
            for reading in self.readings
            if reading in self.reforms
        ]
        return f" ({', '.join(said)})" if said else ""

    def _name(self, *, short: bool) -> str:
        if self.proposals:
            return title_of(self.proposals[-1])
        if self.id == FOUNDATION:
            return say("Grunnregelverket")
        if self.latest is None:
            return say("Vedtatt innen {day}").format(day=self.id)
        return say(self.latest.short_title if short else self.latest.title)


def in_force() -> Version:
    """Return the law in force: all decisions."""
    return Version(decisions()[-1].id(), decisions())


def named(name: str) -> Version:
    """Return a regulation by its name: ``grunnregelverk``, a decision's id, or a date or month.

    Raises:
        ValueError: a name that is none of these.
    """
    return versions([name])[0]


def versions(regulations: Sequence[str] = (), without: Sequence[str] = ()) -> list[Version]:
    """Return the regulations that are named.

    Args:
        regulations: each ``grunnregelverk``, a decision's id (that decision on top of all before it), or a date or
            month (as adopted by then). None: the foundation, and then each decision on top of the one before.
        without: ids of decisions to leave out of every regulation.

    Raises:
        ValueError: a name that is none of these, one that is asked for or left out twice, or both.
    """
    if twice := [name for name in without if list(without).count(name) > 1]:
        raise ValueError(_("'{name}' is left out twice.").format(name=twice[0]))
    kept = chosen(uten=without)
    ids = [decision.id() for decision in decisions()]
    found = []
    for name in regulations or (FOUNDATION, *(decision.id() for decision in kept)):
        if name == FOUNDATION:
            found.append(Version(name, ()))
        elif name in without:
            raise ValueError(_("'{name}' is asked for and left out at once.").format(name=name))
        elif name in ids:
            upto = ids[: ids.index(name) + 1]
            found.append(Version(name, tuple(d for d in kept if d.id() in upto)))
        elif name[:1].isdigit():
            found.append(Version(name, chosen(name, without)))
        else:
            raise ValueError(
                _("There is no regulation '{name}'. Give {foundation}, a date, or one of: {names}.").format(
                    name=name, foundation=FOUNDATION, names=", ".join(ids)
                )
            )
    for version in found:
        if [other.id for other in found].count(version.id) > 1:
            raise ValueError(_("The regulation '{version}' is asked for twice.").format(version=version.id))
    return found


def law_of(
    year: int, without: Sequence[str] = (), proposals: Sequence[Proposal] = (), readings: Sequence[str] = ()
) -> Version:
    """Return the regulation as adopted by the end of a year, with all proposals on top of it whatever they build on."""
    base = replace(versions([f"{year}-12"], without)[0], readings=chosen_readings(readings))
    anywhere = [structs.replace(proposal, baseline="") for proposal in proposals]
    return replace([base, *with_proposals(base, anywhere)][-1], id=base.id)


def with_proposals(base: Version, proposals: Sequence[Proposal]) -> list[Version]:
    """Return a version for each proposal, each on top of the ones before.

    Raises:
        ValueError: two proposals of one name, or proposals for different baselines.
    """
    found = []
    for number, proposal in enumerate(proposals):
        if proposal.id in [other.id for other in proposals[:number]]:
            raise ValueError(_("The proposal '{proposal}' is given twice.").format(proposal=proposal.id))
        if proposal.baseline and proposal.baseline != base.id:
            raise ValueError(
                _(
                    "The proposal '{proposal}' builds on '{baseline}', and not on '{other}': proposals that "
                    "are run together build on one baseline."
                ).format(proposal=proposal.id, baseline=proposal.baseline, other=base.id)
            )
        found.append(replace(base, id=proposal.id, proposals=tuple(proposals[: number + 1])))
    return found


def asked_for(
    regulations: Sequence[str] = (),
    without: Sequence[str] = (),
    proposals: Sequence[Proposal] = (),
    readings: Sequence[str] = (),
) -> list[Version]:
    """Return the regulations to run: those named, and then each proposal on top of the ones before; all read alike.

    Proposals build on the baseline that the first of them names, else on the last regulation. Where no regulation is
    named, only what they build on stands before them.
    """
    read = chosen_readings(readings)
    found = [replace(version, readings=read) for version in versions(regulations, without)]
    if not proposals:
        return found
    baselines = [proposal.baseline for proposal in proposals if proposal.baseline]
    base = replace(versions(baselines[:1], without)[0], readings=read) if baselines else found[-1]
    return [*(found if regulations else [base]), *with_proposals(base, proposals)]

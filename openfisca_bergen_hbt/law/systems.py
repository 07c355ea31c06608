"""The systems of regulations, a later one made upon an earlier; and which of them can be run on a population."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from openfisca_bergen_hbt.grunnregelverk import CountryTaxBenefitSystem
from openfisca_bergen_hbt.law.proposals import Proposal, ProposalReform
from openfisca_bergen_hbt.law.versions import Version, named
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.regelverk import FOUNDATION, applied_like_readings, decisions
from openfisca_bergen_hbt.simulate import lacking_inputs
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.vedtak import Reading, Vedtak

#: Decisions and readings, in the order in which they are applied.
Reforms = tuple[type[Vedtak | Reading], ...]
#: How many regulations with readings or proposals are kept; one with proposals holds a copy of all parameters.
KEPT = 24


class Systems:
    """Tax-benefit systems, each of them made once, for any number of threads that leave them as they are.

    Those of decisions alone are kept for good, those with readings or proposals as long as they were used lately.
    """

    def __init__(self, start: Mapping[Reforms, Any] | None = None) -> None:
        self._of_reforms = dict(start or {})
        self._proposed = lru_cache(KEPT)(self._propose)
        self._lock = threading.RLock()

    def system(self, version: Version) -> Any:
        """Return the system of a regulation.

        Raises:
            DecisionOrderError: a decision that is applied twice, or on top of a later one.
        """
        with self._lock:
            return self._system(version.reforms, version.proposals)

    def foundation(self) -> Any:
        """Return the foundation, against which changes are checked."""
        return self.system(named(FOUNDATION))

    def without_proposals(self) -> list[Any]:
        """Return the systems made so far that contain no proposal."""
        with self._lock:
            return list(self._of_reforms.values())

    def apart(self) -> Systems:
        """Return others that begin with those of decisions, and keep to themselves what is made from then on."""
        with self._lock:
            return Systems(self._of_reforms)

    def _system(self, reforms: Reforms, proposals: tuple[Proposal, ...] = ()) -> Any:
        if proposals:
            return self._proposed(reforms, proposals)
        if reforms not in self._of_reforms:
            system = reforms[-1](self._system(reforms[:-1])) if reforms else CountryTaxBenefitSystem()
            self._of_reforms[reforms] = system
            read = [key for key in self._of_reforms if any(issubclass(reform, Reading) for reform in key)]
            for oldest in read[:-KEPT]:
                del self._of_reforms[oldest]
            return system
        return self._of_reforms[reforms]

    def _propose(self, reforms: Reforms, proposals: tuple[Proposal, ...]) -> Any:
        return ProposalReform(self._system(reforms, proposals[:-1]), proposals[-1])


#: The systems that all of the process shares. Who changes systems in place has systems of its own.
SYSTEMS = Systems()


def version_of(system: Any) -> Version:
    """Return what a system is made of, from which any process makes one that is the same.

    Raises:
        ValueError: it is made of anything else than decisions, readings and proposals.
    """
    known = {*decisions(), *applied_like_readings().values()}
    reforms: list[Any] = []
    proposals: list[Proposal] = []
    while type(system) is not CountryTaxBenefitSystem:
        if isinstance(system, ProposalReform):
            proposals.insert(0, system.proposal)
        elif type(system) in known:
            reforms.insert(0, type(system))
        else:
            message = _(
                "{system!r} is made of more than decisions, readings and proposals: other processes can't make it."
            ).format(system=system)
            raise ValueError(message)
        system = system.baseline
    decided, read = (tuple(one for one in reforms if issubclass(one, of)) for of in (Vedtak, Reading))
    return Version(proposals[-1].id if proposals else "", decided, tuple(proposals), read)


def runnable(asked_for: Sequence[Version], population: Population, year: int) -> tuple[list[Version], dict[str, str]]:
    """Return the regulations that the population's inputs are enough for, and by title what each of the others lacks.

    A regulation that counts hours by visits would find none where only assessed hours are given, and pay nothing. A
    population that is not about real users gives all that it has to.
    """
    can, lack = [], {}
    for version in asked_for:
        lacking = lacking_inputs(population, SYSTEMS.system(version), year) if population.personal else []
        if lacking:
            lack[version.title] = ", ".join(lacking)
        else:
            can.append(version)
    return can, lack

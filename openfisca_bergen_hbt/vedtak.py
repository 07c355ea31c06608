"""What every decision and every rival reading of the text is, and the variables that it re-points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from openfisca_core.periods import Instant
from openfisca_core.reforms import Reform
from openfisca_core.variables import Variable

from openfisca_bergen_hbt.grunnregelverk import OwnEntities, Place
from openfisca_bergen_hbt.rules.derived import follow, leaf
from openfisca_bergen_hbt.text.language import _


class DecisionOrderError(ValueError):
    """A decision applied twice, or on top of a later one."""


#: What a hinge takes over from the variable that it re-points.
CARRIED_ON = (
    "value_type",
    "possible_values",
    "default_value",
    "entity",
    "definition_period",
    "label",
    "reference",
    "unit",
    "documentation",
    "set_input",
)


class Hinges(OwnEntities, Reform):
    """A reform that re-points hinge variables with dated formulas and copies no rule: a decision or a reading."""

    #: What it is in one line, and in a word or two, for the head of a column.
    title: ClassVar[str]
    short_title: ClassVar[str]
    reference: ClassVar[str]
    #: The variables that it re-points.
    hinges: ClassVar[tuple[type[Variable], ...]] = ()

    @classmethod
    def id(cls) -> str:
        """Return its id: the name of its module."""
        return cls.__module__.rsplit(".", 1)[-1]

    def apply(self) -> None:
        """Carry it out on top of its baseline."""
        self.name = self.title
        self.open_api_config = self.baseline.open_api_config
        self.carry_out(self)

    @classmethod
    def carry_out(cls, system: Any) -> None:
        """Re-point the hinges in a tax-benefit system."""
        for hinge in cls.hinges:
            system.update_variable(_complete(hinge, system.get_variable(hinge.__name__, check_existence=True)))


class Vedtak(Hinges):
    """A political decision as a reform."""

    #: When it was adopted, as precisely as the source says: ``"2017-10"`` is a day in that month.
    adopted: ClassVar[str]
    adopted_precision: ClassVar[str] = "month"
    #: The first day on which it changes a rule.
    in_force: ClassVar[date]
    decided_by: ClassVar[str]
    #: How the sources were read, where they leave room (T-…).
    interpretations: ClassVar[tuple[str, ...]] = ()
    #: The variables that it brings: no part of the results of a regulation without it.
    innfoerer: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def adopted_by(cls) -> date:
        """Return the first day on which the decision may count as adopted."""
        return date.fromisoformat(f"{cls.adopted}-01")

    @classmethod
    def carry_out(cls, system: Any) -> None:
        """Re-point the hinges in a tax-benefit system.

        Raises:
            DecisionOrderError: the system already contains this decision, or a later one.
        """
        earlier: tuple[type[Vedtak], ...] = system.vedtak
        if cls.id() in [decision.id() for decision in earlier]:
            raise DecisionOrderError(
                _("'{decision}' is already applied: '{last}' is the last decision.").format(
                    decision=cls.id(), last=earlier[-1].id()
                )
            )
        if earlier and earlier[-1].adopted_by() > cls.adopted_by():
            raise DecisionOrderError(
                _(
                    "'{decision}' (adopted {adopted}) can't be applied on top of '{last}' (adopted "
                    "{last_adopted}), which is later. Apply decisions in order; earlier ones may be left out."
                ).format(
                    decision=cls.id(), adopted=cls.adopted, last=earlier[-1].id(), last_adopted=earlier[-1].adopted
                ),
            )
        super().carry_out(system)
        system.vedtak = (*earlier, cls)


class Reading(Hinges):
    """A rival reading of the text as a reform, applied directly after the decision (or foundation) that it reads."""

    #: The interpretation that it replaces (T-…), and the decision whose rule it reads; None for the foundation's.
    replaces: ClassVar[str]
    reads: ClassVar[str | None]
    #: What speaks for it, and what against, in a sentence each.
    case_for: ClassVar[str]
    case_against: ClassVar[str]
    #: Numbers that it fixes: a proposal's value for them does nothing.
    numbers: ClassVar[Mapping[str, float]] = MappingProxyType({})
    #: The readings that it can't be combined with: those of its kind.
    excludes: ClassVar[tuple[str, ...]] = ()
    #: Whether it reads the embedded population, and not a rule.
    of_population: ClassVar[bool] = False
    #: How a regulation's title says that it is so.
    said_as: ClassVar[str] = "lest"

    @classmethod
    def carry_out(cls, system: Any) -> None:
        """Re-point the hinges in a tax-benefit system, and fix the numbers.

        Raises:
            DecisionOrderError: the system already contains this reading.
        """
        if cls in system.lesninger:
            raise DecisionOrderError(_("'{decision}' is already applied.").format(decision=cls.id()))
        super().carry_out(system)
        if cls.numbers:
            system.modify_parameters(cls._fixed)
        system.lesninger = (*system.lesninger, cls)

    @classmethod
    def _fixed(cls, parameters: Any) -> Any:
        for name, value in cls.numbers.items():
            parameter = leaf(parameters, name)
            parameter.update(start=Instant((2017, 1, 1)), value=value)
            parameter.metadata["fixed_by"] = cls.id()
        follow(parameters, cls.numbers)
        return parameters


class Alternative(Reading):
    """Another rule than the text has, shipped to be set beside it: applied as a reading is, and called what it is."""

    said_as = "med"


def _complete(hinge: type[Variable], rule: Variable) -> type[Variable]:
    """Return the hinge with what it carries on from the rule, and with its own place in the source.

    Core's ``neutralize_variable`` makes a variable anew from its class alone, and core's API takes the place of a
    formula from the class.
    """
    carried = {name: getattr(rule, name) for name in CARRIED_ON if getattr(rule, name, None) is not None}
    own = {name: value for name, value in vars(hinge).items() if not name.startswith("__")}
    names = {"__module__": hinge.__module__, "__doc__": hinge.__doc__, "introspection_data": Place()}
    return type(hinge.__name__, hinge.__bases__, {**carried, **own, **names})

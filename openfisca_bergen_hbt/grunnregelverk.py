"""The foundation: the regulation of 1 January 2017, carried on unchanged, as a country package of its own.

The stock tools work on it: ``openfisca serve -c openfisca_bergen_hbt.grunnregelverk -r <a decision>``.
"""

from __future__ import annotations

import copy
import inspect
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_bergen_hbt.rules.entities import ENTITIES
from openfisca_bergen_hbt.rules.inputs import DefaultFromParameter, keep

PACKAGE = "openfisca_bergen_hbt"
DISTRIBUTION = "openfisca-bergen-hbt"
#: The environment variable that holds the address where the repository can be read, ``https://…``.
REPOSITORY_URL = "BERGEN_HBT_REPOSITORY_URL"


class OwnVariables(dict[str, Variable]):
    """The variables of a tax-benefit system, each float variable computed in float64, each input of a calendar period.

    Core fixes float variables to float32, in which a frame of NOK 1 035 686 820 can't be told from its neighbours, and
    keeps an input for any period of a year's length, where no rule looks for it. Every variable of a system and of the
    reforms on top of it, also those of others, comes into its dictionary here.
    """

    def __setitem__(self, name: str, variable: Variable) -> None:
        """Take the variable in, with float64 if it is a float, and a look at the period of what is given."""
        if variable is not None and variable.value_type is float:
            variable.dtype = numpy.float64
        if variable is not None and variable.set_input is None:
            variable.set_input = keep
        if variable is not None:
            variable.reference = variable.reference or []
        super().__setitem__(name, variable)

    def copy(self) -> OwnVariables:
        """Return a copy of the same kind: a reform starts from a copy of its baseline's variables."""
        return OwnVariables(self)


def folder(name: str) -> Path:
    """Return the folder of the package's ``parameters``, ``variables`` or ``reforms``, wherever it is installed."""
    return Path(str(files(f"{PACKAGE}.{name}")))


class Place:
    """Where a variable stands, read when core's API asks."""

    def __get__(self, _instance: object, variable: type[Variable]) -> tuple[str, str, int]:
        """Return its file in the repository, its source and its first line."""
        lines, first = inspect.getsourcelines(variable)
        file = Path(inspect.getfile(variable))
        return f"/{file.parent.name}/{file.name}", "".join(lines), first - 1


@lru_cache
def rules() -> tuple[type[Variable], ...]:
    """Return the variables of the foundation, in the order of their files.

    Each file is imported as any module is. Core's own way is to run it anew for each system, and to parse its text for
    the place of each variable, a third of the time that it takes to make a system.
    """
    modules = [
        import_module(f"{PACKAGE}.variables.{file.stem}") for file in sorted(folder("variables").glob("[a-z]*.py"))
    ]
    found: list[Any] = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Variable) and value.__module__ == module.__name__
    ]
    for variable in found:
        variable.introspection_data = Place()
    return tuple(found)


@lru_cache
def inputs(entity: str) -> Mapping[str, type[Variable]]:
    """Return the inputs of an entity, by name: the variables that no rule computes, in the order of their files."""
    return {rule.__name__: rule for rule in rules() if rule.entity.key == entity and _is_input(rule)}


def _is_input(rule: type[Variable]) -> bool:
    """Return whether a variable is given, or else has a default."""
    return issubclass(rule, DefaultFromParameter) or not any(name.startswith("formula") for name in vars(rule))


@lru_cache
def package_version() -> str:
    """Return the version of the package, read once."""
    return version(DISTRIBUTION)


class OwnEntities(TaxBenefitSystem):
    """A tax-benefit system whose clone has entities of its own.

    Core's clone takes the entities over, and with them the originals' way to their variables: a variable changed in the
    clone would be changed in the original.
    """

    def clone(self) -> Any:
        """Return a copy that can be changed without changing this one."""
        new = super().clone()
        new.entities = [copy.copy(entity) for entity in self.entities]
        new.person_entity = next(entity for entity in new.entities if entity.is_person)
        new.group_entities = [entity for entity in new.entities if not entity.is_person]
        for system in (self, new):
            for entity in system.entities:
                entity.set_tax_benefit_system(system)
        return new


class CountryTaxBenefitSystem(OwnEntities):
    """The foundation: activity-based financing, with norm times per visit."""

    #: The decisions applied, in order.
    vedtak: tuple[Any, ...] = ()
    #: The readings applied, each after the decision whose rule it reads.
    lesninger: tuple[Any, ...] = ()

    def __init__(self) -> None:
        super().__init__(ENTITIES)
        self.variables = OwnVariables()
        self.add_variables(*rules())
        self.load_parameters(str(folder("parameters")))
        example = files(f"{PACKAGE}.data").joinpath("situation_example.json").read_text(encoding="utf-8")
        self.open_api_config = {
            "variable_example": "enhet_samlet_tildeling",
            "parameter_example": "kategorimodell.vekt.kategori_2",
            "simulation_example": json.loads(example),
        }

    def get_package_metadata(self) -> dict[str, str]:
        """Return what core's API says of the package.

        Links to sources begin with the address that ``REPOSITORY_URL`` gives; where it gives none, they are paths
        within the repository.
        """
        return {
            "name": DISTRIBUTION,
            "version": package_version(),
            "repository_url": os.environ.get(REPOSITORY_URL, "").rstrip("/"),
            "location": str(folder("variables").parent),
        }

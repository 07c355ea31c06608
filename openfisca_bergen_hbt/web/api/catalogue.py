"""What the law holds, as core's API describes it: variables, parameters, entities; and the source of each value."""

from __future__ import annotations

import inspect
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openfisca_web_api.loader.entities import build_entities
from openfisca_web_api.loader.parameters import build_parameters
from openfisca_web_api.loader.variables import build_variables

from openfisca_bergen_hbt.analysis import history

#: A link to a source: the repository and its version, the file, the lines.
LINK = re.compile(r"(.*/blob/[^/]+)(/[^#]+)(#.*)")
#: What core begins a link with where no address of the repository is set; the rest is a path within it.
NO_ADDRESS = re.compile(r"^/blob/[^/]+/")


def _with_path(link: str, formula: Any) -> str:
    """Return a link to a formula in the file that holds it: core takes each to stand in its variable's last file."""
    file = Path(inspect.getfile(formula))
    return LINK.sub(rf"\1/{file.parent.name}/{file.name}\3", link)


class Catalogue:
    """The descriptions of a system, made once."""

    def __init__(self, system: Any) -> None:
        self.package = system.get_package_metadata()
        self.variables: dict[str, Any] = build_variables(system, self.package)
        for name, variable in system.variables.items():
            for start, formula in variable.formulas.items():
                described = self.variables[name]["formulas"][start]
                described["source"] = _with_path(described["source"], formula)
        described_by_path = build_parameters(system, self.package)
        # core takes any folder beside the files for a node of the law, one of compiled code too
        self.parameters: dict[str, Any] = {
            path: found for path, found in described_by_path.items() if found.get("subparams") != {}
        }
        self.entities: dict[str, Any] = build_entities(system)
        formulas = [formula for found in self.variables.values() for formula in found.get("formulas", {}).values()]
        for described in (*self.variables.values(), *self.parameters.values(), *filter(None, formulas)):
            if "source" in described:
                described["source"] = NO_ADDRESS.sub("", described["source"])
        for parameter in self.parameters.values():
            if "values" in parameter:
                parameter["dated_values"] = [asdict(value) for value in history.life(system, parameter["id"])]

    def parameter(self, name: str) -> Any:
        """Return a parameter's description, by its path with dots or slashes; None for a name that none has."""
        return self.parameters.get(name) or self.parameters.get(name.replace(".", "/"))

    def list_of_variables(self, host: str) -> dict[str, Any]:
        """Return the names of variables, with where each is described."""
        return {
            name: {"description": found["description"], "href": f"{host}variable/{name}"}
            for name, found in self.variables.items()
        }

    def list_of_parameters(self, host: str) -> dict[str, Any]:
        """Return the names of parameters, with where each is described; no nodes, as core's API does it."""
        return {
            found["id"]: {"description": found["description"], "href": f"{host}parameter/{name}"}
            for name, found in self.parameters.items()
            if "subparams" not in found
        }

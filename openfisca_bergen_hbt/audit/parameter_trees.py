"""A folder of parameters as a tree of the law: all that a rule reads is there, and nothing that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.audit.discovery import ENDINGS
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.population.embedded import OF_POPULATION
from openfisca_bergen_hbt.rules.derived import DERIVED
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.strict_yaml import Fault

#: What is published, and no rule reads: a table, and a share that recomputes another number.
PUBLISHED = ("kostra.", "legemiddelhaandtering.andel_pasienter")
INDEX = "index"


def of_tree(path: Path, files: Sequence[Path]) -> Iterator[Fault]:
    """Yield what a folder of the law's parameters, or of a part of them, lacks, and what nothing reads."""
    if not path.is_dir():
        return
    known = {parameter.name for parameter in names.parameters(SYSTEMS.system(in_force()).parameters)}
    known |= {f"{name.rpartition('.')[0]}.{INDEX}" for name in known}
    root = next((root for file in files for root in file.parents if _name(root, file) in known), None)
    if root is None:
        return
    needed = _needed()
    below = [file for file in files if file.is_relative_to(root)]
    there = {_name(root, file): file for file in below if file.suffix in ENDINGS and file.stem != INDEX}
    for name in sorted(needed.keys() - there.keys()):
        file = root.joinpath(*name.split(".")).with_suffix(ENDINGS[0])
        if file.is_relative_to(path):
            yield Fault(str(file), 0, 0, _("it is missing: {reader} reads it.").format(reader=needed[name]))
    for name, file in there.items():
        if name not in needed and not name.startswith(PUBLISHED):
            yield Fault(
                str(file), 0, 0, _("nothing reads '{name}'. {hint}").format(name=name, hint=nearest(name, needed))
            )


def _needed() -> dict[str, str]:
    """Return the parameters that have to be there, with what reads each."""
    system = SYSTEMS.system(in_force())
    followed = {
        name: derived for derived in DERIVED for name in names.find_parameter(system, derived).metadata["derived_from"]
    }
    return dict.fromkeys(OF_POPULATION, _("the embedded population")) | followed | history.readers(system)


def _name(root: Path, file: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts)

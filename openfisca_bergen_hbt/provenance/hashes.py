"""Fingerprints of the law, of inputs and of results: the same on any machine for the same content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.metadata import requires, version
from pathlib import Path
from platform import python_version
from typing import Any

import numpy
import yaml

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.comparison import FigureBlock
from openfisca_bergen_hbt.grunnregelverk import DISTRIBUTION, folder
from openfisca_bergen_hbt.population import Population, arrays
from openfisca_bergen_hbt.provenance.order import order_of_users
from openfisca_bergen_hbt.provenance.statements import statements
from openfisca_bergen_hbt.rules.money import FloatArray

#: The package's folder.
ROOT = Path(__file__).parent.parent
#: The libraries that a result can depend on.
#: What figures depend on; a report of them on more.
LIBRARIES = (DISTRIBUTION, "openfisca-core", "numpy", "polars")
#: Money that an agency gets in some month, beside its frame.
EXTRA = "etat_tilleggsbevilgning"
#: The published figures that the embedded populations are made of.
PUBLISHED = ("byomraader", "summer", "legemiddelhaandtering")


def hash_of(content: Any) -> str:
    """Return the SHA-256 of content that JSON can hold, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def source(path: Path) -> str:
    """Return the text of a file; in text mode, the kinds of line end are one."""
    return path.read_text(encoding="utf-8")


@lru_cache
def parameters() -> str:
    """Return the hash of every number of the law, with its dates and sources; comments and layout do not matter."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar is text; the first is ten times faster
    root = folder("parameters")
    files = sorted(root.rglob("*.yaml"))
    return hash_of({str(path.relative_to(root).as_posix()): yaml.load(source(path), loader) for path in files})  # noqa: S506


def rule_files() -> list[Path]:
    """Return the modules that the law is written in and with, but for its decisions."""
    front_doors = [ROOT / "vedtak.py", ROOT / "grunnregelverk.py", ROOT / "text" / "periods.py"]
    return [*sorted(folder("variables").glob("*.py")), *sorted((ROOT / "rules").rglob("*.py")), *front_doors]


def written(*files: Path) -> str:
    """Return the hash of what is written in modules of Python: of their statements, wherever each stands.

    What a variable says of itself (its label, unit and reference) counts as what it computes does, as with parameters;
    imports, comments, docstrings and layout do not, nor in which module or order the statements stand. So code can be
    moved and explained better without a record saying that the law has changed.
    """
    return hash_of(sorted(hash_of(statement) for path in files for statement in statements(source(path))))


@lru_cache
def rules() -> str:
    """Return the hash of the rules, and of the modules that they are made of."""
    return written(*rule_files())


@lru_cache
def decisions() -> dict[str, str]:
    """Return the hash of each decision, by its id."""
    return {path.stem: written(path) for path in sorted(folder("reforms").glob("vedtak_*.py"))}


@lru_cache
def readings() -> dict[str, str]:
    """Return the hash of each reading, and of each alternative, by its id."""
    files = [*folder("readings").glob("lesning_*.py"), *folder("proposals").glob("alternativ_*.py")]
    return {path.stem: written(path) for path in sorted(files)}


def law() -> dict[str, Any]:
    """Return the hashes of parameters, rules and decisions."""
    return {"parameters": parameters(), "rules": rules(), "decisions": decisions()}


def regulation(reforms: Iterable[str], proposals: Iterable[Mapping[str, Any]]) -> str:
    """Return the hash of a version of the regulation.

    Args:
        reforms: the ids of the decisions and readings in it, in order.
        proposals: what its proposals change, as JSON holds them.
    """
    known = decisions() | readings()
    changes = [proposal["changes"] for proposal in proposals]
    return hash_of([parameters(), rules(), [(name, known[name]) for name in reforms], changes])


def embedded(example: str, year: int) -> str:
    """Return the hash of an embedded population: of what it is made of and how.

    The last digits of its hours may differ between machines, as their mathematical functions do.
    """
    recipe = written(ROOT / "population" / "embedded.py")
    return hash_of([example, year, recipe, [data.rows(table) for table in PUBLISHED]])


def population(given: Population) -> dict[str, str]:
    """Return the hashes of a population from files: of its users, its units, its frames, and what comes beside them.

    They are of what is computed from, and so of no name of a user.
    """
    names = [list(some) for some in (given.unit_names, given.area_names, given.agency_names)]
    units = [given.agency_of_unit, *_arrays(given.units)]
    units += [] if given.area_of_unit is None else [given.area_of_unit]
    extra = {name: given.agencies[name] for name in given.agencies if name == EXTRA}
    frames = {name: values for name, values in given.agencies.items() if name not in extra}
    return {
        "users": given.in_parts.content if given.in_parts else _users(given),
        "units": _hash([*names, sorted(given.units)], units),
        "frames": _hash([names[2], sorted(frames)], _arrays(frames)),
        **({"extra": _hash([names[2], sorted(extra)], _arrays(extra))} if extra else {}),
    }


def _users(given: Population) -> str:
    """Return the hash of the users, whatever their order."""
    order = order_of_users(given.unit_of_user, [array for values in given.users.values() for array in arrays(values)])
    ordered = (array[order] for array in (given.unit_of_user, *_arrays(given.users)))
    return _hash([list(given.unit_names), sorted(given.users)], ordered)


def _arrays(inputs: Mapping[str, Any]) -> list[Any]:
    """Return the arrays of inputs in the order of their names, month by month where they have months."""
    return [array for _, values in sorted(inputs.items()) for array in arrays(values)]


def _hash(names: Any, values: Iterable[Any]) -> str:
    digest = hashlib.sha256(hash_of(names).encode())
    for array in values:
        digest.update(_bytes(numpy.asarray(array)))
    return digest.hexdigest()


def _bytes(array: Any) -> Any:
    if array.dtype.kind in "fiub":
        return numpy.ascontiguousarray(array + 0.0, dtype="<f8")  # -0 is 0
    return hash_of(array.tolist()).encode()


def results(blocks: Iterable[FigureBlock]) -> str:
    """Return the hash of results, as they are shown: figures held back count for nothing.

    Whole numbers are taken as they are, others to nine digits, as sums can differ in the last ones between machines.
    """
    digest = hashlib.sha256()
    for block in blocks:
        values = block.values.astype(numpy.float64)
        hidden = numpy.zeros(len(values), dtype=bool) if block.hidden is None else block.hidden
        values = numpy.where(hidden, 0.0, values)
        digest.update(hash_of([*block[:4], list(block.ids), hidden.tolist()]).encode())
        for part in (values,) if block.whole else nine_digits(values):
            digest.update(_bytes(part))
    return digest.hexdigest()


def nine_digits(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return numbers as nine digits and a power of ten, both whole: ``0.5`` is 500 000 000 and -1."""
    size = numpy.where(values == 0, 1.0, numpy.abs(values))
    power = numpy.floor(numpy.log10(size))
    digits = size / 10.0**power
    power += (digits >= 10).astype(numpy.float64) - (digits < 1)  # noqa: PLR2004 (where the logarithm is a hair off)
    rounded = numpy.rint(size / 10.0**power * 1e8)
    carried = rounded >= 1e9  # noqa: PLR2004 (999 999 999,9 is 100 000 000 and a higher power)
    return numpy.where(values == 0, 0.0, numpy.sign(values) * numpy.where(carried, 1e8, rounded)), power + carried


@lru_cache
def identity() -> dict[str, str]:
    """Return what two processes have in common that come to the same: the versions of libraries, and the law's hash.

    It is that of the law as it was when it was asked for first.
    """
    return {**{name: version(name) for name in LIBRARIES}, "law": hash_of([law(), readings()])}


@cache
def software() -> dict[str, str]:
    """Return the versions of what a result, and a report of it, can depend on: the package and all that it installs."""
    needed = [one for one in requires(DISTRIBUTION) or () if "extra ==" not in one]
    names = [DISTRIBUTION, *sorted(re.split(r"[^\w.-]", one, maxsplit=1)[0] for one in needed)]
    return {"python": python_version(), **{name: version(name) for name in names}}

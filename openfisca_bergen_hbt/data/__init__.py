"""Published figures as CSV with the source of each row; the registries of units, sources and interpretations."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from openfisca_bergen_hbt.text.language import say


@lru_cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a shipped table, such as ``byomraader``."""
    with files(__name__).joinpath(f"{table}.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@lru_cache
def units() -> dict[str, dict[str, Any]]:
    """Return the registry of units: by name, its label, description, bounds, and whether values can be added up."""
    return dict(_yaml("units"))


def unit(name: str | None) -> dict[str, Any]:
    """Return a unit by its name; of one that the registry lacks (in a reform of others), the name for a label."""
    return units().get(name or "", {"label": name or ""})


def unit_label(name: str | None) -> str:
    """Return what a unit is called, in the language that is spoken."""
    return say(str(unit(name)["label"]))


@lru_cache
def interpretations() -> dict[str, dict[str, str]]:
    """Return how the sources were read where they are silent, by id (``T-1`` …): ``short`` and ``text``."""
    return dict(_yaml("interpretations"))


@lru_cache
def sources() -> list[str]:
    """Return the registry of sources: the titles of the documents that numbers are taken from."""
    return list(_yaml("sources"))


def _yaml(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # safe either way; the first is ten times faster
    content: Any = yaml.load(files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"), loader)  # noqa: S506
    return content

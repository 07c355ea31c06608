"""Published figures, as CSV with the source of each row."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files


@lru_cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a shipped table, such as ``byomraader``."""
    with files(__name__).joinpath(f"{table}.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))  # type: ignore[arg-type]

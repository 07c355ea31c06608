"""What users may be given as besides one file: a folder of files, or a pattern such as ``brukere/*.parquet``."""

from __future__ import annotations

from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openfisca_bergen_hbt.partitions.stored import Stored


def is_pattern(data: Path) -> bool:
    """Return whether a path is a pattern, and no file or folder that is called so."""
    return has_magic(str(data)) and not data.exists()


def is_partitioned(data: Path | Stored) -> bool:
    """Return whether users are given in many files: as a folder, a pattern, or an address."""
    return not isinstance(data, Path) or data.is_dir() or is_pattern(data)


def paths_in(data: Path) -> list[Path]:
    """Return what lies in a folder, at any depth, or what a pattern is of; folders too."""
    return [*data.rglob("*")] if data.is_dir() else [*map(Path, glob(str(data), recursive=True))]  # noqa: PTH207 (pathlib has no absolute patterns)

"""The proposals that the package ships."""

from __future__ import annotations

from pathlib import Path

from openfisca_bergen_hbt.grunnregelverk import folder


def shipped_proposals() -> dict[str, Path]:
    """Return the files of the proposals that the package ships, by name."""
    return {path.stem: path for path in sorted(folder("proposals").glob("*.yaml"))}

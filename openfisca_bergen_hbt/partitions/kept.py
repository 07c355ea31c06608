"""Sums of files that an interrupted run has finished, kept in a folder: sums by unit, and nothing of a single user."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy
from openfisca_core.periods import DateUnit, Instant, Period

from openfisca_bergen_hbt.rules.stages.sums import Part

#: The sums of a file, by year and place of the law.
FileSums = dict[tuple[int, int], Part]
ENDING = ".sums.npz"


@dataclass(frozen=True)
class Kept:
    """A folder of finished files; what it holds of other data, another law or version is not looked at."""

    folder: Path
    #: The hash of all that the sums depend on but the file: the law, the versions, how files are read.
    key: str

    def _file(self, content: str) -> Path:
        return self.folder / f"{sha256(f'{self.key} {content}'.encode()).hexdigest()}{ENDING}"

    def has_some(self) -> bool:
        """Return whether anything is kept there."""
        return any(self.folder.glob(f"*{ENDING}"))

    def load(self, content: str) -> FileSums | None:
        """Return what is kept of a file by the hash of what it holds; None where there is nothing, or half of it."""
        try:
            with numpy.load(io.BytesIO(self._file(content).read_bytes()), allow_pickle=False) as kept:
                said = json.loads(bytes(kept["said"]).decode())
                arrays = [kept[f"a{number}"] for number in range(said["arrays"])]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        return {
            (year, law): Part({(name, _period(when)): arrays[at] for name, when, at in of}, units)
            for year, law, units, of in said["sums"]
        }

    def save(self, content: str, sums: Mapping[tuple[int, int], Part]) -> None:
        """Keep what a file came to; a file that is there is whole."""
        places: dict[int, int] = {}
        arrays: list[Any] = []
        written = []
        for (year, law), part in sums.items():
            rows = []
            for (name, when), values in part.sums.items():
                if id(values) not in places:
                    places[id(values)] = len(arrays)
                    arrays.append(values)
                rows.append([name, _months(when), places[id(values)]])
            written.append([year, law, list(part.units), rows])
        said = {"sums": written, "arrays": len(arrays)}
        made = io.BytesIO()
        text = numpy.frombuffer(json.dumps(said).encode(), dtype=numpy.uint8)
        numpy.savez(made, said=text, **{f"a{number}": values for number, values in enumerate(arrays)})
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(content)
        half = file.with_suffix(f".{os.getpid()}.half")
        half.write_bytes(made.getvalue())
        half.replace(file)


def _months(when: Any) -> list[list[Any]]:
    """Return a period, or two, as JSON holds them."""
    return [[str(period.unit), *period.start] for period in (when if type(when) is tuple else [when])]


def _period(written: list[list[Any]]) -> Any:
    found = [Period((DateUnit(unit), Instant(start), 1)) for unit, *start in written]
    return found[0] if len(found) == 1 else tuple(found)

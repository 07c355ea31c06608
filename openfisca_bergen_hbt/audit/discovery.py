"""The files that are audited: each one that looks like a test file, and none left out for its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from openfisca_bergen_hbt.text.language import _, of_system
from openfisca_bergen_hbt.text.strict_yaml import Fault

#: The endings that core's runner reads.
ENDINGS = (".yaml", ".yml")
#: What looks like YAML by name and has another ending, such as ``reserve.yaml.txt`` or ``reserve.YAML``.
LOOKS_LIKE_YAML = re.compile(r"\.ya?ml", re.IGNORECASE)


def shown(path: Path) -> str:
    """Return a path as it is shown, also one whose name is not UTF-8."""
    return path.as_posix().encode("utf-8", "replace").decode()


class NoFilesError(ValueError):
    """A path that matches no file."""


def files_in(folder: Path, above: Sequence[Path] = ()) -> Iterator[Path]:
    """Yield the files of a folder and of those in it, also behind links: core reads these, too.

    Raises:
        NoFilesError: a folder that can't be read.
    """
    here = folder.resolve()
    if here in above:
        return
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise NoFilesError(
            _("'{folder}' can't be read: {reason}.").format(folder=shown(folder), reason=of_system(error))
        ) from None
    for path in inside:
        if path.is_dir():
            yield from files_in(path, (*above, here))
        elif path.is_file():
            yield path


def find(paths: Sequence[Path]) -> tuple[list[Path], list[Fault]]:
    """Return the YAML files of paths, each once, and the faults of those that core's runner would pass over.

    Raises:
        NoFilesError: a path that does not exist, or a folder without any such file.
    """
    found: dict[Path, Path] = {}
    passed_over: list[Fault] = []
    for path in paths:
        if path.is_dir():
            inside = [file for file in files_in(path) if LOOKS_LIKE_YAML.search(file.name)]
            if not inside:
                raise NoFilesError(_("'{path}' holds no file ending in .yaml or .yml.").format(path=shown(path)))
        elif path.exists():
            inside = [path]
        else:
            raise NoFilesError(
                _("'{path}' matches no file. Give files, or folders that hold them.").format(path=shown(path))
            )
        for file in inside:
            if file.suffix in ENDINGS:
                found.setdefault(file.resolve(), file)
            else:
                message = _("its name does not end in .yaml or .yml, so that core's runner passes over it. Rename it.")
                passed_over.append(Fault(shown(file), 0, 0, message))
    return list(found.values()), passed_over

"""The questions: each a module in ``analysis``, and one of the same name in ``report.subjects`` that words its answer.

They are found by their files, and imported when they are asked for.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from openfisca_bergen_hbt import analysis
from openfisca_bergen_hbt.analysis.asking import Question
from openfisca_bergen_hbt.report import subjects
from openfisca_bergen_hbt.text.language import _


def names() -> list[str]:
    """Return the names of the questions, as a command line writes them."""
    rooms = [{module.name for module in iter_modules(room.__path__)} for room in (analysis, subjects)]
    return sorted(name.replace("_", "-") for name in set.intersection(*rooms))


def question(name: str) -> Question:
    """Return a question by its name."""
    if name not in names():
        message = _("There is no question '{name}'. The questions are: {names}.")
        raise ValueError(message.format(name=name, names=", ".join(names())))
    found: Question = import_module(f"{analysis.__name__}.{name.replace('-', '_')}").QUESTION
    return found


def subject(name: str) -> Any:
    """Return the module that words the answers of a question."""
    return import_module(f"{subjects.__name__}.{name.replace('-', '_')}")

"""The comparisons that the page shows: of an address, which are kept, and of sent files, which never are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from dataclasses import replace as copied
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl

from msgspec.structs import replace
from openfisca_core.errors import SituationParsingError
from werkzeug.datastructures import MultiDict

from openfisca_bergen_hbt.analysis import compare
from openfisca_bergen_hbt.analysis.asking import Asked, Request
from openfisca_bergen_hbt.analysis.asking.preparing import LackingInputsError, NoFiguresError, prepare
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.intake.microdata import Microdata, read_populations
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.report.paper import Paper, Table
from openfisca_bergen_hbt.report.subjects import compare as comparison
from openfisca_bergen_hbt.text.language import _, spoken
from openfisca_bergen_hbt.web.api.errors import BUSY, RequestError
from openfisca_bergen_hbt.web.api.questions import refuse_too_many
from openfisca_bergen_hbt.web.api.situations import Limits
from openfisca_bergen_hbt.web.api.turns import Turn
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.sent_files import Sent, files_with

#: The tables that tell of a change, where there is one.
FIRST = ("ladder", "years", "change")
#: How many comparisons of embedded populations are kept, for the charts and downloads of a page.
KEPT = 12
#: Held while bands are worked out: one choice at a time, so that others get their figures.
_DRAWING = Turn()


def no_population() -> str:
    """Return what is said of a year that the embedded population does not have."""
    message = _("The embedded population has the years {years}. Choose one of them, or attach data of your own.")
    return message.format(years=", ".join(map(str, embedded.YEARS)))


@dataclass
class PageResult:
    """A comparison made for the page."""

    asked: Asked
    compared: Comparison | Years
    paper: Paper
    #: What she changed against the same regulation without it; None where she changed nothing.
    effect: Comparison | None = None
    notes: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def shown_first(self) -> Paper:
        """What is drawn of the change, where there is one; else all that is said of the comparison."""
        return self.paper if self.effect is None else comparison.drawn(self.effect)

    def table(self, name: str) -> Table | None:
        """Return a table: of the change where it says that, else of the comparison."""
        return self.shown_first.table(name) if name in FIRST else self.paper.table(name)

    def recorded(self) -> dict[str, Any]:
        """Return the record of the run; what it asks of the comparison is computed by one request at a time."""
        with self.lock:
            return record.record(self.asked, self.compared)


class Pages:
    """The page's comparisons; those of embedded populations are kept, those of sent files never."""

    def __init__(self) -> None:
        self._of_address = lru_cache(KEPT)(self._asked_by)

    def result(self, choice: Choice, sent: Mapping[str, Sent]) -> PageResult:
        """Return the comparison of a choice.

        Raises:
            DataError: a sent file that can't be used.
            RequestError: a choice that can't be run.
        """
        request = choices.request(choice)
        if not sent:
            return self._of_address(copied(choice, scenarios=[], against="").query())
        with in_turn(choice):
            return self._of_files(choice, request, sent)

    def _asked_by(self, query: str) -> PageResult:
        """Return the comparison of an embedded population that an address asks for."""
        choice = choices.choice_in(MultiDict(parse_qsl(query, keep_blank_values=True)))
        with in_turn(choice):
            return _compared(choices.request(choice))

    def whole_ladder(self, choice: Choice) -> Comparison | None:
        """Return all regulations on an embedded population, from the foundation to today; None where it has none."""
        if choice.year not in embedded.YEARS or choice.until:
            return None
        every = [version.id for version in versions()]
        whole = Choice(year=choice.year, example=choice.example, regulations=every, language=spoken())
        found = self.result(whole, {}).compared
        return found if isinstance(found, Comparison) else None

    def ladder(self, choice: Choice, result: PageResult) -> Comparison | None:
        """Return all regulations from the foundation to today, with the bands of a result; None where it has none."""
        whole = copy(self.whole_ladder(choice))
        if whole and isinstance(result.compared, Comparison):
            whole.sureness = result.compared.sureness
        return whole

    def _of_files(self, choice: Choice, request: Request, sent: Mapping[str, Sent]) -> PageResult:
        request, read = on_own_files(choice, request, sent)
        found = _compared(request, read.__getitem__)
        found.notes.extend(dict.fromkeys(note for one in read.values() for note in one.notes))
        lack = found.asked.left_out.items()
        left_out = _("Left out: '{title}' counts the hours from {inputs}.")
        found.notes.extend(left_out.format(title=title, inputs=inputs) for title, inputs in lack)
        return found


def on_own_files(choice: Choice, request: Request, sent: Mapping[str, Sent]) -> tuple[Request, dict[int, Microdata]]:
    """Return a request about users in sent files, and the users of each year.

    Raises:
        DataError: a sent file that can't be used.
        RequestError: a frame that is no amount.
    """
    files, said = files_with(sent, choice.of_files)
    read = read_populations(files, request.years or [choice.year])
    return replace(request, population=None, **said), read


@contextmanager
def in_turn(choice: Choice) -> Iterator[None]:
    """Work; on bands, where nobody else does.

    Raises:
        RequestError: somebody does.
    """
    if not choice.bands:
        yield
    elif _DRAWING.acquire():
        try:
            yield
        finally:
            _DRAWING.release()
    else:
        message = _("The server is working out the bands of another choice. Try again in a while.")
        raise RequestError(message, status=BUSY)


@contextmanager
def refusing() -> Iterator[None]:
    """Say what can't be computed in the page's words, as a ``RequestError``."""
    try:
        yield
    except NoFiguresError:
        raise RequestError(no_population()) from None
    except LackingInputsError as error:
        message = _("The data lack {inputs}, from which the hours are counted.")
        raise RequestError(message.format(inputs=error.inputs)) from None
    except SituationParsingError as error:
        raise RequestError(" ".join(str(error).split())) from None
    except RequestError as error:
        if error.path == ["samples"]:
            many = _(
                "The units and regulations are too many for bands to be worked out here. Use the command bergen-hbt, "
                "with --samples {samples}."
            )
            raise RequestError(many.format(samples=choices.SAMPLES)) from None
        raise
    except DataError:
        raise
    except ValueError as error:
        raise RequestError(str(error)) from None


def _compared(request: Request, read: Callable[[int], Microdata] | None = None) -> PageResult:
    """Return the comparison that a request asks for, and what a change in it does."""
    with refusing():
        asked = prepare(compare.QUESTION, request, read, leave_out=True)
        refuse_too_many(asked, Limits())
        compared = compare.QUESTION.run(asked)
        return PageResult(asked, compared, comparison.paper(compared), _effect(asked, compared))


def _effect(asked: Asked, compared: Comparison | Years) -> Comparison | None:
    """Return the last regulation beside the same one without what was changed in it.

    None where nothing was, and where the answer is to be published: the effect is exact.
    """
    if isinstance(compared, Years) or compared.public or not compared.runs or not asked.request.regulations:
        return None
    changed = compared.runs[-1].version
    as_adopted = versions([asked.request.regulations[-1]])[0]
    if copied(changed, id=as_adopted.id) == as_adopted:
        return None
    found = Comparison(compared.population, compared.year, [as_adopted, changed], suppression=compared.suppression)
    found.compute()
    if len(found.runs) < 2:  # noqa: PLR2004 (with and without)
        return None
    if asked.options.samples and not changed.readings:  # another reading would take the place of the one that is tried
        from openfisca_bergen_hbt.analysis.sensitivity import how_sure  # SciPy, which it draws with, takes its time

        hides = found.hides if found.suppression else None
        found.sureness = how_sure(asked, [as_adopted, changed], asked.options.samples, hides)
    return found

"""How a request is made ready: its regulations found, its population read, and what can't be asked refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from openfisca_bergen_hbt.analysis.asking import Asked, Done, Question, Request
from openfisca_bergen_hbt.law.proposals import checked_in_order
from openfisca_bergen_hbt.law.systems import SYSTEMS, runnable
from openfisca_bergen_hbt.law.versions import Version, asked_for, in_force, law_of, named, with_proposals
from openfisca_bergen_hbt.population import Population, embedded
from openfisca_bergen_hbt.regelverk import chosen_readings
from openfisca_bergen_hbt.text.language import _

if TYPE_CHECKING:
    from openfisca_bergen_hbt.intake.microdata import Microdata


class NoFiguresError(ValueError):
    """A year that the embedded populations are not of."""


class LackingInputsError(ValueError):
    """Users whose hours a regulation has nothing to count from."""

    def __init__(self, title: str, inputs: str, year: int) -> None:
        super().__init__(
            _("the inputs lack {inputs}, from which '{title}' counts the hours of {year}").format(
                inputs=inputs, title=title, year=year
            )
        )
        self.title, self.inputs, self.year = title, inputs, year


def prepare(
    question: Question,
    request: Request,
    users: Callable[[int], Population | Microdata] | None = None,
    *,
    versions: Sequence[Version] | None = None,
    leave_out: bool = False,
    begin: Callable[[int], Done] = lambda _: lambda: None,
) -> Asked:
    """Return a request made ready: its population read, its regulations found, and those that can be run.

    A regulation that the inputs are not enough for is left out where none was asked for by name; else it is refused.

    Args:
        question: what is asked.
        request: all that is asked for.
        users: reads users of one's own of a year, where the request is about them.
        versions: the regulations, where they are known already.
        leave_out: leave out also what was asked for by name, as a form whose boxes are ticked beforehand must.
        begin: what the work tells how far it has come.

    Raises:
        NoFiguresError: an embedded population of a year without published figures.
        LackingInputsError: users that a regulation asked for, or every one, lacks an input of.
        ValueError: options or regulations that can't be.
    """
    options = _options(question, request)
    if question.settled:
        options, request = _with_options(request, question.settled(options))
    if request.years:
        request = msgspec.structs.replace(request, year=request.years[-1])
    if unread := sorted(set(request.frames) - set(request.years or [request.year])):
        raise ValueError(_("A frame is given for {year}, which is not asked for.").format(year=unread[0]))
    wanted = list(versions) if versions is not None else found_versions(question, request)
    if request.public:
        _refuse_unpublishable(question, request)
    people, files = _population(question, request, users)
    if files and files.sheet:
        request = msgspec.structs.replace(request, sheet=files.sheet)
    if question.completed:
        options, request = _with_options(request, question.completed(options, files))
    of_population = [reading.id() for version in wanted for reading in version.readings if reading.of_population]
    if of_population and people and not people.made_for:
        message = _("'{reading}' reads the visits of the embedded population; it does nothing to other users.")
        raise ValueError(message.format(reading=of_population[0]))
    can, lack = (wanted, {}) if request.years or not wanted else runnable(wanted, people, request.year)
    by_name = request.regulations or question.versions
    if lack and (not can or (by_name and not leave_out)):
        title, inputs = next(iter(lack.items()))
        raise LackingInputsError(title, inputs, request.year)

    def of_year(year: int) -> Population:
        of = msgspec.structs.replace(request, year=year)
        return people if year == request.year else _population(question, of, users)[0]

    return Asked(question, request, options, can, lack, people, of_year, files, begin)


def _with_options(request: Request, options: Any) -> tuple[Any, Request]:
    """Return options, and a request that asks for them: those that are as usual go without saying."""
    fields = msgspec.structs.fields(options)
    said = [field.encode_name for field in fields if getattr(options, field.name) != field.default]
    written = msgspec.to_builtins(options)
    return options, msgspec.structs.replace(request, options={name: written[name] for name in said})


def _refuse_unpublishable(question: Question, request: Request) -> None:
    """Refuse what can't be published.

    Raises:
        ValueError: a question, or something asked for with it, that shows more than can be published.
    """
    if not question.public:
        why = _(question.not_public) if question.not_public else _("It shows nothing of users.")
        said = _("--public is of compare and scenarios, and not of {question}. {why}")
        raise ValueError(said.format(question=question.name, why=why))
    if request.population:
        raise ValueError(_("--public is of users of your own: all of the embedded ones is public."))
    if not request.suppression:
        raise ValueError(_("--public and --no-suppression exclude each other. Give one of them."))
    if request.years:
        raise ValueError(
            _(
                "--public goes with one year: from two years of the same users more can be reckoned than from each. "
                "Leave --years out."
            )
        )
    if any(map(request.options.get, ("samples", "max_loss", "flow"))):
        raise ValueError(
            _("--public goes with none of --samples, --max-loss and --flow: what they show is made of exact amounts.")
        )


def found_versions(question: Question, request: Request) -> list[Version]:
    """Return the regulations that a request asks for.

    Raises:
        ValueError: a name that no regulation has, or a proposal that can't be made.
    """
    if question.versions:
        return list(question.versions(_options(question, request)))
    proposals = checked_in_order(request.proposals, SYSTEMS.foundation())
    if request.years:
        if request.regulations:
            raise ValueError(_("Each of several years is run under its own law: give years, or regulations."))
        return [law_of(year, request.without, proposals, request.readings) for year in request.years]
    if "regulations" in question.takes:
        return asked_for(request.regulations, request.without, proposals, request.readings)
    if "regulation" not in question.takes:
        return []
    base = named(request.regulations[0]) if request.regulations else in_force()
    base = replace(base, readings=chosen_readings(request.readings))
    return with_proposals(base, proposals)[-1:] or [base]


def _options(question: Question, request: Request) -> Any:
    try:
        return msgspec.convert(request.options, question.options)
    except msgspec.ValidationError as error:
        raise ValueError(f"{question.name}: {error}") from None


def laws_of(question: Question, request: Request) -> dict[int, list[Any]]:
    """Return the systems of the regulations that a request asks for, by year."""
    found = [SYSTEMS.system(version) for version in found_versions(question, request)]
    if request.years:
        return {year: [system] for year, system in zip(request.years, found, strict=True)}
    return {request.year: found or [SYSTEMS.system(in_force())]}


def _population(
    question: Question, request: Request, users: Callable[[int], Population | Microdata] | None
) -> tuple[Population, Microdata | None]:
    if not question.is_of_users:
        return None, None  # type: ignore[return-value] # such a question never looks
    frame = request.frames.get(request.year, request.frame)
    if users:
        found = users(request.year)
        return (_framed(found, frame), None) if isinstance(found, Population) else (found.population, found)
    if request.population not in embedded.EXAMPLES:
        raise ValueError(_("There is no embedded example '{name}'.").format(name=request.population))
    if request.year not in embedded.YEARS:
        raise NoFiguresError(_("There are no published figures for {year}.").format(year=request.year))
    return _framed(embedded.EXAMPLES[request.population](request.year), frame), None


def _framed(people: Population, frame: int | str | None) -> Population:
    """Return a population with a frame, where one is given.

    Raises:
        ValueError: a frame for several agencies, or one that is given twice.
    """
    if not isinstance(frame, int):
        return people
    if len(people.agency_names) > 1 or "etat_budsjettramme" in people.agencies:
        raise ValueError(_("A frame of a year is that of the only agency, and is given once."))
    return people.with_frame(frame)

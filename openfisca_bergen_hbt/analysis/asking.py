"""How anything is asked: a request, read once from wherever it comes, and what a question says of itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.law.proposals import LAST_DAY, Proposal, checked_in_order
from openfisca_bergen_hbt.law.systems import SYSTEMS, runnable
from openfisca_bergen_hbt.law.versions import Version, asked_for, in_force, law_of, named, with_proposals
from openfisca_bergen_hbt.population import Population, embedded
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY, chosen_readings
from openfisca_bergen_hbt.rules.money import MOST_KRONER
from openfisca_bergen_hbt.text.language import _, marked

if TYPE_CHECKING:
    from openfisca_bergen_hbt.analysis.comparison import FigureBlock
    from openfisca_bergen_hbt.intake.microdata import Microdata

#: The first and the last year that the regulation has.
FIRST_YEAR, LAST_YEAR = FOUNDATION_DAY.year, LAST_DAY.year
#: The frame that the regulation itself has, where users of one's own are to share it.
BERGEN: Literal["bergen"] = "bergen"
#: How many draws a question may ask for.
MOST_SAMPLES = 4096
#: The seed of draws where none is given: the same bits each time.
SEED = 20200604
#: The band that is shown: nine draws of ten lie within it.
BAND = (0.05, 0.95)
Year = Annotated[
    int, Meta(ge=FIRST_YEAR, le=LAST_YEAR, extra={"fault": marked("'year' is a whole number from 2017 to 2100.")})
]
#: What options say of flows (``analysis.flows.what_if``).
FlowTexts = Annotated[
    tuple[str, ...],
    Meta(
        description=marked(
            "What if more, or fewer, went from one category to another, such as 'kategori_4→kategori_5 +10%' "
            "('->' does as well; ingen: who comes, or goes). Repeatable."
        ),
        extra={"metavar": "FLOW", "fault": marked("'flow' is a list of texts such as 'kategori_4→kategori_5 +10%'.")},
    ),
]
#: What questions share, and each of them takes or does not.
Taken = Literal[
    "population", "users", "parts", "months", "expected", "year", "years", "regulation", "regulations", "suppression"
]
#: Called when a part of the work is finished.
Done = Callable[[], object]
#: Amounts of a year in kroner, by regulation, by name, and by variable.
Kroner = dict[str, dict[str, dict[str, int]]]


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that is asked: of options, a body, the page's fields or a record alike."""

    #: The question's name, and what it alone asks for.
    question: str
    options: dict[str, Any] = {}
    year: Year = embedded.PUBLISHED_YEARS[-1]
    #: Several years, each under its own law, in order; none for the one.
    years: tuple[int, ...] = ()
    regulations: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    #: The name of an embedded population; None for users of one's own, or for none.
    population: str | None = None
    #: The frame of the only agency, in whole kroner, for the year or for some years.
    frame: int | Literal["bergen"] | None = None
    frames: dict[int, int] = {}
    #: How files of one's own were read. Their names are nobody's business.
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    #: What the hours of such files are, where they are not the assessed ones (T-31).
    hours: Literal["performed"] | None = None
    keep: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    suppression: bool = True
    #: Whether what is shown is to be published.
    public: bool = False


class NoOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a question that has none of its own."""


@dataclass(frozen=True)
class Figures:
    """What of a result is recorded: the figures that its hash is of, and amounts to compare with."""

    #: Of a comparison: every figure. Of another question: what JSON can hold of the result.
    hashed: Sequence[FigureBlock] | dict[str, Any]
    kroner: Kroner
    #: What is hashed besides the figures of a comparison: how sure they are, where that is asked for.
    beside: dict[str, Any] | None = None


def as_recorded(found: Any) -> dict[str, Any]:
    """Return a result (a dataclass) as a record and JSON can hold it."""
    content: dict[str, Any] = msgspec.to_builtins(asdict(found), str_keys=True)
    return content


@dataclass(frozen=True, eq=False)
class Question:
    """What a question says of itself; its command, its part of the API and what ``verify`` runs are made from it."""

    name: str
    #: What it is: the first sentence for lists, the rest for its help.
    about: str
    examples: Sequence[str]
    #: What answers it: typed figures, without text.
    run: Callable[[Asked], Any]
    #: What it alone asks for: the fields of a Struct, whose ``Meta`` carries bounds and help, and in ``extra`` how a
    #: command line says it (``option``, ``argument``, ``metavar``).
    options: type[msgspec.Struct] = NoOptions
    #: What it takes of what questions share: a population (an embedded one, or users of one's own) or such users alone,
    #: users of whom only sums are known (``parts``), or users whose last months may lack (``months``) or are
    #: ``expected``, a year, or several, one regulation or several, and whether small counts are held back.
    takes: Sequence[Taken] = ("population", "year", "regulations", "suppression")
    #: Examples of what asks it over the web.
    bodies: Sequence[dict[str, Any]] = ()
    #: The forms that it is written in; the first where nothing else is said.
    forms: Sequence[str] = ("text", "json", "markdown")
    #: Whether the ending of a file says its form.
    by_ending: bool = False
    #: Whether what it shows of own data can be published; and why it can't be, where it can't.
    public: bool = False
    not_public: str = ""
    #: Whether its figures can be drawn, with ``--plot``.
    drawn: bool = False
    #: How often each unit is run again, or what comes to as much: by this its work over the web is bounded.
    runs: int = 1
    #: Makes of its options what they mean today, where that is another thing tomorrow; None where it never is.
    settled: Callable[[Any], Any] | None = None
    #: Makes of its options what they mean of users: of those read from files by what is known of these; None where that
    #: is nothing else.
    completed: Callable[[Any, Microdata | None], Any] | None = None
    #: What of its result is recorded; None for a question whose runs are not.
    recorded: Callable[[Any, Done], Figures] | None = None
    #: The regulations that its own options say, where they do.
    versions: Callable[[Any], Sequence[Version]] | None = None
    #: What makes its options of the text of a file, and of what faults call the file, where a command line gives one.
    read: Callable[[str, str], dict[str, Any]] | None = None

    @property
    def is_of_users(self) -> bool:
        """Whether it is asked of users, embedded ones or one's own."""
        return not {"population", "users"}.isdisjoint(self.takes)


@dataclass(frozen=True)
class Asked:
    """A request made ready: what a question's function gets."""

    question: Question
    request: Request
    #: An instance of the question's options.
    options: Any
    #: The regulations that can be run, and the titles of the others with the inputs that each lacks.
    versions: Sequence[Version]
    left_out: dict[str, str]
    #: Of the year, the last of several; None only for a question that takes none.
    population: Population
    #: The population of each year.
    people: Callable[[int], Population]
    #: What is known of the files that users of one's own were read from.
    files: Microdata | None
    #: Called with the number of parts of the work; returns what is called for each that is finished.
    begin: Callable[[int], Done]

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.request.year

    @property
    def suppression(self) -> bool:
        """Whether small counts are held back, which they are where users are real."""
        return self.request.suppression and self.population.personal

    @property
    def version(self) -> Version:
        """The regulation of a question that takes one."""
        return self.versions[-1]

    @property
    def system(self) -> Any:
        """The system of that regulation."""
        return SYSTEMS.system(self.version)


def read_years(text: str) -> tuple[int, ...]:
    """Return the years of a span, such as ``2017-2019``, in order.

    Raises:
        ValueError: no span of the regulation's years.
    """
    match = re.fullmatch(r"([0-9]{4})-([0-9]{4})", text)
    first, last = map(int, match.groups()) if match else (0, 0)
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        usual = f"{embedded.YEARS[0]}-{embedded.YEARS[-1]}"
        message = _("'{text}' is no span of years. Write the first and the last, such as {usual}.")
        raise ValueError(message.format(text=text[:40], usual=usual))
    return tuple(range(first, last + 1))


def read_frames(texts: Sequence[str]) -> dict[str, Any]:
    """Return what a request says of frames: ``1021686820`` for any year, ``2018=1000000000`` for one, or ``bergen``.

    Raises:
        ValueError: no frame, or two for a year.
    """
    frames: dict[int | None, int | str] = {}
    for text in texts:
        match = re.fullmatch(r"(?:([0-9]{4})=)?([0-9]{1,16}|bergen)", "".join(text.split()))
        if not match or (match[2] != BERGEN and int(match[2]) > MOST_KRONER) or (match[1] and match[2] == BERGEN):
            message = _(
                "'{text}' is no frame. Write whole kroner, such as 1021686820; those of a year as "
                "2018=1021686820; or {bergen} for the frame that the regulation has."
            )
            raise ValueError(message.format(text=text[:40], bergen=BERGEN))
        year = int(match[1]) if match[1] else None
        if year in frames:
            twice = (
                _("The frame of {year} is given twice. Give it once.")
                if year
                else _("The frame is given twice. Give it once.")
            )
            raise ValueError(twice.format(year=year))
        frames[year] = BERGEN if match[2] == BERGEN else int(match[2])
    return {"frame": frames.pop(None, None), "frames": frames}


def written_frames(request: Request) -> tuple[str, ...]:
    """Return what a request says of frames as ``read_frames`` reads it; the regulation's own where it says nothing."""
    usual = request.frame or ("" if request.frames else BERGEN)
    return (*([str(usual)] if usual else []), *(f"{year}={frame}" for year, frame in request.frames.items()))


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

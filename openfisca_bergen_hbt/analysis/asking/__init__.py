"""How anything is asked: a request, read once from wherever it comes, and what a question says of itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.law.proposals import LAST_DAY, Proposal
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population, embedded
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY
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

"""``POST /<question>``: each question over the web, its body and its part of the specification from what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.analysis.asking import Asked, Question, Request, Year, read_years
from openfisca_bergen_hbt.analysis.asking.preparing import LackingInputsError, NoFiguresError, prepare
from openfisca_bergen_hbt.intake.microdata import Microdata
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.population import Population, embedded
from openfisca_bergen_hbt.population.by_month import by_month
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.report.forms import outputs
from openfisca_bergen_hbt.rules.money import MOST_KRONER
from openfisca_bergen_hbt.text import typed
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.typed import PlacedError
from openfisca_bergen_hbt.web.api import columns, regulations
from openfisca_bergen_hbt.web.api.errors import RequestError, of_situation, refusals
from openfisca_bergen_hbt.web.api.regulations import MOST_REGULATIONS
from openfisca_bergen_hbt.web.api.situations import Limits

#: What reads users of one's own of a year.
Users = Callable[[int], Population | Microdata]
#: An option of a command, as messages name it.
OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
#: Where the specification keeps what it refers to.
REF = "#/components/schemas/{name}"
YEARS = ", ".join(map(str, embedded.YEARS))


class Part(NamedTuple):
    """A key of a body that questions share."""

    name: str
    type: Any
    default: Any = UNSET


def _fault(text: str, kind: Any, places: Mapping[str, object] | None = None, **schema: Any) -> Any:
    """Return a type with what is said where something else is sent, and with what its schema says beyond the type."""
    return Annotated[kind, Meta(extra={"fault": text, "places": places or {}}, extra_json_schema=schema or None)]


YEARS_ARE = marked("'years' is a span such as 2017-2022, or a list of years in order.")
FRAMES = marked("'frames' is an object: a year, and the frame of the only agency in whole kroner.")
EXAMPLES = marked("'population' is one of {names}.")
INPUTS = marked("'{name}' is an object: a name, and its inputs.")
REGULATION = marked("'regulation' is an id or a date.")
READINGS = marked("'readings' is a list of ids of readings.")
SUPPRESSION = marked("'suppression' is true or false.")
PUBLIC = marked("'public' is true or false.")
Kroner = Annotated[int, Meta(ge=0, le=int(MOST_KRONER))]
#: What the names under a key of a body are names of: the specification lists them.
NAMED = {
    "regulation": "RegulationId",
    "regulations": "RegulationId",
    "without": "Decision",
    "readings": "ReadingId",
    "variable": "VariableId",
    "variables": "VariableId",
    "parameter": "NumberId",
    "one": "RegulationId",
    "other": "RegulationId",
}
MANY = marked("'{name}' is a list of ids or dates, and has at most {most}.")
USERS = [
    Part("users", columns.USERS | UnsetType),
    *(
        Part(
            name,
            _fault(INPUTS, dict[str, Any] | UnsetType, {"name": name}, **columns.INPUTS),
        )
        for name in ("units", "etater")
    ),
]


def _ids(name: str) -> Part:
    schema = {"uniqueItems": True}
    said = {"fault": MANY, "places": {"name": name, "most": MOST_REGULATIONS}}
    many = Meta(max_length=MOST_REGULATIONS, extra_json_schema=schema, extra=said)
    return Part(name, Annotated[list[str], many], ())


#: The keys of the body for each part that questions share.
SHARED = {
    "year": [Part("year", Year, embedded.PUBLISHED_YEARS[-1])],
    "years": [
        Part(
            "years",
            _fault(YEARS_ARE, str | Annotated[list[Year], Meta(min_length=1)] | UnsetType),
        ),
        Part("frames", _fault(FRAMES, dict[Annotated[str, Meta(pattern="^[0-9]{4}$")], Kroner] | UnsetType)),
    ],
    "population": [
        Part(
            "population",
            _fault(EXAMPLES, Literal[*embedded.EXAMPLES] | UnsetType, {"names": ", ".join(embedded.EXAMPLES)}),
        ),
        *USERS,
    ],
    "users": USERS,
    "regulation": [Part("regulation", _fault(REGULATION, str | UnsetType))],
    "regulations": [
        _ids("regulations"),
        _ids("without"),
        Part("readings", _fault(READINGS, list[str]), ()),
        Part("changes", Annotated[Any, Meta(extra_json_schema={"$ref": REF.format(name="Changes")})]),
    ],
    "suppression": [
        Part("suppression", _fault(SUPPRESSION, bool), default=True),
        Part("public", _fault(PUBLIC, bool), default=False),
    ],
}


def answered(
    question: Question, body: Mapping[str, Any], limits: Limits, read: Users | None = None, **of_files: Any
) -> tuple[Asked, Any]:
    """Return a question made ready by a body, and its result.

    Args:
        question: what is asked.
        body: all that is asked for, but files.
        limits: how much may be asked for.
        read: reads the users of a year from files that were sent beside the body.
        **of_files: what the request says of these.
    """
    with refusals():
        try:
            asked = _asked(question, body, limits, read, of_files)
            return asked, question.run(asked)
        except (RequestError, PlacedError, DataError):
            raise
        except SituationParsingError as error:
            found = of_situation(error)
            raise RequestError(found.message, _way_in(body, found.path)) from None
        except ValueError as error:
            raise _refusal(error, body) from None


def answer(question: Question, body: Mapping[str, Any], limits: Limits) -> bytes:
    """Return the answer to a question as JSON, with the record of its run where it is recorded."""
    asked, result = answered(question, body, limits)
    with refusals():
        content = outputs.content("json", questions.subject(question.name), asked, result)
        return outputs.write("json", content, record.record(asked, result) if question.recorded else None)


def _way_in(body: Mapping[str, Any], path: Sequence[str]) -> list[str]:
    """Return the way to a fault of the law, as far as a body has it: users are in columns, and a year has no key."""
    kind, *rest = path or [""]
    found: list[str] = []
    inside: Any = body
    for name in {"brukere": ["users", *rest[1:2]], "enheter": ["units", *rest]}.get(kind, path):
        if not isinstance(inside, Mapping) or name not in inside:
            break
        found.append(name)
        inside = inside[name]
    return found


def _refusal(error: ValueError, body: Mapping[str, Any]) -> RequestError:
    """Return what is wrong in the words of a body: an option of a command is a key, and what is quoted is the place."""
    message = OPTION.sub(lambda found: f"'{found[1].replace('-', '_')}'", str(error))
    asked = {key: value for key, value in body.items() if key not in {part.name for part in USERS}}
    quoted = ("'{}'", "«{}»")  # as each language does
    places = [(message.find(quote.format(text)), path) for path, text in _texts(asked) for quote in quoted]
    return RequestError(message, min((found for found in places if found[0] >= 0), default=(0, ()))[1])


def _texts(content: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts that a body holds, its keys too, each with the way to it."""
    if isinstance(content, str):
        yield path, content
    inside = (
        content.items() if isinstance(content, Mapping) else enumerate(content) if isinstance(content, list) else ()
    )
    for key, inner in inside:
        if isinstance(key, str):
            yield (*path, key), key
        yield from _texts(inner, (*path, str(key)))


def refuse_too_many(asked: Asked, limits: Limits) -> None:
    """Refuse a question that is too large to answer here.

    Raises:
        RequestError: it has more units times regulations than the limit, or more of them times draws.
    """
    regulations_ = len(asked.versions) + len(asked.left_out)
    units, most = len(asked.population.unit_names), limits.compared // max(1, regulations_ * asked.question.runs)
    if units > most:
        message = _(
            "There are {units} units; with {regulations} regulations at most {most} are compared here. Use bergen-hbt "
            "{question}, which has no such limit."
        )
        told = {"units": units, "regulations": regulations_, "most": most, "question": asked.question.name}
        raise RequestError(message.format(**told), ["users", "enhet"])
    samples, most = getattr(asked.options, "samples", 0), limits.drawn // max(1, regulations_ * units)
    if samples > most:
        message = _(
            "There are {units} units and {regulations} regulations; they are drawn at most {most} times here. Use "
            "bergen-hbt {question}, which has no such limit."
        )
        told = {"units": units, "regulations": regulations_, "most": most, "question": asked.question.name}
        raise RequestError(message.format(**told), ["samples"])


def _asked(
    question: Question, body: Mapping[str, Any], limits: Limits, users: Users | None, of_files: Mapping[str, Any]
) -> Asked:
    """Return a question made ready by a body."""
    typed.read(body, body_of(question))
    request = _request(question, body)
    if users:
        request = msgspec.structs.replace(request, population=None, **of_files)
    elif "users" in body:
        given, years = (body.get("units", {}), body.get("etater", {}), limits), request.years or (request.year,)
        may_end_early = "months" in question.takes

        def users(year: int) -> Population | Microdata:
            rows = columns.of_year(body["users"], years, year)
            of_users, known = by_month(rows, may_end_early=may_end_early)
            found = columns.population(of_users, *given, years=years, year=year)
            return Microdata(found, [], has_months=True, months=known, given=known) if may_end_early else found

    elif "users" in question.takes:
        raise RequestError(_("Send 'users': an object of columns."), ["users"])
    try:
        asked = prepare(question, request, users)
    except NoFiguresError:
        path = ["years" if request.years else "year"]
        message = _("The embedded populations are of {years}: send one of these, or 'users'.")
        raise RequestError(message.format(years=YEARS), path) from None
    except LackingInputsError as error:
        message = _("The users lack {inputs}, from which '{title}' counts the hours of {year}.")
        raise RequestError(message.format(**vars(error)), ["users"]) from None
    if asked.versions:
        refuse_too_many(asked, limits)
    return asked


def _request(question: Question, body: Mapping[str, Any]) -> Request:
    """Return the request that a body of the right types makes."""
    with_users = "users" in body
    if with_users and "population" in body:
        raise RequestError(_("Send 'users' or 'population', and not both."), ["population"])
    for key in ("units", "etater"):
        if key in body and not with_users:
            raise RequestError(_("'{key}' goes with 'users'.").format(key=key), [key])
    if "years" in body and "year" in body:
        raise RequestError(_("Send 'year' or 'years', and not both."), ["years"])
    return Request(
        question=question.name,
        years=_years(body.get("years", [])),
        frames={int(year): frame for year, frame in body.get("frames", {}).items()},
        options={name: body[name] for name in question.options.__struct_encode_fields__ if name in body},
        regulations=tuple(body.get("regulations", [body["regulation"]] if "regulation" in body else ())),
        without=tuple(body.get("without", ())),
        readings=tuple(body.get("readings", ())),
        proposals=(regulations.proposal(body["changes"]),) if "changes" in body else (),
        population=body.get("population", "publisert") if "population" in question.takes and not with_users else None,
        **{name: body[name] for name in ("year", "suppression", "public") if name in body},
    )


def _years(given: str | list[int]) -> tuple[int, ...]:
    """Return the years that a body asks for."""
    with refusals(["years"]):
        years = read_years(given) if isinstance(given, str) else tuple(given)
    if list(years) != sorted(set(years)):
        raise RequestError(_("The years stand in order, each once."), ["years"])
    return years


@lru_cache
def body_of(question: Question) -> type[msgspec.Struct]:
    """Return the type of a question's body: what it takes of what questions share, and its own options."""
    fields: list[Any] = [
        (field.encode_name, field.type, *(() if field.required else (field.default,)))
        for field in msgspec.structs.fields(question.options)
        if not any((meta.extra or {}).get("command_line_only") for meta in getattr(field.type, "__metadata__", ()))
    ]
    fields += [tuple(part) for name, parts in SHARED.items() if name in question.takes for part in parts]
    name = f"{question.name.title().replace('-', '')}Request"
    return msgspec.defstruct(name, fields, kw_only=True, forbid_unknown_fields=True)


def schemas() -> dict[str, Any]:
    """Return the schemas of every question's body."""
    asked = [questions.question(name) for name in questions.names()]
    _of_bodies, found = msgspec.json.schema_components([body_of(question) for question in asked], ref_template=REF)
    for schema in found.values():
        if "properties" in schema:
            schema["properties"] = {key: _naming(NAMED.get(key), of) for key, of in schema["properties"].items()}
    for question in asked:
        if question.bodies:
            found[body_of(question).__name__]["examples"] = list(question.bodies)
    return found


def _naming(what: str | None, schema: Any) -> Any:
    """Return the schema of a key with a list of the names that there are in place of any text, where there is one."""
    if isinstance(schema, list):
        return [_naming(what, inner) for inner in schema]
    if not isinstance(schema, dict) or what is None:
        return schema
    if schema.get("type") == "string":
        return {"$ref": REF.format(name=what)}
    return {key: _naming(what, inner) for key, inner in schema.items()}

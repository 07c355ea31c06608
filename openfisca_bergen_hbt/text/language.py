"""The language that people are spoken to in: each text has one in the code, and the other from a catalogue.

Messages, progress and help are English in the code (``_``); what reports, pictures and the page say of the regulation
is Norwegian there, the language of its sources (``say``). Whoever speaks to a person says first in which language
(``speaking``); where nobody does, each text is as it is written. The locale of the machine is not asked, so that one
command writes the same bytes everywhere.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

#: Norwegian bokmål, which the analyst and the auditor read; and English.
NORWEGIAN, ENGLISH = LANGUAGES = ("nb", "en")
#: Each text as the code has it: for programs that do not ask for a language.
AS_WRITTEN = "as-written"
#: The catalogues: ``nb/LC_MESSAGES/messages.po`` and ``en/LC_MESSAGES/texts.po``, and the same compiled.
CATALOGUE = Path(__file__).parent.parent / "locale"
#: Messages that are English in the code, and texts that are Norwegian there.
DOMAIN, TEXTS = "messages", "texts"

Made = TypeVar("Made")
_spoken: ContextVar[str] = ContextVar("language", default=AS_WRITTEN)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language while this lasts (in this thread, or this request)."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def made_in(language: str, make: Callable[[], Made]) -> Made:
    """Return what is made while a language is spoken; a refusal is said in the language that is spoken outside of it.

    Raises:
        ValueError: it can't be made.
    """
    try:
        with speaking(language):
            return make()
    except ValueError:
        make()  # refuses again, in the language of who asks
        raise


def spoken() -> str:
    """Return the language that is spoken now."""
    return _spoken.get()


def _(message: str) -> str:
    """Return a message in the language that is spoken; its placeholders are filled afterwards, with ``format``."""
    return _translations(_spoken.get(), DOMAIN).gettext(message) if message else message


def quoted(text: str) -> str:
    """Return what somebody wrote in quotation marks, as the language that is spoken has them."""
    return _("'{text}'").format(text=text)


def say(text: str) -> str:
    """Return a text that is Norwegian in the code in the language that is spoken; its placeholders are filled later."""
    if isinstance(text, Told):
        return text.said()
    return _translations(_spoken.get(), TEXTS).gettext(text) if text else text


class Told(str):
    """Norwegian texts after each other, each with what stands at its places; ``say`` says them anew.

    For what is kept longer than a language is spoken, such as the description of a population.
    """

    __slots__ = ("parts",)
    parts: tuple[str | tuple[str, Mapping[str, object]], ...]

    def __new__(cls, *parts: str | tuple[str, Mapping[str, object]]) -> Self:
        """Return texts that follow each other, those with places each with what stands there."""
        written = (part if isinstance(part, str) else part[0].format(**part[1]) for part in parts)
        found = super().__new__(cls, " ".join(filter(None, written)))
        found.parts = parts
        return found

    def __getnewargs__(self) -> Any:
        """Return what it is made of, for a copy and for another process."""
        return self.parts

    def said(self) -> str:
        """Return it in the language that is spoken."""
        said = (say(part) if isinstance(part, str) else say(part[0]).format(**part[1]) for part in self.parts)
        return " ".join(filter(None, said))


def to_say(text: str) -> str:
    """Return a Norwegian text as it is: the catalogue finds it here, and ``say`` translates it where it is said."""
    return text


def marked(message: str) -> str:
    """Return a message as it is: the catalogue finds it here, and ``_`` translates it where it is said."""
    return message


def marked_several(one: str, several: str) -> tuple[str, str]:
    """Return a message about one, and about several, as they are: for what others ask the catalogue for."""
    return one, several


#: What operating systems say of files: these in Norwegian, too, and anything else as they say it.
OF_SYSTEMS = (
    marked("Address already in use"),
    marked("Bad file descriptor"),
    marked("Broken pipe"),
    marked("Cannot assign requested address"),
    marked("File exists"),
    marked("File name too long"),
    marked("Input/output error"),
    marked("Is a directory"),
    marked("No space left on device"),
    marked("No such file or directory"),
    marked("Not a directory"),
    marked("Permission denied"),
    marked("Read-only file system"),
)


def of_system(error: OSError) -> str:
    """Return what the system says is wrong, such as ``No such file or directory``."""
    return _(error.strerror or type(error).__name__)


@cache
def _translations(language: str, domain: str) -> gettext.NullTranslations:
    """Return a catalogue; one that translates nothing for the language that its texts are written in."""
    written_in = ENGLISH if domain == DOMAIN else NORWEGIAN
    return gettext.translation(domain, CATALOGUE, [language], fallback=language in (written_in, AS_WRITTEN))

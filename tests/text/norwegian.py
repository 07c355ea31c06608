"""What is left of Norwegian in texts that are to be English: no word but names, and what quotes the sources."""

import re
from functools import cache

from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.regelverk import applied_like_readings, decisions
from openfisca_bergen_hbt.text import names

#: Words that make a text Norwegian, and that no English one has; and letters that no English one has.
NORWEGIAN = (
    r"[æøåÆØÅ]|(?<![\w./_-])(alle|av|bare|blir|den|det|eller|enn|enhet|enheten|enhetene|enheter|er|etat|etater|etter|fra|"
    r"hva|hver|hvert|ikke|ingen|kan|kilde|mer|mellom|mindre|og|som|samlet|tall|tallene|til|timer|timene|uten|ved|vedtak)"
    r"(?![\w./_-])"
)
#: Names that are the same in every language: of areas and agencies, of variables and numbers, and what is quoted.
NAMES = (
    r"«[^»]*»|'\w+'|\w*[_.]\w[\w.]*|Arna Åsane|Laksevåg|Årstad|Fana Ytrebygda|Fyllingsdalen|Etat for hjemmetjenester|"
    r"Source: [^\n]*"
)


@cache
def _sources():
    """The texts that the law names its sources by, the longest first."""
    system = SYSTEMS.system(in_force())
    found = {text for variable in system.variables.values() for text in variable.reference or ()}
    for parameter in names.parameters(system.parameters):
        found |= {place[key] for place in parameter.metadata.get("reference", ()) for key in ("title", "place")}
    found |= {one.reference for one in (*decisions(), *applied_like_readings().values())}
    return sorted(found, key=len, reverse=True)


def without_sources(text):
    for source in _sources():
        text = text.replace(source, "")
    return text


def norwegian(texts, same=NAMES):
    """Return what is Norwegian of some texts, beside what is the same in every language."""
    bare = {re.sub(same, "", without_sources(text)) for text in texts}
    return sorted(text[:200] for text in bare if re.search(NORWEGIAN, text, re.IGNORECASE))

"""The texts of the law that people read: its labels and titles, which the catalogue of English texts has to hold."""

from collections.abc import Iterator

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.grunnregelverk import CountryTaxBenefitSystem
from openfisca_bergen_hbt.law.shipped import shipped_titles
from openfisca_bergen_hbt.regelverk import alternatives, decisions, readings, regelverk
from openfisca_bergen_hbt.rules import enums


def law_texts() -> Iterator[str]:
    """Yield each text of the law that people read; texts of sources, and what quotes them, stay Norwegian."""
    systems = [CountryTaxBenefitSystem(), regelverk()]
    for system in systems:
        for one in system.variables.values():
            yield from filter(None, (one.label, one.documentation))
        for one in system.parameters.get_descendants():
            yield from filter(None, (one.description, one.documentation))
    yield from (entity.label for entity in systems[0].entities)
    for one in (*decisions(), *readings(), *alternatives()):
        yield from (one.title, one.short_title)
    yield from (one.decided_by for one in decisions())
    yield from (one.decided_by for one in decisions())
    for one in (*readings(), *alternatives()):
        yield from (one.case_for, one.case_against, one.said_as)
    for kind in vars(enums).values():
        if isinstance(kind, type) and issubclass(kind, enums.Enum) and kind is not enums.Enum:
            yield from (member.value for member in kind)
    yield from shipped_titles()
    yield from (row[part] for row in data.rows("aarsaker") for part in ("aarsak", "merknad"))
    yield from (unit["label"] for unit in data.units().values())
    yield from (text[part] for text in data.interpretations().values() for part in ("short", "text"))


if __name__ == "__main__":
    for text in sorted(set(map(str, law_texts()))):
        print(f"to_say({text!r})")  # noqa: T201 (what it is for)

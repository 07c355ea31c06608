"""The catalogues compiled: pybabel takes «5 % og» for a place of Python's, and would fail on it."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if __name__ == "__main__":
    language, catalogue = sys.argv[1], Path(sys.argv[2])
    with catalogue.with_suffix(".po").open("rb") as text, catalogue.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(text, locale=language))

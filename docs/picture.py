"""Draw the README's picture of ``bergen-hbt compare``: python docs/picture.py."""

import io
import re
from pathlib import Path

from rich.console import Console

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population.embedded import published
from openfisca_bergen_hbt.report.forms import screen
from openfisca_bergen_hbt.report.subjects.compare import brief

console = Console(file=io.StringIO(), record=True, width=100, force_terminal=True)
console.print(screen.shown(brief(Comparison(published(2019), 2019, versions()))))
picture = console.export_svg(title="bergen-hbt compare")
# The fonts that rich would have a browser fetch are left to the reader's own.
Path(__file__).with_name("compare.svg").write_text(re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL), "utf-8")

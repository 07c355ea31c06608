"""``compare``: what regulations give the areas, each set beside the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis import years
from openfisca_bergen_hbt.analysis.asking import MOST_SAMPLES, Asked, Done, Figures, FlowTexts, Kroner, Question
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison, FigureBlock, Wanted
from openfisca_bergen_hbt.analysis.transition import read_share
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.text.language import _, marked


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a transition is to spare the units, and how many draws are to say how sure it all is."""

    samples: Annotated[
        int,
        Meta(
            ge=0,
            le=MOST_SAMPLES,
            description=marked("Draws of the assumed numbers: bands beside the figures, statements tested."),
        ),
    ] = 0

    max_loss: Annotated[
        str | None,
        Meta(
            description=marked(
                "The most that a unit may lose from the first regulation to the last, such as 2%: what "
                "that takes, and who pays."
            ),
            extra={"metavar": "PERCENT", "fault": marked("'max_loss' is a text such as 2%.")},
        ),
    ] = None

    variables: Annotated[
        tuple[str, ...],
        Meta(
            description=marked(
                "A variable whose figures JSON, CSV and Parquet hold, and the record. Default: every one."
            ),
            extra={"option": "--variable", "metavar": "NAME"},
        ),
    ] = ()
    levels: Annotated[
        tuple[Literal["enhet", "byomraade", "etat"], ...],
        Meta(description=marked("A level that they hold figures of. Default: every one."), extra={"option": "--level"}),
    ] = ()
    flow: FlowTexts = ()


def _run(asked: Asked) -> Comparison | years.Years:
    if asked.options.flow:
        from openfisca_bergen_hbt.analysis.flows.what_if import asked_with  # takes its time to import

        asked = asked_with(asked, asked.options.flow)
    max_loss = read_share(asked.options.max_loss) if asked.options.max_loss is not None else None
    wanted = Wanted(asked.options.variables, asked.options.levels)
    wanted.check(asked.versions)
    if asked.request.public:
        wanted.check_public()
    if asked.request.years:
        if max_loss is not None:
            raise ValueError(_("--max-loss is of two regulations in a year. Leave --years out."))
        return years.run(asked, wanted)
    return run_all(asked, asked.versions, max_loss=max_loss, wanted=wanted)


def run_all(asked: Asked, versions: Sequence[Version], **options: Any) -> Comparison:
    """Return regulations run on whom and for when is asked, with bands where draws are asked for."""
    done = asked.begin(len(versions))
    compared = Comparison(
        asked.population,
        asked.year,
        versions,
        suppression=asked.suppression,
        left_out=asked.left_out,
        public=asked.request.public,
        **options,
    )
    compared.compute(done)
    compared.wanted.check_found([compared])
    if asked.options.samples:
        years.draw(asked, compared)
    return compared


def recorded(found: Comparison | years.Years, done: Done) -> Figures:
    """Return what of a comparison, or of those of several years, is recorded."""
    comparisons = [found] if isinstance(found, Comparison) else found.comparisons
    blocks = [block for compared in comparisons for block in compared.blocks(done)]
    bands = {str(one.year): one.sureness.as_recorded() for one in comparisons if one.sureness}
    beside = bands.get(str(found.year)) if isinstance(found, Comparison) else bands
    return Figures(blocks, kroner(blocks), beside or None)


def kroner(blocks: Iterable[FigureBlock]) -> Kroner:
    """Return the year's amounts of the agencies, and what each unit is given, by regulation and name."""
    kept: Kroner = {}
    for block in blocks:
        of_agency = block.level == "etat" and block.whole and block.variable.startswith("etat_")
        of_unit = block.level == "enhet" and block.variable == GIVEN
        if (of_agency or of_unit) and len(block.period) == len("2019"):
            by_name = kept.setdefault(block.regulation, {})
            for name, value in zip(block.ids, block.shown(), strict=True):
                if value is None:
                    continue
                by_name.setdefault(name, {})[block.variable] = int(value)
    return kept


QUESTION = Question(
    name="compare",
    about=marked("""Compare regulations: what each gives the areas, and why the overspend.

    On users of your own (--data), or on an embedded population that is synthetic, made from figures published by
    Bergen kommune: nothing about real users is in it. --years sets years beside each other, each under its own law.
    """),
    examples=(
        "compare",
        "compare --year 2018 --example bevegelse",
        "compare --regulation grunnregelverk --regulation 2019-06",
        "compare --without vedtak_2018_01_kategorimodell",
        "compare --proposal stoerre_reserve",
        "compare --set kategorimodell.vekt.kategori_2=5.0@2019-01-01",
        "compare --proposal vekter_etter_gjennomsnitt --max-loss 0.1%",
        "compare --data brukere.csv --frame 1021686820",
        "compare --data brukere.csv --units enheter.csv --frame bergen --output rapport.html",
        "compare --data brukere_2019.csv --frame bergen --regulation 2019-06 --public --output offentlig.html",
        "compare --regulation grunnregelverk --regulation 2021-12 --samples 64",
        "compare --example bevegelse --flow 'kategori_4→kategori_5 +10%'",
        "compare --years 2017-2022",
        "compare --years 2018-2019 --frame 2018=1030000000",
        "compare --years 2018-2019 --samples 64",
        "compare --output compare.xlsx --record kjoering.json",
        "compare --format csv --variable enhet_samlet_tildeling --level byomraade",
    ),
    run=_run,
    options=Options,
    takes=("population", "parts", "year", "years", "regulations", "suppression"),
    bodies=(
        {"year": 2019, "regulations": ["grunnregelverk", "2019-06"]},
        {"years": "2017-2019", "frames": {"2018": 1030000000}},
        {"regulations": ["grunnregelverk", "2019-06"], "samples": 16},
        {"population": "bevegelse", "flow": ["kategori_4→kategori_5 +10%"]},
        {"year": 2019, "variables": ["enhet_samlet_tildeling"], "levels": ["enhet"]},
        {"users": {"enhet": ["A", "A", "B"], "timer_per_uke": [5, 20, 100]}, "year": 2019},
    ),
    forms=("table", "csv", "json", "parquet", "markdown", "html", "xlsx"),
    by_ending=True,
    public=True,
    recorded=recorded,
)

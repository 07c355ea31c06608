"""T-5 read otherwise: what is left of the reserve is shared out at the end of the year."""

from types import MappingProxyType

from openfisca_bergen_hbt.vedtak import Reading


class ReservenDelesUt(Reading):
    """Det som er igjen av reserven, deles ut ved årets slutt."""

    title = "Det som er igjen av reserven, deles ut ved årets slutt"
    short_title = "Reserven deles ut"
    replaces = "T-5"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «det settes av budsjettmidler sentralt hos etaten»"
    )
    case_for = (
        "Reserven er satt av til enhetene, og et budsjett som blir liggende ubrukt ved siden av et merforbruk, er "
        "vanskelig å forsvare."
    )
    case_against = "Teksten nevner bare urimelige utslag og etatsdirektørens egne vedtak, og ingen utdeling av resten."
    numbers = MappingProxyType({"reserve.deles_ut_ved_aarets_slutt": 1})

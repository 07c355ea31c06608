"""T-22 read otherwise: norm times are the SUM rows' time per visit."""

from openfisca_bergen_hbt.vedtak import Reading


class SumPerBesoek(Reading):
    """Normtid er tiden per besøk i SUM-radene."""

    title = "Normtid er tiden per besøk i SUM-radene"
    short_title = "SUM-radenes besøk"
    replaces = "T-22"
    reads = None
    reference = "Lysbilder 04.06.2020, tabellene «Vedtaktimer», «Besøk» og «Antall timer pr besøk»"
    case_for = "Utvalget leser SUM-raden, og ett tall for hele byen er det en normtid var."
    case_against = "SUM-radens besøk er flere enn områdenes til sammen, uten at lysbildene sier hvor resten er."
    excludes = ("lesning_t22_27_minutter", "lesning_t22_fana_besoek")
    of_population = True

"""T-22 read otherwise: norm times are 27 minutes on the areas' own visits."""

from openfisca_bergen_hbt.vedtak import Reading


class Minutter27(Reading):
    """Normtid er 27 minutter på områdenes egne besøk."""

    title = "Normtid er 27 minutter på områdenes egne besøk"
    short_title = "27 minutter"
    replaces = "T-22"
    reads = None
    reference = "Lysbilder 04.06.2020, tabellene «Vedtaktimer», «Besøk» og «Antall timer pr besøk»"
    case_for = "0,45 timer per besøk er det publiserte tallet for 2017, og en normtid er lik overalt."
    case_against = "Med 27 minutter på områdenes besøk gir grunnregelverket ikke tilbake timene i 2017."
    excludes = ("lesning_t22_sum_per_besoek", "lesning_t22_fana_besoek")
    of_population = True

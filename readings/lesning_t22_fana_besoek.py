"""T-22 read otherwise: the visits that the SUM has beyond its rows are Fana Ytrebygda's."""

from openfisca_bergen_hbt.vedtak import Reading


class FanaBesoek(Reading):
    """Besøkene som SUM-raden har mer enn områdene, er Fana Ytrebygdas."""

    title = "Besøkene som SUM-raden har mer enn områdene, er Fana Ytrebygdas"
    short_title = "Fanas besøk"
    replaces = "T-22"
    reads = None
    reference = "Lysbilder 04.06.2020, tabellene «Vedtaktimer», «Besøk» og «Antall timer pr besøk»"
    case_for = (
        "Uten dem har Fana Ytrebygda 361 til 402 besøk per bruker og 0,75 til 0,78 timer per besøk, med dem det samme"
        " som de andre."
    )
    case_against = "Lysbildene sier ikke hvor besøkene hører til."
    excludes = ("lesning_t22_sum_per_besoek", "lesning_t22_27_minutter")
    of_population = True

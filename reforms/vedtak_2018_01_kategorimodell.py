"""January 2018: the category model replaces activity-based financing, and the agency receives the budget."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.enums import Budsjettmottaker
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.vedtak import Vedtak


class enhet_samlet_tildeling(Variable):
    reference = "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»"
    documentation = (
        "Alt enheten får i året: kategoriramme, avstandstilskudd, tildeling for brukere over 80 timer, "
        "kompensasjon fra reserven og etatsdirektørens omfordeling."
    )

    def formula_2018_01(enhet, period):
        return (
            enhet("enhet_kategoriramme", period)
            + enhet("enhet_avstandstilskudd", period)
            + sum(enhet("enhet_tildeling_over_80", month) for month in months(period))
            + enhet("enhet_reservekompensasjon", period)
            + enhet("enhet_etatsdirektoer_omfordeling", period)
        )


class etat_budsjettmottaker(Variable):
    def formula_2018_01(etat, period):
        return etat.filled_array(Budsjettmottaker.ETAT)


class Kategorimodell(Vedtak):
    """Budsjettet fordeles som en lukket ramme etter kategorier av brukere."""

    title = "Kategorimodellen innføres"
    short_title = "Kategorimodell"
    adopted = "2018-01"
    in_force = date(2018, 1, 1)
    decided_by = "Ikke oppgitt i kilden (tatt i bruk januar 2018)"
    reference = "Vedtak 2017-2021, punktet «Januar 2018» og avsnittet «Den nye fordelingsmodellen»"
    interpretations = ("T-14",)
    hinges = (enhet_samlet_tildeling, etat_budsjettmottaker)

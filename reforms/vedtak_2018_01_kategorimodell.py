"""January 2018: the category model replaces activity-based financing, and the agency receives the budget."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.enums import Budsjettmottaker
from openfisca_bergen_hbt.rules.groups import sum_units
from openfisca_bergen_hbt.rules.inputs import (
    months_given,
    refuse_less_than_nothing,
    refuse_other_services,
    sum_of_frame,
)
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.vedtak import Vedtak


class enhet_samlet_tildeling(Variable):
    reference = "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»"
    documentation = (
        "Alt enheten får i året: kategoriramme, avstandstilskudd, tildeling for brukere over 80 timer, kompensasjon fra"
        " reserven, etatsdirektørens omfordeling, det som deles ut av reserven ved årets slutt, andelen av "
        "tilleggsbevilgninger og det som er overført fra i fjor."
    )

    def formula_2018_01(enhet, period):
        with_extra = months_given(enhet.simulation.etat, "etat_tilleggsbevilgning", period)
        carried = enhet("enhet_overfoert_fra_i_fjor", period)
        refuse_other_services(enhet, period, "enhet_overfoert_fra_i_fjor", carried)
        given = (
            enhet("enhet_kategoriramme", period)
            + enhet("enhet_avstandstilskudd", period)
            + sum(enhet("enhet_tildeling_over_80", month) for month in months(period))
            + enhet("enhet_reservekompensasjon", period)
            + enhet("enhet_etatsdirektoer_omfordeling", period)
            + enhet("enhet_reserve_ved_aarets_slutt", period)
            + sum(enhet("enhet_tilleggsramme", month) for month in with_extra)
            + carried
        )
        refuse_less_than_nothing(enhet, period, given)
        return given


class etat_ramme_i_alt(Variable):
    documentation = "Disponibel ramme, tilleggsbevilgninger og det som enhetene har ført over fra i fjor."

    def formula_2018_01(etat, period):
        with_extra = months_given(etat, "etat_tilleggsbevilgning", period)
        extra = [etat("etat_tilleggsbevilgning", month) for month in with_extra]
        carried = etat.simulation.enhet("enhet_overfoert_fra_i_fjor", period)
        return sum_of_frame(etat, period, etat("etat_disponibel_ramme", period), *extra, sum_units(etat, carried))


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
    interpretations = ("T-14", "T-26")
    hinges = (enhet_samlet_tildeling, etat_ramme_i_alt, etat_budsjettmottaker)
    innfoerer = (
        "loepende_kategori",
        "brukerkategori",
        *(f"antall_kategori_{number}" for number in range(1, 7)),
        "enhet_kategoripoeng",
        "etat_avstandspott",
        "etat_sentral_reserve",
        "etat_ramme_til_fordeling",
        "etat_pott_over_80",
        "etat_kategoripott",
        "enhet_kategoritildeling",
        "enhet_poengandel",
        "enhet_fordelingsandel",
        "etat_endring_i_brukermassen",
        "etat_vesentlig_endring",
        "enhet_ramme_hittil",
        "enhet_maanedsramme",
        "enhet_kategoriramme",
        "enhet_kjoeretid_per_uke",
        "enhet_avstandstilskudd",
        "enhet_timer_direkte",
        "enhet_timer_over_80",
        "etat_kostnad_per_time",
        "enhet_krav_over_80",
        "etat_rest_pott_over_80",
        "enhet_tildeling_over_80",
        "etat_udekket_over_80",
        "etat_udekket_over_80_i_aaret",
        "enhet_timebasert_ramme",
        "enhet_urimelig_utslag",
        "enhet_reservekompensasjon",
        "enhet_etatsdirektoer_omfordeling",
        "etat_reserve_foer_krav",
        "enhet_reserve_ved_aarets_slutt",
        "etat_reserve_saldo",
        "enhet_overfoert_fra_i_fjor",
        "etat_tilleggsbevilgning",
        "enhet_tilleggsramme",
        "etat_ufordelt",
    )

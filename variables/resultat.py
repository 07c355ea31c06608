"""The result: what each unit gets, and what the agency is left with."""

from openfisca_core.model_api import YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Enhet, Etat
from openfisca_bergen_hbt.rules.groups import sum_units
from openfisca_bergen_hbt.rules.inputs import months_given
from openfisca_bergen_hbt.rules.money import ratio


class enhet_samlet_tildeling(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Samlet tildeling"
    unit = "kr"
    reference = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"
    documentation = "Alt enheten får i året. Grunnregelverket: den aktivitetsbaserte inntekten."

    def formula_2017_01(enhet, period):
        return enhet("enhet_aktivitetsbasert_inntekt", period)


class etat_samlet_tildeling(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Delt ut til enhetene"
    unit = "kr"
    reference = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"
    documentation = "Summen av enhetenes samlede tildeling."

    def formula_2017_01(etat, period):
        return sum_units(etat, etat.simulation.enhet("enhet_samlet_tildeling", period))


class etat_igjen_sentralt(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Igjen sentralt"
    unit = "kr"
    reference = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"
    documentation = (
        "Ramme i alt minus det som er delt ut: saldoen i reserven, resten av potten og det ufordelte. Under 0 bare der "
        "pengene følger timene, eller reserven er overtrukket."
    )

    def formula_2017_01(etat, period):
        return etat("etat_ramme_i_alt", period) - etat("etat_samlet_tildeling", period)


class etat_merforbruk(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Merforbruk"
    unit = "kr"
    reference = ["Lysbilder 04.06.2020, lysbildet med «5%» og «51 784 341»", "Tolkning T-1", "Tolkning T-21"]
    documentation = (
        "Det aktiviteten koster etter timeprisen, utover rammen i alt: det publiserte merforbruket i 2019. Til og med "
        "versjon 0.4.0 var navnet brukt om samlet tildeling minus disponibel ramme, med motsatt fortegn."
    )

    def formula_2017_01(etat, period):
        return etat("etat_aktivitetskostnad", period) - etat("etat_ramme_i_alt", period)


class etat_ufordelt(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Ufordelt"
    unit = "kr"
    reference = "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»"
    documentation = (
        "Det av kategoripotten, avstandspotten og tilleggsbevilgningene som ingen enhet kunne få, og som blir igjen "
        "sentralt."
    )

    def formula_2018_01(etat, period):
        enhet = etat.simulation.enhet
        of_the_year = etat("etat_kategoripott", period) + etat("etat_avstandspott", period)
        given = enhet("enhet_kategoriramme", period) + enhet("enhet_avstandstilskudd", period)
        with_extra = months_given(etat, "etat_tilleggsbevilgning", period)
        extra = sum(etat("etat_tilleggsbevilgning", month) for month in with_extra)
        extra_given = sum(enhet("enhet_tilleggsramme", month) for month in with_extra)
        return of_the_year + extra - sum_units(etat, given + extra_given)


class enhet_underdekning(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Underdekning"
    unit = "kr"
    reference = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"
    documentation = "Aktivitetsbasert inntekt minus samlet tildeling: presset som en lukket ramme legger på enheten."

    def formula_2017_01(enhet, period):
        return enhet("enhet_aktivitetsbasert_inntekt", period) - enhet("enhet_samlet_tildeling", period)


class enhet_tildeling_per_bruker(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Samlet tildeling per bruker"
    unit = "kr_per_bruker"
    reference = "Lysbilder 04.06.2020, tabellen «Brukere»"
    documentation = "Samlet tildeling delt på brukere med timer ved inngangen av året. 0 uten brukere."

    def formula_2017_01(enhet, period):
        return ratio(enhet("enhet_samlet_tildeling", period), enhet("enhet_antall_brukere", period))


class enhet_tildeling_per_time(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Samlet tildeling per vedtakstime"
    unit = "kr_per_time"
    reference = "Lysbilder 04.06.2020, tabellen «Vedtaktimer»"
    documentation = "Samlet tildeling delt på vedtakstimene i året. 0 uten timer."

    def formula_2017_01(enhet, period):
        return ratio(enhet("enhet_samlet_tildeling", period), enhet("enhet_vedtakstimer", period))

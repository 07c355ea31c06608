"""Redistribution during the year when the mix of users changes materially."""

from openfisca_core.model_api import MONTH, YEAR, Variable

from openfisca_bergen_hbt.rules.course import change, distribution_share, material_change, shared_out
from openfisca_bergen_hbt.rules.entities import Enhet, Etat
from openfisca_bergen_hbt.rules.groups import share_of_agency, split_among_units
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import krone
from openfisca_bergen_hbt.rules.months import months, months_so_far, year_of

OMFORDELING = (
    "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: "
    "«Hvis det er vesentlige endringer i brukermassen gjennom året, vil budsjettet bli omfordelt»"
)


class enhet_poengandel(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Andel av etatens kategoripoeng"
    unit = "andel"
    reference = OMFORDELING
    documentation = "Enhetens kategoripoeng delt på etatens. 0 der etaten ikke har poeng."

    def formula_2018_01(enhet, period):
        return shared(enhet.simulation, share_of_agency, [enhet, enhet("enhet_kategoripoeng", period)])


class enhet_fordelingsandel(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Fordelingsandel"
    unit = "andel"
    reference = [OMFORDELING, "Tolkning T-13", "Tolkning T-19"]
    documentation = (
        "Andelen som månedens ramme deles etter: poengandelen i januar, og etter en vesentlig endring "
        "poengandelen i måneden da endringen ble sett."
    )

    def formula_2018_01(enhet, period, parameters):
        return distribution_share(enhet, period, parameters)


class etat_endring_i_brukermassen(Variable):
    value_type = float
    entity = Etat
    definition_period = MONTH
    label = "Endring i brukermassen"
    unit = "andel"
    reference = [OMFORDELING, "Tolkning T-8"]
    documentation = "Halvparten av summen av avvikene mellom enhetenes poengandel og fordelingsandel."

    def formula_2018_01(etat, period):
        enhet = etat.simulation.enhet
        shares = [enhet("enhet_poengandel", period), enhet("enhet_fordelingsandel", period)]
        return shared(etat.simulation, change, [etat, *shares])


class etat_vesentlig_endring(Variable):
    value_type = bool
    entity = Etat
    definition_period = MONTH
    label = "Vesentlig endring i brukermassen"
    unit = "ja_nei"
    reference = [OMFORDELING, "Tolkning T-8"]
    documentation = "Om endringen i brukermassen, avrundet til ni desimaler, når terskelen."

    def formula_2018_01(etat, period, parameters):
        return material_change(etat, period, parameters)


class etat_endring_per_enhet(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "En endring måles for hver enhet"
    unit = "ja_nei"
    reference = [OMFORDELING, "Tolkning T-8"]
    documentation = (
        "Om en endring er vesentlig når en enhets egne poeng har endret seg, og ikke når andelene har flyttet seg. "
        "Regelverket leses slik at det er andelene: nei."
    )

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


class etat_endring_i_tertial(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "En endring vurderes etter hvert tertial"
    unit = "ja_nei"
    reference = [OMFORDELING, "Tolkning T-13"]
    documentation = (
        "Om en vesentlig endring bare vurderes av tallene for april og august. Regelverket leses slik at den vurderes "
        "hver måned: nei."
    )

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


class etat_omfordeling_hele_aaret(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "En omfordeling gjelder hele året"
    unit = "ja_nei"
    reference = [OMFORDELING, "Tolkning T-13"]
    documentation = (
        "Om en vesentlig endring deler hele årets ramme på nytt. Regelverket leses slik at den gjelder fra måneden "
        "etter, aldri bakover: nei."
    )

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


class etat_faktiske_brukere_veier(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "Brukere som passerer 80 timer, følges gjennom året"
    unit = "ja_nei"
    reference = [OMFORDELING, "Tolkning T-15", "Tolkning T-18"]
    documentation = (
        "Om brukere som passerer 80 timer, går ut av enhetens poeng samme måned, og de som faller under, går inn. "
        "Regelverket leses slik at de veier som før til en omfordeling: nei."
    )

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


class enhet_ramme_hittil(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Kategoriramme hittil i året"
    unit = "kr"
    reference = [OMFORDELING, "Tolkning T-13"]
    documentation = (
        "En tolvdel av kategoripotten for hver måned hittil da noen enhet i etaten har en fordelingsandel, delt etter "
        "summen av enhetens fordelingsandeler hittil, med største rest."
    )

    def formula_2018_01(enhet, period):
        so_far = shared_out(enhet, period)
        pot = krone(enhet.simulation.etat("etat_kategoripott", year_of(period)) * so_far.months / 12)
        return split_among_units(enhet, pot, so_far.shares)


class enhet_maanedsramme(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Månedens kategoriramme"
    unit = "kr"
    reference = OMFORDELING
    documentation = "Økningen i kategorirammen hittil. Avrundingen kan gjøre den til -1 kr."

    def formula_2018_01(enhet, period):
        so_far = months_so_far(period)
        so_far_framed = enhet("enhet_ramme_hittil", period)
        return so_far_framed - enhet("enhet_ramme_hittil", so_far[-2]) if len(so_far) > 1 else so_far_framed


class enhet_kategoriramme(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Kategoriramme for året"
    unit = "kr"
    reference = OMFORDELING
    documentation = "Kategorirammen hittil i desember. Uten vesentlig endring er den lik kategoritildelingen."

    def formula_2018_01(enhet, period):
        return enhet("enhet_ramme_hittil", months(period)[-1])


class enhet_tilleggsramme(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Andel av tilleggsbevilgningen"
    unit = "kr"
    reference = OMFORDELING
    documentation = "Månedens tilleggsbevilgning, delt etter fordelingsandelene som da gjelder, med største rest."

    def formula_2018_01(enhet, period):
        extra = enhet.simulation.etat("etat_tilleggsbevilgning", period)
        if not extra.any():
            return enhet.filled_array(0.0)
        return split_among_units(enhet, extra, enhet("enhet_fordelingsandel", period))

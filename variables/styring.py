"""Governance: which regime rules, so that an auditor can ask it for any date."""

from openfisca_core.model_api import MONTH, YEAR, Enum, Variable

from openfisca_bergen_hbt.rules.entities import Enhet, Etat
from openfisca_bergen_hbt.rules.enums import Budsjettmottaker, Tjenesteomraade, VurderendeInstans

VEDTAK = "Vedtak 2017-2021"


class etat_normtid_gjelder(Variable):
    value_type = bool
    entity = Etat
    definition_period = MONTH
    label = "Normtid gjelder"
    unit = "ja_nei"
    reference = f"{VEDTAK}, punktet «Oktober 2017»"
    documentation = "Om timene følger av normert tid per besøk."

    def formula_2017_01(etat, period):
        return etat.filled_array(True)


class etat_budsjettmottaker(Variable):
    value_type = Enum
    possible_values = Budsjettmottaker
    default_value = Budsjettmottaker.VURDERINGSENHET
    entity = Etat
    definition_period = MONTH
    label = "Mottaker av budsjettet"
    unit = "kode"
    reference = f"{VEDTAK}, punktet «Januar 2018»"
    documentation = "Hvem budsjettet går til. Grunnregelverket: vurderingsenheten, som bestiller tjenestene."

    def formula_2017_01(etat, period):
        return etat.filled_array(Budsjettmottaker.VURDERINGSENHET)


class enhet_vurderende_instans(Variable):
    value_type = Enum
    possible_values = VurderendeInstans
    default_value = VurderendeInstans.VURDERINGSENHET
    entity = Enhet
    definition_period = MONTH
    label = "Vurderende instans"
    unit = "kode"
    reference = f"{VEDTAK}, punktet «Desember 2020»"
    documentation = "Hvem som vurderer brukernes behov. Grunnregelverket: vurderingsenheten."

    def formula_2017_01(enhet, period):
        return enhet.filled_array(VurderendeInstans.VURDERINGSENHET)


class enhet_tjenesteomraade(Variable):
    value_type = Enum
    possible_values = Tjenesteomraade
    default_value = Tjenesteomraade.HJEMMETJENESTER
    entity = Enhet
    definition_period = YEAR
    label = "Tjenesteområde"
    unit = "kode"
    reference = f"{VEDTAK}, punktet «September 2019»: «utvide reformen til flere tjenesteområder»"
    documentation = "Inndata. Tjenesteområdet som enheten hører til."


class enhet_i_hjemmetjenestene(Variable):
    value_type = bool
    entity = Enhet
    definition_period = YEAR
    label = "Hører til hjemmetjenestene"
    unit = "ja_nei"
    reference = f"{VEDTAK}, punktet «September 2019»: «utvide reformen til flere tjenesteområder»"
    documentation = "Om enheten tar del i pottene og summene for de hjemmebaserte tjenestene."

    def formula_2017_01(enhet, period):
        return enhet("enhet_tjenesteomraade", period) == Tjenesteomraade.HJEMMETJENESTER


class enhet_omfattet_fra_plattformen(Variable):
    value_type = bool
    entity = Enhet
    definition_period = YEAR
    label = "Omfattet av reformen fra den politiske plattformen av"
    unit = "ja_nei"
    reference = [f"{VEDTAK}, punktet «September 2019»: «utvide reformen til flere tjenesteområder»", "Tolkning T-23"]
    documentation = "Inndata. Om enheten hører til et tjenesteområde som reformen ble utvidet til."


class enhet_i_utvidelsen(Variable):
    value_type = bool
    entity = Enhet
    definition_period = MONTH
    label = "Reformen er utvidet til enhetens tjenesteområde"
    unit = "ja_nei"
    reference = [f"{VEDTAK}, punktet «September 2019»: «utvide reformen til flere tjenesteområder»", "Tolkning T-23"]
    documentation = "Om utvidelsen til flere tjenesteområder omfatter enheten. Grunnregelverket: nei."

    def formula_2017_01(enhet, period):
        return enhet.filled_array(False)


class enhet_deltar_i_teamutproeving(Variable):
    value_type = bool
    entity = Enhet
    definition_period = YEAR
    label = "Deltar i utprøvingen av teambasert organisering"
    unit = "ja_nei"
    reference = f"{VEDTAK}, punktet «Desember 2020»: «utprøving av teambasert organisering»"
    documentation = "Inndata. Om enheten er med i utprøvingen."


class enhet_omfattet_av_tillitsreformen(Variable):
    value_type = bool
    entity = Enhet
    definition_period = MONTH
    label = "Omfattet av tillits- og faglighetsreformen"
    unit = "ja_nei"
    reference = f"{VEDTAK}, punktene «Oktober 2017» og «September 2019»"
    documentation = "Om reformen gjelder for enheten. Grunnregelverket: nei."

    def formula_2017_01(enhet, period):
        return enhet.filled_array(False)


class enhet_teambasert_organisering(Variable):
    value_type = bool
    entity = Enhet
    definition_period = MONTH
    label = "Teambasert organisering"
    unit = "ja_nei"
    reference = f"{VEDTAK}, punktet «Desember 2020»"
    documentation = "Om enheten prøver ut teambasert organisering. Grunnregelverket: nei."

    def formula_2017_01(enhet, period):
        return enhet.filled_array(False)


class etat_plan_hjemmeboende_eldre_gjelder(Variable):
    value_type = bool
    entity = Etat
    definition_period = MONTH
    label = "Plan for helse- og omsorgstjenester til hjemmeboende eldre gjelder"
    unit = "ja_nei"
    reference = f"{VEDTAK}, punktet «Mai 2019»"
    documentation = "Om planen (2019-2029) gjelder. Grunnregelverket: nei."

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


class etat_tillitsreform_i_politisk_plattform(Variable):
    value_type = bool
    entity = Etat
    definition_period = MONTH
    label = "Tillits- og faglighetsreformen er forankret i byrådets politiske plattform"
    unit = "ja_nei"
    reference = f"{VEDTAK}, punktet «September 2019»"
    documentation = "Om reformen står i byrådets politiske plattform. Grunnregelverket: nei."

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


class etat_statusrapport_vedtatt(Variable):
    value_type = bool
    entity = Etat
    definition_period = MONTH
    label = "Statusrapport om tillits- og faglighetsreformen er vedtatt"
    unit = "ja_nei"
    reference = f"{VEDTAK}, punktet «Juni 2021»"
    documentation = "Om bystyret har vedtatt statusrapporten. Grunnregelverket: nei."

    def formula_2017_01(etat, period):
        return etat.filled_array(False)

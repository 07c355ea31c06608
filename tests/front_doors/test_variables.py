"""Every variable says what it is, in what unit, and where the rule stands."""

import numpy
import pytest

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.assumptions import INTERPRETATION
from openfisca_bergen_hbt.grunnregelverk import CountryTaxBenefitSystem
from openfisca_bergen_hbt.population.embedded import moving
from openfisca_bergen_hbt.simulate import simulate

#: The names that clients and auditors build on, by entity and period.
CONTRACT = {
    ("bruker", "month"): "besoek_per_uke normtid_minutter_per_besoek vurdert_timer_per_uke normtid_timer_per_uke "
    "timer_per_uke loepende_kategori",
    ("bruker", "year"): "vedtakstimer brukerkategori",
    ("enhet", "month"): "enhet_kategoripoeng enhet_poengandel enhet_fordelingsandel enhet_ramme_hittil "
    "enhet_maanedsramme enhet_krav_over_80 enhet_tildeling_over_80 enhet_vurderende_instans "
    "enhet_omfattet_av_tillitsreformen enhet_teambasert_organisering",
    ("enhet", "year"): "antall_kategori_1 antall_kategori_2 antall_kategori_3 antall_kategori_4 antall_kategori_5 "
    "antall_kategori_6 enhet_vedtakstimer enhet_aktivitetsbasert_inntekt enhet_kategoritildeling enhet_kategoriramme "
    "enhet_kjoeretid_per_uke enhet_avstandstilskudd enhet_timebasert_ramme enhet_urimelig_utslag "
    "enhet_reservekompensasjon enhet_etatsdirektoer_omfordeling enhet_samlet_tildeling enhet_underdekning "
    "enhet_tjenesteomraade enhet_deltar_i_teamutproeving",
    ("byomraade", "year"): "publiserte_vedtakstimer publiserte_brukere publiserte_besoek lmh_pasienter "
    "timer_per_bruker besoek_per_bruker timer_per_besoek lmh_timer lmh_timer_utenfor_vedtak",
    ("etat", "month"): "etat_endring_i_brukermassen etat_vesentlig_endring etat_rest_pott_over_80 etat_udekket_over_80 "
    "etat_normtid_gjelder etat_budsjettmottaker etat_plan_hjemmeboende_eldre_gjelder "
    "etat_tillitsreform_i_politisk_plattform etat_statusrapport_vedtatt",
    ("etat", "year"): "etat_vedtakstimer etat_budsjettramme etat_tillitsreform_styrking etat_disponibel_ramme "
    "etat_avstandspott etat_sentral_reserve etat_pott_over_80 etat_kategoripott etat_kostnad_per_time "
    "etat_reserve_saldo etat_samlet_tildeling etat_merforbruk etat_ufordelt etat_aktivitetskostnad "
    "publisert_sum_vedtakstimer publisert_sum_brukere publisert_sum_besoek lmh_aarsverk lmh_kostnad "
    "sykefravaer_aarsverk",
}
VARIABLES = CountryTaxBenefitSystem().variables


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_complete(name, law):
    for system in (VARIABLES, law.variables):
        variable = system[name]
        assert variable.label, name
        assert variable.documentation
        assert variable.reference
        assert variable.unit in data.units()
        assert set(INTERPRETATION.findall(" ".join(variable.reference))) <= set(data.interpretations())


def test_the_contract_s_names():
    for (entity, period), names in CONTRACT.items():
        for name in names.split():
            variable = VARIABLES[name]
            assert (variable.entity.key, str(variable.definition_period)) == (entity, period), name


def test_nothing_is_defined_before_2017_and_the_category_model_not_before_2018():
    began_2018 = {name for name, variable in VARIABLES.items() if "2018-01-01" in variable.formulas}
    for name, variable in VARIABLES.items():
        starts = set(variable.formulas) - {"0001-01-01"}  # which says 0 of the frame and norm minutes
        published_later = name.startswith(("lmh_", "sykefravaer_"))
        assert starts <= {"2017-01-01", "2018-01-01"} | ({"2019-01-01"} if published_later else set()), name
    assert {"loepende_kategori", "etat_sentral_reserve", "enhet_ramme_hittil", "etat_kostnad_per_time"} <= began_2018
    assert not began_2018 & {"timer_per_uke", "etat_disponibel_ramme", "enhet_samlet_tildeling", "etat_merforbruk"}


def test_what_begins_in_2018_gives_its_default_before(law):
    results = simulate(moving(2017), law, 2017)
    later = [
        variable for variable in law.variables.values() if variable.formulas and min(variable.formulas) > "2017-12"
    ]
    assert {"loepende_kategori", "etat_avstandspott", "enhet_avstandstilskudd", "etat_ufordelt"} <= {
        v.name for v in later
    }
    for variable in later:
        months = [12] if variable.definition_period == "month" else [None]
        for month in months:
            assert (
                numpy.asarray(results.value(variable.name, month))
                == getattr(variable.default_value, "index", variable.default_value)
            ).all(), variable.name

"""December 2020: assessment teams, and a trial of team-based organisation, in the budget plan."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.enums import VurderendeInstans
from openfisca_bergen_hbt.rules.months import year_of
from openfisca_bergen_hbt.rules.need import assessed_by_teams
from openfisca_bergen_hbt.vedtak import Vedtak


class timer_per_uke(Variable):
    documentation = (
        "Timene i brukerens vedtak: slik vurderingsteamet har vurdert dem, og for de andre det som ellers gjelder. Kan "
        "også gis direkte som inndata."
    )

    def formula_2021_01(bruker, period):
        norms = bruker.simulation.etat("etat_normtid_gjelder", period).any()
        otherwise = "normtid_timer_per_uke" if norms else "vurdert_timer_per_uke"
        return assessed_by_teams(bruker, period, otherwise)


class enhet_vurderende_instans(Variable):
    documentation = "Hvem som vurderer brukernes behov: vurderingsteamet fra 2021."

    def formula_2021_01(enhet, period):
        return enhet.filled_array(VurderendeInstans.VURDERINGSTEAM)


class enhet_teambasert_organisering(Variable):
    documentation = "Om enheten prøver ut teambasert organisering: fra 2021 for enheter som deltar."

    def formula_2021_01(enhet, period):
        return enhet("enhet_deltar_i_teamutproeving", year_of(period))


class Vurderingsteam(Vedtak):
    """Vurderingsteam innføres, og teambasert organisering prøves ut."""

    title = "Vurderingsteam og utprøving av teambasert organisering"
    short_title = "Vurderingsteam"
    adopted = "2020-12"
    in_force = date(2021, 1, 1)
    decided_by = "Bystyret"
    reference = "Vedtak 2017-2021, punktet «Desember 2020»"
    interpretations = ("T-11",)
    hinges = (timer_per_uke, enhet_vurderende_instans, enhet_teambasert_organisering)

"""December 2020: assessment teams, and a trial of team-based organisation, in the budget plan."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.enums import VurderendeInstans
from openfisca_bergen_hbt.rules.months import year_of
from openfisca_bergen_hbt.vedtak import Vedtak


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
    hinges = (enhet_vurderende_instans, enhet_teambasert_organisering)

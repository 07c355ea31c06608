"""T-4 read otherwise: a category weighs what its users have on average."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_vekt_er_gjennomsnitt(Variable):
    documentation = "Om en kategori veier gjennomsnittet av timene i januar: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class Gjennomsnitt(Reading):
    """En kategori veier gjennomsnittet av timene til brukerne i den."""

    title = "En kategori veier gjennomsnittet av timene til brukerne i den"
    short_title = "Gjennomsnitt som vekt"
    replaces = "T-4"
    reads = "vedtak_2018_01_kategorimodell"
    reference = "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «kategorisering av tidsbruk hos brukerne»"
    case_for = "Budsjettet fordeles etter tidsbruken, og gjennomsnittet er den tiden brukerne i kategorien har."
    case_against = (
        "En vekt som følger av årets egne brukere, må regnes på nytt hvert år, og det sier ikke teksten noe om."
    )
    hinges = (etat_vekt_er_gjennomsnitt,)

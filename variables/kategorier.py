"""Categories: users grouped by how many hours a week they need."""

from openfisca_core.model_api import MONTH, YEAR, Enum, Variable

from openfisca_bergen_hbt.rules.categories import categories_of, points, values_by_category, weights
from openfisca_bergen_hbt.rules.entities import Bruker, Enhet, Etat
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.months import january
from openfisca_bergen_hbt.rules.need import from_hours
from openfisca_bergen_hbt.rules.stages.sums import counts_in_january, users_with_hours

MODELLEN = "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»"


class loepende_kategori(Variable):
    value_type = Enum
    possible_values = Kategori
    default_value = Kategori.INGEN
    entity = Bruker
    definition_period = MONTH
    label = "Løpende kategori"
    unit = "kategori"
    reference = [MODELLEN, "Tolkning T-3", "Tolkning T-9"]
    documentation = "Ingen kategori ved 0 timer, ellers den høyeste kategorien som timene når den nedre grensen for."

    @from_hours
    def formula_2018_01(bruker, period, parameters):
        hours = bruker("timer_per_uke", period)
        bounds = values_by_category(parameters(period).kategorimodell.nedre_grense, 6)
        return categories_of(bruker, hours, *bounds)


class brukerkategori(Variable):
    value_type = Enum
    possible_values = Kategori
    default_value = Kategori.INGEN
    entity = Bruker
    definition_period = YEAR
    label = "Kategori ved inngangen av året"
    unit = "kategori"
    reference = f"{MODELLEN}: «Ved inngangen av året grupperes brukermassen»"
    documentation = "Den løpende kategorien i januar."

    def formula_2018_01(bruker, period):
        return bruker("loepende_kategori", january(period))


class enhet_antall_brukere(Variable):
    value_type = int
    entity = Enhet
    definition_period = YEAR
    label = "Brukere med timer ved inngangen av året"
    unit = "antall"
    reference = "Lysbilder 04.06.2020, tabellen «Brukere»"
    documentation = "Antall brukere i enheten som har timer i januar."

    def formula_2017_01(enhet, period):
        return users_with_hours(enhet, period)


class antall_kategori_1(Variable):
    value_type = int
    entity = Enhet
    definition_period = YEAR
    label = "Brukere i kategori 1 ved inngangen av året"
    unit = "antall"
    reference = MODELLEN
    documentation = "Antall brukere i enheten med brukerkategori 1."

    def formula_2018_01(enhet, period):
        return counts_in_january(enhet, period)[:, Kategori.KATEGORI_1.index]


class antall_kategori_2(Variable):
    value_type = int
    entity = Enhet
    definition_period = YEAR
    label = "Brukere i kategori 2 ved inngangen av året"
    unit = "antall"
    reference = MODELLEN
    documentation = "Antall brukere i enheten med brukerkategori 2."

    def formula_2018_01(enhet, period):
        return counts_in_january(enhet, period)[:, Kategori.KATEGORI_2.index]


class antall_kategori_3(Variable):
    value_type = int
    entity = Enhet
    definition_period = YEAR
    label = "Brukere i kategori 3 ved inngangen av året"
    unit = "antall"
    reference = MODELLEN
    documentation = "Antall brukere i enheten med brukerkategori 3."

    def formula_2018_01(enhet, period):
        return counts_in_january(enhet, period)[:, Kategori.KATEGORI_3.index]


class antall_kategori_4(Variable):
    value_type = int
    entity = Enhet
    definition_period = YEAR
    label = "Brukere i kategori 4 ved inngangen av året"
    unit = "antall"
    reference = MODELLEN
    documentation = "Antall brukere i enheten med brukerkategori 4."

    def formula_2018_01(enhet, period):
        return counts_in_january(enhet, period)[:, Kategori.KATEGORI_4.index]


class antall_kategori_5(Variable):
    value_type = int
    entity = Enhet
    definition_period = YEAR
    label = "Brukere i kategori 5 ved inngangen av året"
    unit = "antall"
    reference = MODELLEN
    documentation = "Antall brukere i enheten med brukerkategori 5."

    def formula_2018_01(enhet, period):
        return counts_in_january(enhet, period)[:, Kategori.KATEGORI_5.index]


class antall_kategori_6(Variable):
    value_type = int
    entity = Enhet
    definition_period = YEAR
    label = "Brukere i kategori 6 ved inngangen av året"
    unit = "antall"
    reference = MODELLEN
    documentation = "Antall brukere i enheten med brukerkategori 6."

    def formula_2018_01(enhet, period):
        return counts_in_january(enhet, period)[:, Kategori.KATEGORI_6.index]


class enhet_kategoripoeng(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Kategoripoeng"
    unit = "poeng"
    reference = [f"{MODELLEN}: «fordeles budsjettet på bakgrunn av kategorisering av tidsbruk»", "Tolkning T-4"]
    documentation = (
        "Summen av vektene til brukernes løpende kategori. Kategori 6 og brukere uten kategori veier 0, og det gjør "
        "også en enhet utenfor hjemmetjenestene."
    )

    def formula_2018_01(enhet, period, parameters):
        return points(enhet, period, weights(enhet, period, parameters))


class etat_vekt_er_gjennomsnitt(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "Vekten til en kategori er gjennomsnittet av timene"
    unit = "ja_nei"
    reference = [f"{MODELLEN}: «fordeles budsjettet på bakgrunn av kategorisering av tidsbruk»", "Tolkning T-4"]
    documentation = (
        "Om en kategori veier det brukerne i den har i gjennomsnitt i januar, og ikke midtpunktet. Regelverket leses "
        "slik at det er midtpunktet: nei."
    )

    def formula_2017_01(etat, period):
        return etat.filled_array(False)

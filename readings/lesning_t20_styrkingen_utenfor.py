"""T-20 read otherwise: the reform's 14 million stay with the department."""

from types import MappingProxyType

from openfisca_bergen_hbt.vedtak import Reading


class StyrkingenUtenfor(Reading):
    """De 14 millionene blir hos byrådsavdelingen."""

    title = "De 14 millionene blir hos byrådsavdelingen"
    short_title = "Styrkingen utenfor"
    replaces = "T-20"
    reads = "vedtak_2017_10_normtid_avviklet"
    reference = "Vedtak 2017-2021, punktet «Oktober 2017»: «Det ble bevilget 14 millioner kroner»"
    case_for = "Pengene ble bevilget til byrådsavdelingen, og teksten sier ikke at de ble ført videre."
    case_against = "Reformen ble gjennomført i etaten, som hadde utgiftene."
    numbers = MappingProxyType({"budsjett.tillitsreform_andel_til_etaten": 0})

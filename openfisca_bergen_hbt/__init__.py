"""How Bergen kommune funds its home-care units, as code.

``CountryTaxBenefitSystem`` is the law in force; ``regelverk`` gives the regulation as adopted by a date, or without
some decisions; ``grunnregelverk`` holds the foundation that the decisions build on.
"""

from openfisca_bergen_hbt.regelverk import CountryTaxBenefitSystem, regelverk

__all__ = ["CountryTaxBenefitSystem", "regelverk"]

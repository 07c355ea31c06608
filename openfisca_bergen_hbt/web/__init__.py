"""The web: the stock API hardened and made fast, what analysts' clients need besides, and the analyst's page."""

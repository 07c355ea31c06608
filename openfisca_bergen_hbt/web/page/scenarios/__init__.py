"""The place of scenarios: up to four beside each other, which the address holds."""

"""The rules: one file per theme, in the order that the money flows."""

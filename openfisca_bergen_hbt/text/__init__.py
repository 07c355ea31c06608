"""Names and their spelling, YAML read strictly, and numbers as Norwegians write them."""

"""The numbers: dated YAML, one folder per theme."""

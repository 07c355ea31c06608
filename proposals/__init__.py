"""Proposals to copy: each a small YAML file that `bergen-hbt compare --proposal` runs."""

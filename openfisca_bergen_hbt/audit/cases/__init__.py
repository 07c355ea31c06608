"""Test cases, read from YAML."""

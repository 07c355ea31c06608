"""Situations that run as they stand: the example of the web API."""

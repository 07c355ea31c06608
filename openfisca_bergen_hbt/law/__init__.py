"""Versions of the regulation: decisions, and proposals on top of them."""

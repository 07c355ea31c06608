"""From files to a checked population."""

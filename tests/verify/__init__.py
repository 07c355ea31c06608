"""A file in hand beside the same made again."""

"""Where a result comes from: its record, and the hashes in it."""

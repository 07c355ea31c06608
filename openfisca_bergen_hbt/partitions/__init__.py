"""Users in many files, read one part at a time, turned into sums and forgotten."""

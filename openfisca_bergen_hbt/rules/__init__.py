"""What formulas are written with, and nothing else."""

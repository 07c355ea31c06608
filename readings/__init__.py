"""Rival readings of the text, one file each: what a finance officer could read otherwise, as a reform."""

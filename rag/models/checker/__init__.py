"""Judging: whether quotes support a claim, by a small trained network."""

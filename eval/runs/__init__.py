"""Runs of a set, their results, reports, comparisons and the gate."""

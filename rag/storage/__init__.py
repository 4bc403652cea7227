"""The library: the archive is the truth, the indexes are derived from it."""

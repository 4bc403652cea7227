"""Public sets of claims with their sources: what the check lets through."""

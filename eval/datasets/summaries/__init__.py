"""Public sets of summaries and stories."""

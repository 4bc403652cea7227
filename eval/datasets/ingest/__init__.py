"""Public sets of pages, feeds and copies: what ingest reads."""

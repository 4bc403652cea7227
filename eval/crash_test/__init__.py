"""Kills an ingest at random and counts what is lost."""

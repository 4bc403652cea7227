"""Summaries, briefings and timelines, each sentence cited."""

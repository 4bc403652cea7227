"""Feeds that are polled."""

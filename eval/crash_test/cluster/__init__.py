"""Kills the processes of two machines over one PostgreSQL and one Chroma server, and counts what is lost."""

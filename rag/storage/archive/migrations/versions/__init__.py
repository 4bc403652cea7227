"""The migrations of the archive, oldest first."""

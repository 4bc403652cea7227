"""Conversations that a reader comes back to: kept in the browser or the library, listed, opened again."""

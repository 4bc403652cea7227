"""Conversations that a reader comes back to: kept in the browser, listed, opened again."""

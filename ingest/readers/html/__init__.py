"""Web pages: their main text and what they say of themselves."""

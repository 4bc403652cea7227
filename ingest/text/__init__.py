"""From bytes to characters, and from marked-up text to plain text."""

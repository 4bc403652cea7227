"""What a question asks: its follow-ups resolved, its parts, its kind of answer, where to search for it."""

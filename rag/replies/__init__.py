"""A reply to whatever a reader says: an answer, a digest, a word on the library, or an order on the last answer."""

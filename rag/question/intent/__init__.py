"""What a reader wants: a question answered, a digest, something of the library, a word of courtesy, or an order."""

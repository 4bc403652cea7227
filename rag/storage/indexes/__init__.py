"""The indexes derived from the archive: vectors (Chroma, exact) and words (tantivy)."""

"""The archive: articles, passages, vectors, feeds and history in one SQL database."""

"""Where an article came from: the source that gave it, and the pages of its PDF (decisions 0034 and 0048)."""

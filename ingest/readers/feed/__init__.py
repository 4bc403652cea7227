"""RSS, Atom and sitemaps."""

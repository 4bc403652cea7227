"""From a raw article to what the archive stores: its id, passages, vectors and story."""

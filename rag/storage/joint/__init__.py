"""Several libraries that are read as one: which of them an article counts for, copies across them, ranks fused."""

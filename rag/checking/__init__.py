"""The check: whether quotes support a sentence, and where quotes contradict each other."""

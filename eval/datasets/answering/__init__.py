"""Public sets of questions: retrieval, answers, refusals, attacks."""

"""Every model: language models, embedders, rerankers; each library that runs one has its only door here."""

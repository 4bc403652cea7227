"""What all pages over one archive share beside its articles: who may come in, how often, at what cost; feedback."""

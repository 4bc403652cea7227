"""What readers want: the fit of `rag.question.intent` on utterances written by hand."""

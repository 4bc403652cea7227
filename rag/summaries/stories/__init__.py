"""One story whole: what happened, why it matters, who says what, how it was told over days, and what is near it."""

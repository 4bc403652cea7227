"""An article's outlet, title, date and address from what a source says of it."""

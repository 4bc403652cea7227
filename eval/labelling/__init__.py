"""Labelling: a person says which sentences answer readers' questions, for a reader that is fitted to one's own news."""

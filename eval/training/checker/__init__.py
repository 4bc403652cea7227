"""The checker: its data, its figures, its export."""

"""The reader: its data, its loss, its figures, its export."""

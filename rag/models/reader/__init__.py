"""Reading: which sentence of a passage answers a question, and whether any does, by a small trained network."""

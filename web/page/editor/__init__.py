"""The Newsletter view: an issue made, changed by its editor as it will look, taken away or sent."""

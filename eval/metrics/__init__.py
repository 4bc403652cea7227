"""The measures, each a function of cases and observations."""

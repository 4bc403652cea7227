"""The only way to the network: polite, bounded, and to public addresses alone."""

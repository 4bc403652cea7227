"""What all pages over one archive share beside its articles: users, attempts, costs, feedback, conversations."""

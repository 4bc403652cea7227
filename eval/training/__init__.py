"""What is fitted: weights, and what they are fitted on."""

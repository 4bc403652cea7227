"""What is fitted: the reader, the checker, and what they are fitted on."""

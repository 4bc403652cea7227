"""The page and the interfaces for programs, served by one process."""

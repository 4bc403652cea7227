"""The page that readers see."""

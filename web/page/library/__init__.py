"""The Library view: what a library holds, and how readers add to it, mend it and take away from it."""

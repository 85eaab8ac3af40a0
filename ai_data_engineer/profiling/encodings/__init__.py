"""Which encoding a text is in."""

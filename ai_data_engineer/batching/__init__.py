"""Many sources at once: which they are, and what became of each."""

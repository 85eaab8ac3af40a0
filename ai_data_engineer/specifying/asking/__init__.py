"""Putting a question to a model: keys, retries, limits, and what it may cost."""

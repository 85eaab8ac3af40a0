"""Great Expectations' types: what each takes, and what it means on the full data."""

"""The operators: one module each, found by `registry`."""

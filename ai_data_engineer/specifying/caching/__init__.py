"""Specs written before: the very same question is answered again, a similar one is mentioned."""

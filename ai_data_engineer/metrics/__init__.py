"""Figures of runs: what is counted, and how counts of many short processes come together."""

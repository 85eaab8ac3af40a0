"""What every rendered project holds word for word: running, counting, judging.

These modules are copied into projects, so they import only the standard library, polars,
`ai_data_engineer.io` and `ai_data_engineer.errors`, whose addresses are rewritten.
"""

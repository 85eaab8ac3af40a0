"""Reading and publishing, in bounded memory.

A rendered project gets a copy of the modules here that it needs, as its own `io` package: they
import the standard library, polars, public parsers, `ai_data_engineer.errors` and each other
(`from ai_data_engineer.io.x import y`; rendering rewrites these two prefixes), nothing else of
ours.
"""

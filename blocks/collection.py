"""All types of blocks of this package, found by themselves.

Servers and workers that have the package installed import this module (the entry point
`prefect.collections`), and so know the types: a server sends notifications by itself.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from prefect.blocks.core import Block

import blocks

TYPES: list[type[Block]] = [
    kind
    for module in sorted(m.name for m in pkgutil.iter_modules(blocks.__path__))
    if module != "collection"
    for _, kind in inspect.getmembers(importlib.import_module(f"blocks.{module}"), inspect.isclass)
    if issubclass(kind, Block) and kind.__module__ == f"blocks.{module}"
]
"""In the order of their modules' names."""

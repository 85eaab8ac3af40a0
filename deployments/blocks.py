"""Tell a server of our types of blocks: `python -m deployments.blocks`; safe to run again."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys

from prefect.blocks.core import Block

import blocks
from ai_data_engineer.errors import on_one_line


def types() -> list[type[Block]]:
    """Return every type that a module of the package `blocks` defines, by the module's name."""
    found: list[type[Block]] = []
    for module in sorted(m.name for m in pkgutil.iter_modules(blocks.__path__)):
        defined = inspect.getmembers(importlib.import_module(f"blocks.{module}"), inspect.isclass)
        found += [
            kind
            for _, kind in defined
            if issubclass(kind, Block) and kind.__module__ == f"blocks.{module}"
        ]
    return found


def register() -> list[str]:
    """Make or update all types on the server of PREFECT_API_URL; return their names."""
    for kind in types():
        kind.register_type_and_schema()
    return [str(kind.get_block_type_slug()) for kind in types()]


def main() -> int:
    """Register and say what; returns the exit code."""
    try:
        names = register()
    except Exception as error:  # noqa: BLE001 - whatever ails the server
        told = f"The server did not take the blocks ({type(error).__name__})."
        print(on_one_line(f"{told} Check PREFECT_API_URL and its logs."), file=sys.stderr)
        return 2
    print(f"{len(names)} types of blocks: {', '.join(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

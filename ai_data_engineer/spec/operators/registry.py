"""Finds the operators: every `Step` with an `op` in a module of this package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import get_args

from ai_data_engineer.spec import operators
from ai_data_engineer.spec.operators.base import Step


@cache
def all_operators() -> dict[str, type[Step]]:
    """Return op → model, sorted by op."""
    found: dict[str, type[Step]] = {}
    for module in pkgutil.iter_modules(operators.__path__):
        loaded = importlib.import_module(f"{operators.__name__}.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Step) and value is not Step:
                found[get_args(value.model_fields["op"].annotation)[0]] = value
    return dict(sorted(found.items()))

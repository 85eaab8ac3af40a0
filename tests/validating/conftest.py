from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

ORDERS: dict[str, Any] = {
    "spec_version": "1",
    "name": "orders",
    "sources": [
        {
            "id": "orders",
            "uri": "orders.csv",
            "format": "csv",
            "encoding": "utf-8",
            "dialect": {},
            "columns": [
                {"name": "order_id", "source_name": "order_id", "type": "int64", "nullable": False},
                {"name": "amount", "source_name": "amount", "type": "decimal(18,2)"},
                {"name": "status", "source_name": "status", "type": "string"},
                {"name": "email", "source_name": "email", "type": "string", "pii": "email"},
            ],
        }
    ],
    "steps": [
        {"id": "paid", "op": "filter", "inputs": ["orders"], "where": "status = 'paid'"},
        {"id": "plain", "op": "drop", "inputs": ["paid"], "columns": ["email"]},
    ],
    "outputs": [{"id": "paid_orders", "input": "plain", "path": "paid.parquet"}],
    "expectations": [
        {
            "on": "plain",
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "order_id"},
        }
    ],
}


@pytest.fixture
def document() -> dict[str, Any]:
    """A valid spec as plain JSON, to be broken."""
    return deepcopy(ORDERS)


@pytest.fixture
def broken(document: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Return the valid spec with one value, at a path, replaced."""

    def replace(*path: str | int, value: Any) -> dict[str, Any]:
        place: Any = document
        for key in path[:-1]:
            place = place[key]
        if isinstance(place, list) and path[-1] == len(place):
            place.append(value)
        else:
            place[path[-1]] = value
        return document

    return replace

"""Profiles of real files, and a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.profiling.profile_source import profile_source
from ai_data_engineer.stores.files import FileStore

ORDERS = """order_id,customer,amount,status,ordered_on
1,Anna,10.50,paid,2024-01-03
2,Bruno,7.00,open,2024-01-04
3,Chloé,12.25,paid,2024-02-01
"""
STAFF = "staff_id,full_name,salary\n1,Dana,100\n2,Eli,200\n"

Sources = list[tuple[str, FileProfile]]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "state")


@pytest.fixture
def profiled(tmp_path: Path) -> Callable[..., Sources]:
    """Return what profiles a text as a file and gives its sources."""

    def profile(text: str = ORDERS, path: str = "orders.csv", source_id: str = "orders") -> Sources:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return [(source_id, profile_source(str(file)))]

    return profile


@pytest.fixture
def orders(profiled: Callable[..., Sources]) -> Sources:
    return profiled()

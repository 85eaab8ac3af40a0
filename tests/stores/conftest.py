"""One store of each kind; Redis is a real server on a free port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.protocol import Store


@pytest.fixture(params=["files"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Return what opens the same store once more, as another process would."""
    return lambda: FileStore(tmp_path / "state")


@pytest.fixture
def store(another: Callable[[], Store]) -> Iterator[Store]:
    """Return an empty store."""
    return another()


@pytest.fixture
def opened(another: Callable[[], Store], tmp_path: Path) -> str:
    """Return code that opens the same store in another process."""
    return f"""
from pathlib import Path
from ai_data_engineer.stores.files import FileStore
store = FileStore(Path({str(tmp_path / "state")!r}))
"""


@pytest.fixture
def freed_within() -> float:
    """Return how many seconds after its holder's death a lease is free at the latest."""
    return 0.5

"""One store of each kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.protocol import Store
from ai_data_engineer.stores.redis import RedisStore


@pytest.fixture(params=["files", "redis"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def opened(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return code that opens the store in another process."""
    if kind == "files":
        made = f"FileStore(Path({str(tmp_path / 'state')!r}))"
    else:
        made = f"RedisStore({request.getfixturevalue('redis_url')!r})"
    return f"""
from pathlib import Path
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.redis import RedisStore
store = {made}
"""


@pytest.fixture
def another(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Return what opens the same store once more, as another process would."""
    if kind == "files":
        return lambda: FileStore(tmp_path / "state")
    url = request.getfixturevalue("redis_url")
    return lambda: RedisStore(url)


@pytest.fixture
def store(another: Callable[[], Store]) -> Store:
    """Return an empty store."""
    return another()

"""A watcher on real folders, with a server of events that can be watched and can fail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from ai_data_engineer.settings import load_settings
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.protocol import Store
from ai_data_engineer.watching.request import WatchRequest, WatchResult
from ai_data_engineer.watching.watch import Arrival, Watch


class Told:
    """What was told, in order; it keeps an event as Prefect's server does: once for an id."""

    def __init__(self) -> None:
        self.sent: list[Arrival] = []
        self.is_killed_after_telling = False

    def have(self, ids: Collection[UUID]) -> set[UUID]:
        return {a.id for a in self.sent} & set(ids)

    def tell(self, arrivals: Sequence[Arrival]) -> None:
        self.sent += arrivals
        if self.is_killed_after_telling:
            raise KeyboardInterrupt

    @property
    def names(self) -> list[str]:
        return sorted(Path(a.uri).name for a in self.sent)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return FileStore(tmp_path / "state")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def look(told, store, inbox):
    """Look once at `inbox/*.csv`, or where told; `meanwhile` happens while a file is to rest."""

    def look(*places: str, meanwhile=lambda seconds: None, **wanted) -> WatchResult:
        wanted = {"existing": True, "goal": "clean", **wanted}
        request = WatchRequest(places=list(places) or [f"{inbox}/*.csv"], **wanted)
        return Watch(request, store, told, load_settings(), sleep=meanwhile).look()

    return look

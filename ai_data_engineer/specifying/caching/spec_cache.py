"""Valid specs by the question they answer: what was asked and said, never a cell's value.

The spec itself is not kept; it is made again from the model's answers, and passes all gates again.
An entry that is damaged, lies under another's key or is of another version is none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from pydantic import ValidationError

from ai_data_engineer.document import Document
from ai_data_engineer.errors import TransientError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.specifying.caching.earlier_goals import add_goal
from ai_data_engineer.specifying.provenance import Provenance
from ai_data_engineer.stores.protocol import Store

DAY = 24 * 3600.0


class Entry(Document):
    """How a spec came about that passed all gates."""

    entry_version: Literal["1"] = "1"
    key: str
    provenance: Provenance
    written: datetime


class _Sealed(Document):
    """An entry as JSON text, and the sha256 of that."""

    sha256: str
    entry: str


class Found(NamedTuple):
    """What a look into the cache brought."""

    entry: Entry | None
    problem: str = ""
    """One line for a person, where the store cannot be reached; empty: it can."""


def lookup(store: Store, key: str, *, days: float) -> Found:
    """Return the entry of a question (`question_key`), if there is one; 0 days: never.

    Entries that are older than `days` are none, whatever was set when they were written.
    """
    if days <= 0:
        return Found(None)
    try:
        content = store.get(_place(key))
    except TransientError as error:
        return Found(None, f"Earlier specs are not looked for: {error.message}")
    entry = None if content is None else _opened(content)
    if entry is None or entry.key != key:
        return Found(None)
    age = (datetime.now(UTC) - entry.written).total_seconds()
    return Found(entry if age < days * DAY else None)


def remember(
    store: Store,
    key: str,
    provenance: Provenance,
    goal: str,
    sources: Sequence[tuple[str, FileProfile]],
    *,
    days: float,
) -> str:
    """Keep how a spec came about, for `days` (0: not at all). Only for one that passed all gates.

    Returns one line for a person where the store cannot be reached, else an empty text.
    """
    if days <= 0:
        return ""
    entry = Entry(key=key, provenance=provenance, written=datetime.now(UTC))
    text = entry.to_json()
    sealed = _Sealed(sha256=_sha256(text), entry=text)
    try:
        store.put(_place(key), sealed.to_json().encode(), seconds=days * DAY)
        add_goal(store, key, goal, sources, written=entry.written, seconds=days * DAY)
    except TransientError as error:
        return f"The spec is not remembered: {error.message}"
    return ""


def forget(store: Store, key: str) -> None:
    """Remove an entry that no longer makes a valid spec; no error where it cannot be reached."""
    try:
        store.delete(_place(key))
    except TransientError:
        return


def _place(key: str) -> str:
    return f"specs/{key}"


def _opened(content: bytes) -> Entry | None:
    try:
        sealed = _Sealed.from_json(content)
        return Entry.from_json(sealed.entry) if _sha256(sealed.entry) == sealed.sha256 else None
    except ValidationError:
        return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

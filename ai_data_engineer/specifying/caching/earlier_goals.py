"""Which goals had a valid spec, for sources with which columns: the latest thousand.

Goals are people's own words, so what in them is personal or secret is masked. Of columns there are
hashes of names alone.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from ai_data_engineer.document import Document
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.specifying.caching.question_key import normalised
from ai_data_engineer.specifying.privacy.aliases import Aliases
from ai_data_engineer.specifying.privacy.recognisers import find
from ai_data_engineer.stores.protocol import Store

PLACE = "goals"
MOST = 1_000
LONGEST = 1_000
"""Characters of a goal that is kept; a longer one is a document, and nothing to suggest."""
SKETCH = 64
"""Names of a source that are compared: those with the smallest hashes, which are as good as drawn
at random and the same ones for the same names (A. Broder, *On the resemblance and containment of
documents*, 1997)."""


class EarlierGoal(Document):
    """A goal, masked, that had a valid spec."""

    goal: str
    key: str
    """`question_key` of the question."""
    columns: tuple[int, ...]
    """The sketch of its sources' columns, ascending."""
    written: datetime


class _Index(Document):
    index_version: Literal["1"] = "1"
    goals: tuple[EarlierGoal, ...] = ()
    """The latest last."""


def add_goal(
    store: Store,
    key: str,
    goal: str,
    sources: Sequence[tuple[str, FileProfile]],
    *,
    written: datetime,
    seconds: float,
) -> None:
    """Note down a goal; raises TransientError."""
    text = normalised(goal)
    if not text or len(text) > LONGEST:
        return
    # What only their column shows to be a person's is hidden too: other people are shown the goal.
    text = Aliases(sources, text).hide(masked(text))
    new = EarlierGoal(goal=text, key=key, columns=sketch(sources), written=written)

    def change(content: bytes | None) -> tuple[bytes, None]:
        others = [
            g for g in _read(content) if g.key != key and (g.goal, g.columns) != (text, new.columns)
        ]
        index = _Index(goals=(*others, new)[-MOST:])
        return index.model_dump_json().encode(), None

    store.update(PLACE, change, seconds=seconds)


def earlier_goals(store: Store) -> tuple[EarlierGoal, ...]:
    """Return them all, the latest last; raises TransientError."""
    return _read(store.get(PLACE))


def _read(content: bytes | None) -> tuple[EarlierGoal, ...]:
    if content is None:
        return ()
    try:
        return _Index.from_json(content).goals
    except ValidationError:  # damaged, or of another version
        return ()


def sketch(sources: Iterable[tuple[str, FileProfile]]) -> tuple[int, ...]:
    """Return the smallest hashes of the names of columns, ascending."""
    names = {column.name for _, profile in sources for column in profile.columns}
    hashes = {int.from_bytes(hashlib.sha256(n.encode()).digest()[:6], "big") for n in names}
    return tuple(heapq.nsmallest(SKETCH, hashes))


def share_of_equal(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of the columns of two sketches that both have (Jaccard): 0 to 1."""
    union = heapq.nsmallest(SKETCH, {*one, *other})
    both = {*one} & {*other}
    return len(both.intersection(union)) / len(union) if union else 0.0


def masked(text: str) -> str:
    """Return the text with `[email]`, `[name]` … for what is personal or secret."""
    pieces, end = [], 0
    for match in find(text):
        pieces += [text[end : match.start], f"[{match.kind}]"]
        end = match.end
    return "".join([*pieces, text[end:]])

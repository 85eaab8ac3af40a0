"""Earlier goals that a person may have meant too. They are shown, and never answer a question.

Likeness of words cannot tell "above 100" from "below 100", nor can that of embeddings.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.errors import TransientError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.specifying.caching.earlier_goals import (
    earlier_goals,
    masked,
    share_of_equal,
    sketch,
)
from ai_data_engineer.specifying.caching.question_key import normalised
from ai_data_engineer.stores.protocol import Store

MOST = 3
LEAST_SIMILARITY = 0.4
LEAST_COLUMNS = 0.7
"""Share of equal columns from which sources are of one kind."""
_WORD = re.compile(r"\w+")


class Suggestion(Document):
    """An earlier goal for a source of the same kind."""

    goal: str
    """What is personal or secret in it is masked."""
    similarity: float = Field(ge=0, le=1)
    """Of its words."""
    key: str
    """`question_key` of the question."""
    when: datetime


def suggestions(
    store: Store, goal: str, sources: Sequence[tuple[str, FileProfile]]
) -> tuple[Suggestion, ...]:
    """Return at most three earlier goals, the most similar first; none for no goal.

    None where the store cannot be reached.
    """
    try:
        earlier = earlier_goals(store)
    except TransientError:
        return ()
    columns = sketch(sources)
    alike = [g for g in earlier if share_of_equal(columns, g.columns) >= LEAST_COLUMNS]
    words = [_words(g.goal) for g in alike]
    asked = _words(masked(normalised(goal)))
    rarity = _rarity([*words, asked])
    scored = sorted(
        ((_cosine(asked, of, rarity), g.written, g) for of, g in zip(words, alike, strict=True)),
        key=lambda scored: scored[:2],
        reverse=True,
    )
    best: dict[str, Suggestion] = {}
    for similarity, when, found in scored:
        if similarity >= LEAST_SIMILARITY and found.goal not in best and len(best) < MOST:
            best[found.goal] = Suggestion(
                goal=found.goal, similarity=round(similarity, 3), key=found.key, when=when
            )
    return tuple(best.values())


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def _rarity(texts: Sequence[Counter[str]]) -> Mapping[str, float]:
    """Return a weight for each word: 1 + ln(texts / texts with it), so that "by" counts little.

    Inverse document frequency (K. Spärck Jones, 1972), as scikit-learn shifts it.
    """
    holding = Counter(word for text in texts for word in text)
    return {word: 1 + math.log(len(texts) / count) for word, count in holding.items()}


def _cosine(one: Counter[str], other: Counter[str], rarity: Mapping[str, float]) -> float:
    shared = sum(one[w] * other[w] * rarity[w] ** 2 for w in one.keys() & other.keys())
    if not shared:
        return 0.0
    lengths = [math.sqrt(sum((n * rarity[w]) ** 2 for w, n in t.items())) for t in (one, other)]
    return min(1.0, shared / (lengths[0] * lengths[1]))

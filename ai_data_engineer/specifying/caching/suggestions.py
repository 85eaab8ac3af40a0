"""Earlier goals that a person may have meant too. They are shown, and never answer a question.

Likeness of words cannot tell "above 100" from "below 100", nor can that of embeddings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
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
LITTLE = 0.3
"""Weight of a number, and of a word that goals of any kind have; of others: 1."""
_LITTLE = frozenset(
    {
        *("a", "all", "an", "and", "any", "are", "as", "at", "be", "by", "each", "every", "for"),
        *("from", "get", "give", "has", "have", "in", "into", "is", "it", "its", "me", "need"),
        *("of", "on", "only", "or", "per", "please", "show", "so", "that", "the", "their", "then"),
        *("there", "these", "this", "to", "want", "we", "what", "where", "which", "with"),
    }
)
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
    shares = {kind: share_of_equal(columns, kind) for kind in {g.columns for g in earlier}}
    asked = _words(masked(normalised(goal)))
    scored = sorted(
        (
            (_cosine(asked, _words(g.goal)), g.written, g)
            for g in earlier
            if shares[g.columns] >= LEAST_COLUMNS
        ),
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


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _cosine(one: frozenset[str], other: frozenset[str]) -> float:
    both = one & other
    if not both:
        return 0.0
    return min(1.0, _square(both) / math.sqrt(_square(one) * _square(other)))


def _square(words: frozenset[str]) -> float:
    """Return the sum of the squares of the words' weights.

    A weight is not how rare a word is among all goals: then two would be as similar as the others
    make them, and a number that nobody else wrote would count most.
    """
    little = len(words & _LITTLE) + sum(map(str.isdigit, words))
    return len(words) - little * (1 - LITTLE**2)

"""How many values of a column have a form: at a glance, or as a share."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Final

from ai_data_engineer.profiling.profile import Semantic
from ai_data_engineer.profiling.texts import Texts

SUPPORT: Final = 0.9
"""Share of the values that must have a meaning's form, or be among its words."""
PROOF: Final = 0.95
"""The same where much else looks alike: nine in ten random numbers could be social security's."""
_GLANCE: Final = 8
"""Values that are looked at before more of them are."""
_EXAMINED: Final = 250
"""Different values that a form is tried on, spread over the column: ± 3 % at a share of 95 %."""

Test = Callable[[str], bool]

Meaning = tuple[Semantic, float | None]
"""A meaning, and the share of the values that have its form (None: the column's name says so)."""


def share_with(values: Texts, has_form: Test) -> float:
    """Return the share of the values that have a form; nought when the first few have not."""
    return share_of(values, has_form) if at_a_glance(values, has_form) else 0.0


def share_of(values: Texts, has_form: Test) -> float:
    """Return the share of the values that have a form."""
    counts = values.counts
    if len(counts) <= _EXAMINED:
        return sum(n for text, n in counts.items() if has_form(text)) / len(values)
    examined = list(itertools.islice(counts, 0, None, len(counts) // _EXAMINED))
    return sum(map(has_form, examined)) / len(examined)


def at_a_glance(values: Texts, has_form: Test) -> bool:
    """Return whether half of the first values have a form; ends as soon as that is out of reach."""
    glance = list(itertools.islice(values.counts, _GLANCE))
    misses = 0
    for text in glance:
        misses += not has_form(text)
        if 2 * misses > len(glance):
            return False
    return bool(glance)


def has_digits(values: Texts) -> bool:
    """Return whether most values have a digit."""
    return share_with(values, lambda t: any(c.isdigit() for c in t)) >= 0.8

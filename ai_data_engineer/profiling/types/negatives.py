"""Numbers below nought that have no sign before them: `(5)`, `5-`, or a typographic sign."""

from __future__ import annotations

import re
from typing import Literal

from ai_data_engineer.profiling.texts import Texts

Negative = Literal["parentheses", "behind", "typographic"]


_NEGATIVES: tuple[tuple[Negative, str, re.Pattern[str], str], ...] = (
    (
        "parentheses",
        ")",
        re.compile(r"([^\d()+-]*)\(([^()+-]*\d[^()+-]*)\)([^\d()+-]*)"),
        r"-\1\2\3",
    ),
    ("behind", "-", re.compile(r"([^+-]*\d[^+-]*)-"), r"-\1"),
    ("typographic", "\u2212", re.compile("\u2212([^\u2212+-]*[0-9][^\u2212+-]*)"), r"-\1"),
)


_MOST_NEGATIVE: dict[Negative, float] = {"parentheses": 0.9, "behind": 0.9, "typographic": 1.0}


def with_plain_signs(texts: Texts) -> tuple[Texts, Negative | None]:
    """Return the texts with signs before the numbers, and how the negative ones were written.

    Parentheses and signs behind mean that only where other numbers of the column have none.
    """
    for negative, sign, pattern, plain in _NEGATIVES:
        if sign not in texts.joined:
            continue
        is_so = {shape: pattern.fullmatch(shape) is not None for shape in texts.shapes}
        count = sum(texts.shapes[shape] for shape, so in is_so.items() if so)
        if count and count <= _MOST_NEGATIVE[negative] * len(texts):
            values = [
                pattern.sub(plain, text) if is_so[shape] else text
                for text, shape in zip(texts.values, texts.row_shapes, strict=True)
            ]
            return Texts(values), negative
    return texts, None

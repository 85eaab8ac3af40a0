"""Values of a column's own type that stand for "no value": suspected, never assumed."""

from __future__ import annotations

import polars as pl

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.conversion import read_texts
from ai_data_engineer.types import LogicalType

_NUMBERS = frozenset(
    f"{sign}{digits}{fraction}"
    for sign in ("", "-")
    for digits in ("99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999",
                   "98", "998", "9998", "8888", "7777")
    for fraction in ("", ".0", ".00", ".9", ".99", ",0", ",00", ",9", ",99")
) | {"-1", "-1.0", "-9", "-9.0", "-2147483648", "2147483647", "-32768", "32767"}  # fmt: skip
_DATES = frozenset({
    "0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01",
    "1970-01-01", "2099-12-31", "2999-12-31", "9999-01-01", "9999-12-31",
})  # fmt: skip
_YEARS = frozenset(date[:4] for date in _DATES)
_FEWEST_OTHERS = 5
_DISTANCE = 3
"""So many times the others' span must lie between them and a sentinel; for dates, once."""


def sentinels(texts: Texts, kind: LogicalType, parse: Parse) -> int:
    """Return how many values are of those often used for "no value" and lie far from the others.

    They must repeat, and be the least or the greatest by far. Nought for other types.
    """
    if kind.is_numeric:
        candidates = {text for text in texts.counts.keys() & _NUMBERS if texts.counts[text] > 1}
        if not candidates:
            return 0
    elif kind.name not in ("date", "datetime") or not any(y in texts.joined for y in _YEARS):
        return 0
    known = list(texts.counts)
    values = read_texts(pl.Series(known, dtype=pl.String), kind, parse)
    if kind.is_numeric:
        is_candidate = pl.Series([text in candidates for text in known])
        values = values.cast(pl.Float64)
    else:
        days = values.cast(pl.Date)
        often = pl.Series([texts.counts[text] > 1 for text in known])
        is_candidate = days.cast(pl.String).is_in(list(_DATES)) & often
        values = days.cast(pl.Int32).cast(pl.Float64)
    if not is_candidate.any():
        return 0
    others = values.filter(~is_candidate).drop_nulls()
    if len(others) < _FEWEST_OTHERS:
        return 0
    low, high = float(others.min()), float(others.max())  # type: ignore[arg-type]
    away = max(high - low, 1.0) * (_DISTANCE if kind.is_numeric else 1)
    is_far = (values < low - away) | (values > high + away)
    if low >= 0 and kind.is_numeric:
        is_far |= values < 0  # the only negative number of them all
    return sum(
        texts.counts[text]
        for text, far, candidate in zip(known, is_far, is_candidate, strict=True)
        if far and candidate
    )

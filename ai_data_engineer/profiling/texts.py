"""The texts of one column: counted, and reduced to shapes.

A shape writes `9` for a digit, `A` and `a` for upper- and lower-case letters, and every other
character as it is. A column of a thousand numbers or dates has a handful of shapes, so whatever
looks at shapes instead of values costs next to nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cached_property

import polars as pl

SEPARATOR = "\x00"
LONG = 256
"""Texts longer than this are cut before their shape is taken: no typed value is that long."""

_ASCII_SHAPES = bytes(
    ord("9") if 48 <= i <= 57 else ord("A") if 65 <= i <= 90 else ord("a") if 97 <= i <= 122 else i
    for i in range(256)
)
_LONG_RUN = re.compile(r"a{5,}|A{5,}")


class _Shapes(dict[int, str]):
    """`str.translate` table for any Unicode text, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        shape = char
        if "0" <= char <= "9":
            shape = "9"
        elif char.isupper():
            shape = "A"
        elif char.isalpha():
            shape = "a"
        self[code] = shape
        return shape


_UNICODE_SHAPES = _Shapes()


class Texts:
    """The texts of a column that are there: trimmed, without nulls and empty ones."""

    def __init__(self, values: list[str]) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def counts(self) -> Counter[str]:
        """Each text and how often it stands in the column."""
        return Counter(self.values)

    @cached_property
    def joined(self) -> str:
        """All texts in one, each behind a SEPARATOR: what one regex search can look through."""
        return SEPARATOR + SEPARATOR.join(self.values)

    @cached_property
    def series(self) -> pl.Series:
        """The texts for polars."""
        return pl.Series(self.values, dtype=pl.String)

    @cached_property
    def row_shapes(self) -> list[str]:
        """The shape of each text, in order."""
        values, joined = self.values, self.joined
        if len(joined) > LONG * (len(values) + 1) or joined.count(SEPARATOR) != len(values):
            values = [v[:LONG].replace(SEPARATOR, " ") for v in values]
            joined = SEPARATOR + SEPARATOR.join(values)
        if joined.isascii():
            shapes = joined.encode("ascii").translate(_ASCII_SHAPES).decode("ascii")
        else:
            shapes = joined.translate(_UNICODE_SHAPES)
        return shapes.split(SEPARATOR)[1:]

    @cached_property
    def shapes(self) -> Counter[str]:
        """Each shape and how many texts have it."""
        return Counter(self.row_shapes)

    @cached_property
    def examples(self) -> dict[str, str]:
        """One text for each shape."""
        return dict(zip(self.row_shapes, self.values, strict=True))

    @cached_property
    def max_length(self) -> int:
        """Length of the longest text in characters."""
        return max(map(len, self.values), default=0)

    def without(self, gone: Collection[str]) -> Texts:
        """Return the texts but those."""
        return Texts([v for v in self.values if v not in gone]) if gone else self

    def share(self, pattern: str) -> float:
        """Return the share of texts that a polars regex matches somewhere."""
        if not self.values:
            return 0.0
        return float(self.series.str.contains(pattern).mean() or 0.0)  # type: ignore[arg-type]

    def common_shapes(self, at_most: int) -> list[tuple[str, int]]:
        """Return the most frequent shapes, long runs of letters merged."""
        return merged_shapes(self.shapes, at_most)


def merged_shapes(shapes: Counter[str], at_most: int) -> list[tuple[str, int]]:
    """Return the most frequent shapes with runs of letters longer than four as `a+`, `A+`."""
    merged = Counter[str]()
    for shape, count in shapes.most_common(200):
        merged[_LONG_RUN.sub(lambda m: f"{m[0][0]}+", shape)] += count
    return merged.most_common(at_most)

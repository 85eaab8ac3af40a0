"""What every reader yields."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

LINE = "__line"
"""Column of a batch: 1-based physical line where the record begins (text formats), else the
1-based number of the record."""


@dataclass(frozen=True)
class Field:
    """A value to take out of each record of JSON or XML.

    `path` are the keys from the record down; `dtype` None asks for text (numbers as written,
    booleans as `true`/`false`, objects and arrays as JSON), a List or Struct for the nested value.
    """

    name: str
    path: tuple[str, ...]
    dtype: pl.DataType | None = None


@dataclass(frozen=True)
class Rejected:
    """A record set aside: its line, why (without any cell value), and its text as found."""

    line: int
    reason: str
    record: str


@dataclass(frozen=True)
class Batch:
    """Some records: `rows` has LINE and the columns asked for; text columns are String.

    A reader yields at least one batch, without rows when there are none.
    """

    rows: pl.DataFrame
    rejected: list[Rejected] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    """Fields of the records that no column asks for, and in how many records each stands."""
    padded: list[int] = field(default_factory=list)
    """Lines of rows that lacked cells at their end: those are empty."""

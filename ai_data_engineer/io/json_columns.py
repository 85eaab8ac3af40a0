"""Reading NDJSON into columns by a native parser, with the answers of the tolerant one.

The parser of polars is strict and fast, but takes the first of two equal keys, passes over fields
that nobody asked for, turns numbers in a column of text into other text, and knows no record that
is broken. So each block of whole lines is proved to hold nothing of that, by counts that must add
up; a block in which anything is unusual is read by the tolerant reader instead.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import polars as pl

from ai_data_engineer.io.batches import LINE, Batch, Field
from ai_data_engineer.io.json_marks import Marks, Places, has_lone_surrogates
from ai_data_engineer.io.json_reader import (
    BATCH,
    BLANKS,
    numbered_records,
)
from ai_data_engineer.io.records import TEXT_KEY, to_batches

_MOST_LESSONS = 8
_MOST_KEYS = 2_000
_MOST_DEPTH = 32


@dataclass
class _Node:
    """What was seen at one key: the kinds of its values, and the keys inside its objects."""

    kinds: set[str] = field(default_factory=set)
    keys: dict[str, _Node] = field(default_factory=dict)

    def see(self, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, dict):
            self.kinds.add("object")
            for key, inner in value.items():
                self.keys.setdefault(key, _Node()).see(inner)
            return
        name = type(value).__name__
        is_long = name == "int" and not -(2**63) <= value < 2**63
        self.kinds.add("float" if is_long else name)

    def dtype(self, depth: int = 0) -> pl.DataType | None:
        """Return the type in which polars refuses whatever is not alike; None: there is none."""
        if self.kinds == {"object"} and self.keys and depth < _MOST_DEPTH:
            inner = {key: node.dtype(depth + 1) for key, node in self.keys.items()}
            return None if None in inner.values() else pl.Struct(inner)  # type: ignore[arg-type]
        if self.kinds <= {"str"}:
            return pl.String()
        if self.kinds == {"int"}:
            return pl.Int64()
        if self.kinds <= {"int", "float"}:
            return pl.Float64()
        return pl.Boolean() if self.kinds == {"bool"} else None

    def size(self) -> int:
        """Return how many keys there are."""
        return 1 + sum(node.size() for node in self.keys.values())


@dataclass(frozen=True)
class _Usual:
    """What the records of a file usually hold."""

    schema: pl.Schema
    depths: dict[str, int]
    """Of the keys that stand at one place of the records alone."""


class JsonColumns:
    """Takes columns out of blocks of NDJSON, having learnt from some lines what is usual."""

    def __init__(self, columns: Sequence[Field]) -> None:
        self._columns = columns
        self._asked = {field.path[0] for field in columns}
        self._seen = _Node()
        self._usual: _Usual | None = None
        self._lessons = 0
        self._learning = threading.Lock()

    def learn(self, lines: Iterable[bytes]) -> None:
        """Look at some lines; broken ones teach nothing, nor do any after so many lessons."""
        with self._learning:
            self._lessons += 1
            if self._lessons > _MOST_LESSONS or not self._columns:
                return
            for number, line in enumerate(lines):
                try:
                    record = orjson.loads(line)
                except ValueError:
                    continue
                if isinstance(record, dict):
                    self._seen.see(record)
                if number % 100 == 0 and self._seen.size() > _MOST_KEYS:
                    self._usual, self._lessons = None, _MOST_LESSONS
                    return
            dtype = self._seen.dtype()
            self._usual = None
            if isinstance(dtype, pl.Struct) and all(self._is_scalar(f) for f in self._columns):
                names = list(_names(self._seen))
                times = Counter(name for name, _ in names)
                depths = {name: depth for name, depth in names if times[name] == 1}
                self._usual = _Usual(pl.Schema(dtype.to_schema()), depths)

    def _is_scalar(self, column: Field) -> bool:
        node: _Node | None = self._seen
        for key in column.path:
            node = node.keys.get(key) if node else None
        is_text = column.dtype is None or column.dtype == pl.String
        return is_text and TEXT_KEY not in column.path and (node is None or not node.keys)

    def read(self, block: bytes, first_line: int) -> Batch:
        """Return the records of whole lines, the first of which has that number."""
        batch = self.read_usual(block, first_line)
        if batch is not None:
            return batch
        lines = block.split(b"\n")
        self.learn(lines)
        return joined(to_batches(numbered_records(lines, first_line), self._columns, BATCH))

    def read_usual(self, block: bytes, first_line: int) -> Batch | None:
        """Return the records of whole lines, or None where something about them is unusual."""
        usual = self._usual
        if usual is None:
            return None
        try:
            rows = pl.read_ndjson(block, schema=usual.schema)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return None
        marks = Marks(block)
        lines = _lines_of_records(block, rows.height, len(marks.line_ends))
        if lines is None or not marks.are_whole:
            return None
        if marks.has_unicode_escapes and has_lone_surrogates(block):
            return None
        leaves = dict(_leaves(rows))
        if not _adds_up(marks, leaves):
            return None
        nulls = marks.nulls()
        if len(lines) < len(marks.line_ends):
            nulls = {key: np.searchsorted(lines, on) for key, on in nulls.items()}
        if any(usual.depths.get(key.decode()) != depth for key, depth in nulls):
            return None
        if not _are_null(nulls, leaves):
            return None
        texts = self._as_texts(leaves, marks, usual.depths)
        if texts is None:
            return None
        missing = pl.repeat(None, rows.height, dtype=pl.String(), eager=True)
        taken = [texts.get(c.path, missing).alias(c.name) for c in self._columns]
        unread = Counter(
            {
                key: rows.height
                - rows[key].null_count()
                + len(set(nulls.get((key.encode(), 1), ())))
                for key in usual.schema.keys() - self._asked
            }
        )
        return Batch(pl.DataFrame([pl.Series(LINE, lines + first_line), *taken]), unread=+unread)

    def _as_texts(
        self, leaves: dict[tuple[str, ...], pl.Series], marks: Marks, depths: dict[str, int]
    ) -> dict[tuple[str, ...], pl.Series] | None:
        """Return the columns that are asked for as text, numbers as they are written."""
        texts: dict[tuple[str, ...], pl.Series] = {}
        for path in {column.path for column in self._columns} & leaves.keys():
            values = leaves[path]
            if values.dtype != pl.Float64:
                texts[path] = values.cast(pl.String)
                continue
            if path[-1] not in depths:
                return None
            written = marks.numbers(path[-1].encode())
            if written is None or len(written) != len(values) - values.null_count():
                return None
            texts[path] = _spread(pl.Series(pl.from_arrow(written)), values)
        return texts


def _lines_of_records(block: bytes, records: int, lines: int) -> Places | None:
    """Return the number of the line, from 0, of each record; None where some line is none."""
    if lines == records:
        return np.arange(records)
    filled = [number for number, line in enumerate(block.split(b"\n")) if line.strip(BLANKS)]
    return np.array(filled, dtype=np.int64) if len(filled) == records else None


def _spread(present: pl.Series, values: pl.Series) -> pl.Series:
    """Return as many rows as there are values: what is present, in order, where these are."""
    if len(present) == len(values):
        return present
    spread = pl.repeat(None, len(values), dtype=pl.String(), eager=True)
    return spread.scatter(values.is_not_null().arg_true(), present)


def joined(batches: Iterable[Batch]) -> Batch:
    """Return several batches as one."""
    parts = list(batches)
    return Batch(
        pl.concat([part.rows for part in parts]),
        [record for part in parts for record in part.rejected],
        sum((part.unread for part in parts), Counter()),
    )


def _names(node: _Node, depth: int = 1) -> Iterator[tuple[str, int]]:
    for key, inner in node.keys.items():
        yield key, depth
        yield from _names(inner, depth + 1)


def _leaves(rows: pl.DataFrame) -> Iterator[tuple[tuple[str, ...], pl.Series]]:
    """Yield path and values of every column, and of the objects that hold others."""
    waiting: list[tuple[tuple[str, ...], pl.Series]]
    waiting = [((values.name,), values) for values in rows.get_columns()]
    while waiting:
        path, values = waiting.pop()
        yield path, values
        if values.dtype == pl.Struct:
            waiting += [
                ((*path, inner), values.struct.field(inner)) for inner in values.struct.fields
            ]


def _adds_up(marks: Marks, leaves: dict[tuple[str, ...], pl.Series]) -> bool:
    """Return whether the values of all keys are those in the columns, and of their kinds.

    A field that is in no column, a second key of one name, or a number in a column of text (which
    the parser lets pass) makes one of the sums too large.
    """
    present = {path: len(v) - v.null_count() for path, v in leaves.items()}

    def of(dtype: Any) -> int:
        return sum(n for path, n in present.items() if leaves[path].dtype == dtype)

    return (
        marks.keys - marks.beginning_with(b"n") == sum(present.values())
        and marks.beginning_with(b'"') == of(pl.String)
        and marks.beginning_with(b"{") == of(pl.Struct)
    )


def _are_null(
    nulls: dict[tuple[bytes, int], Places], leaves: dict[tuple[str, ...], pl.Series]
) -> bool:
    """Return whether the columns are null where a null is written: not where a key came twice."""
    by_name = {path[-1]: values for path, values in leaves.items()}
    return all(
        by_name[name.decode()].is_null().to_numpy()[rows].all() for (name, _), rows in nulls.items()
    )

"""The columns of nested records: objects become columns of their own, lists stay lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ai_data_engineer.io.records import TEXT_KEY
from ai_data_engineer.types import BOOLEAN, FLOAT64, INT64, STRING, LogicalType

MAX_COLUMNS = 10_000
_MAX_INT64 = 2**63
_KEYED = 50
"""An object with more keys than this, each in few records, is a mapping, not a record."""


@dataclass(frozen=True)
class FoundColumn:
    """A value in each record: keys down to it, what JSON kinds it has, its type where nested.

    `kinds` are of `string`, `integer`, `number`, `boolean`, `null`; `type` is None for a scalar,
    which is read as text and typed afterwards.
    """

    path: tuple[str, ...]
    kinds: frozenset[str]
    type: LogicalType | None = None


@dataclass
class _Node:
    """Everything seen at one place of the records."""

    kinds: Counter[str] = field(default_factory=Counter)
    fields: dict[str, _Node] = field(default_factory=dict)
    items: _Node | None = None
    large: bool = False
    """An integer beyond 64 bits was seen."""
    text: bool = False
    """A string with more than blanks was seen."""

    def see(self, value: Any) -> None:
        if isinstance(value, dict):
            self.kinds["object"] += 1
            for key, inner in value.items():
                self.fields.setdefault(key, _Node()).see(inner)
        elif isinstance(value, list):
            self.kinds["array"] += 1
            if self.items is None:
                self.items = _Node()
            for inner in value:
                self.items.see(inner)
        else:
            self.kinds[_scalar_kind(value)] += 1
            self.text = self.text or (isinstance(value, str) and bool(value.strip()))
            if type(value) is int and not -_MAX_INT64 <= value < _MAX_INT64:
                self.large = True

    @property
    def seen(self) -> int:
        return sum(self.kinds.values())

    @property
    def is_object(self) -> bool:
        return bool(self.fields) and set(self.kinds) <= {"object", "null"} and not self.is_mapping

    @property
    def is_mapping(self) -> bool:
        """Keys that are data (ids, dates), so that each is in few of many records."""
        often = sum(node.seen for node in self.fields.values()) / max(1, len(self.fields))
        return len(self.fields) > _KEYED and often < 0.1 * self.kinds["object"]


def find_columns(records: Iterable[dict[str, Any]], *, repeated: bool = False) -> list[FoundColumn]:
    """Return the columns of some records, in the order in which their values were first met.

    Values of mixed kinds (an object here, a number there) become text.

    Args:
        records: Parsed objects.
        repeated: A value that is a list in one record and single in another is a list: XML.
    """
    root = _Node()
    for record in records:
        root.see(record)
    return list(islice(_columns(root, (), repeated), MAX_COLUMNS)) if root.fields else []


def _columns(node: _Node, path: tuple[str, ...], repeated: bool) -> Iterator[FoundColumn]:
    if node.is_object or not path:
        for key, inner in node.fields.items():
            yield from _columns(inner, (*path, key), repeated)
        return
    kinds = set(node.kinds)
    if repeated and _is_element(node):
        for key, inner in _element_fields(node).items():
            yield from _columns(inner, (*path, key), repeated)
        return
    if "array" in kinds and (nested := _type(node, repeated)) is not None:
        yield FoundColumn(path, frozenset(), nested)
        return
    scalars = kinds - {"object", "array"}
    yield FoundColumn(path, frozenset(scalars) if scalars == kinds else frozenset({"string"}))


def _type(node: _Node, repeated: bool) -> LogicalType | None:
    """Return the type of a value inside a list, or of a list; None for mixed kinds."""
    kinds = set(node.kinds) - {"null"}
    if repeated and "array" in kinds and node.items is not None and len(kinds) > 1:
        merged = _Node(node.items.kinds + node.kinds, {**node.items.fields, **node.fields})
        merged.text = node.text or node.items.text
        del merged.kinds["array"]
        return _listed(_type(merged, repeated))
    if kinds == {"array"}:
        assert node.items is not None
        return _listed(_type(node.items, repeated))
    is_element = repeated and _is_element(node)
    if kinds == {"object"} or is_element:
        if not node.fields or node.is_mapping:
            return None
        members = _element_fields(node) if is_element else node.fields
        fields = [(name, _type(inner, repeated)) for name, inner in members.items()]
        if any(kind is None for _, kind in fields):
            return None
        return LogicalType("struct", fields=tuple((n, k) for n, k in fields if k is not None))
    if kinds <= {"integer"} and kinds and not node.large:
        return INT64
    if kinds <= {"integer", "number"} and kinds and not node.large:
        return FLOAT64
    if kinds == {"boolean"}:
        return BOOLEAN
    return None if kinds & {"array", "object"} else STRING


def _is_element(node: _Node) -> bool:
    """An XML element that has attributes or children in some records, text alone in others."""
    kinds = set(node.kinds) - {"null"}
    return kinds == {"object", "string"} and bool(node.fields) and not node.is_mapping


def _element_fields(node: _Node) -> dict[str, _Node]:
    """Its text is `#text` in all records; empty elements have none."""
    if not node.text or TEXT_KEY in node.fields:
        return node.fields
    return {**node.fields, TEXT_KEY: _Node(Counter(string=node.kinds["string"]))}


def _listed(item: LogicalType | None) -> LogicalType | None:
    return None if item is None else LogicalType("list", item=item)


def _scalar_kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "number" if isinstance(value, float) else "string"

"""Where in a JSON document records could lie, and how good each place is.

A place is an array of objects, of rows or of plain values, an object whose members are alike
(keyed by id), or an object of columns.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from ai_data_engineer.io.json_paths import COLUMNS, EACH, KEY, escaped, transposed
from ai_data_engineer.io.records import as_record

Kind = Literal["objects", "rows", "values", "members", "readings", "columns"]

_DEEPEST = 8
_LOOKED_AT = 200
"""Records on whose fields regularity is measured."""
_ALIKE, _ALIKE_OF_MANY, _VERY_ALIKE = 0.6, 0.4, 0.9
_MANY, _FEW, _HANDFUL = 10, 3, 5
_MOSTLY = 0.9

# What APIs call the list of records, and what they call lists about it.
RECORD_NAMES = frozenset([
    "data", "results", "result", "items", "records", "record", "rows", "row", "entries", "entry",
    "features", "hits", "value", "values", "list", "elements", "documents", "docs", "objects",
    "content", "contents", "bindings", "dataset", "observations", "events", "members", "payload",
    "series",
])  # fmt: skip
_USUAL_NAMES = frozenset([
    "data", "results", "items", "records", "rows", "features", "hits", "value",
])  # fmt: skip
_SIDE_NAMES = frozenset([
    "included", "includes", "errors", "warnings", "facets", "aggregations", "aggs", "buckets",
    "schema", "columns", "fields", "cols", "vars", "headers", "definitions", "parameters", "meta",
    "metadata", "info", "options", "settings", "filters", "messages", "context", "@context",
    "pagination", "units", "tags",
])  # fmt: skip
_OF_KIND: dict[Kind, float] = {
    "objects": 1.0, "members": 0.95, "columns": 0.95, "rows": 0.9, "readings": 0.6, "values": 0.4,
}  # fmt: skip
_ID = re.compile(
    r"(?=.*\d)[\w.:/@ +-]+"  # a digit somewhere: numbers, dates, codes, UUIDs
    r"|[A-Z]{2,5}"  # currencies, countries, tickers
    r"|[0-9a-f]{8,}"
)
_INDEX = re.compile(r"\d+|\d{4}-\d\d.*")


@dataclass(frozen=True)
class Place:
    """Where records could lie."""

    path: str
    kind: Kind
    records: Sequence[Any]
    size: int
    """Bytes of the place as compact JSON."""
    regularity: float
    """Share of the records in which a field of a record is found, from 0 to 1."""
    within: str
    """Path of the object or array that all of it is in."""
    each: str
    """Path of each record."""

    @property
    def score(self) -> float:
        """The size, less for records that differ, lie deep, or bear a name for side matters."""
        steps = [s.lower() for s in self.path.split("/")[1:] if s not in (EACH, COLUMNS)]
        of_name = 1.0
        if not _SIDE_NAMES.isdisjoint(steps):
            of_name = 0.25
        elif steps and steps[-1] in RECORD_NAMES:
            of_name = 4.0 if steps[-1] in _USUAL_NAMES else 2.0
        return (
            self.size
            * (0.1 + 0.9 * self.regularity)
            * 0.95 ** len(steps)
            * of_name
            * _OF_KIND[self.kind]
        )

    def as_records(self) -> list[dict[str, Any]]:
        """Return the records as the reader yields them."""
        return [as_record(record) for record in self.records]


def places(document: Any) -> Iterator[Place]:
    """Yield the places of a document that are reached through objects, and lists of a few."""
    todo: list[tuple[str, Any, int]] = [("", document, 0)]
    while todo:
        path, value, depth = todo.pop()
        if isinstance(value, dict):
            found = _place_in_object(path, value)
            if found is not None:
                yield found
            elif depth < _DEEPEST:
                todo += [
                    (f"{path}/{escaped(name)}", inner, depth + 1)
                    for name, inner in value.items()
                    if isinstance(inner, dict | list) and inner
                ]
        elif not isinstance(value, list) or not value:
            continue
        elif (found := place_in_array(path, value)) is not None:
            yield found
        elif len(value) <= _HANDFUL:
            todo += [
                (f"{path}/{index}", inner, depth + 1)
                for index, inner in enumerate(value)
                if isinstance(inner, dict | list) and inner
            ]


def place_in_array(path: str, items: Sequence[Any]) -> Place | None:
    """Return an array as a place: objects, rows of one width, plain values, or pages of objects."""
    size = size_of(items)
    objects = [item for item in items if isinstance(item, dict)]
    if len(objects) >= _MOSTLY * len(items):
        return Place(path, "objects", items, size, regularity(objects), path, f"{path}/{EACH}")
    widths = Counter(len(item) for item in items if isinstance(item, list))
    if widths and widths.total() >= _MOSTLY * len(items):
        width, count = widths.most_common(1)[0]
        flat = sum(_is_flat(item) for item in items)
        # The end of a sample may cut the last one.
        alike = count >= min(_MOSTLY * len(items), max(1, len(items) - 1))
        if width and alike and flat >= _MOSTLY * len(items):
            return Place(path, "rows", items, size, 1.0, path, f"{path}/{EACH}")
        inner = [part for item in items for part in item] if widths.total() == len(items) else []
        if inner and sum(isinstance(part, dict) for part in inner) >= _MOSTLY * len(inner):
            # Pages: arrays of records in an array.
            at = f"{path}/{EACH}"
            return Place(at, "objects", inner, size, regularity(inner), path, f"{at}/{EACH}")
        return None
    if widths or objects:
        return None
    return Place(path, "values", items, size, 1.0, path, f"{path}/{EACH}")


def _place_in_object(path: str, value: dict[str, Any]) -> Place | None:
    members = list(value.values())
    if len(members) < 2:
        return None
    if _are_columns(value, is_whole=not path):
        records = list(transposed(value))
        at = f"{path}/{COLUMNS}"
        return Place(at, "columns", records, size_of(value), 1.0, path, at)
    like_ids = _like_ids(value)
    at = f"{path}/{EACH}"
    if all(isinstance(member, dict) for member in members):
        alike = regularity(members)
        fields = max(len(member) for member in members)
        if _are_keyed(len(members), alike, fields, like_ids=like_ids, is_whole=not path):
            records = [{KEY: name, **member} for name, member in value.items()]
            return Place(at, "members", records, size_of(value), alike, path, at)
        if alike < _ALIKE and (twice := _keyed_twice(path, value)) is not None:
            return twice
    if all(isinstance(member, list) for member in members):
        keyed = [(name, item) for name, items in value.items() for item in items]
        if keyed and all(isinstance(item, dict) for _, item in keyed):
            alike = regularity([item for _, item in keyed])
            enough = _ALIKE if like_ids or len(members) >= _MANY else 0.95
            if alike >= enough and len(keyed[0][1]) > 1:
                records = [{KEY: name, **item} for name, item in keyed]
                return Place(at, "members", records, size_of(value), alike, path, f"{at}/{EACH}")
    if like_ids and _are_readings(value, members):
        records = [{KEY: name, "value": member} for name, member in value.items()]
        return Place(at, "readings", records, size_of(value), 1.0, path, at)
    return None


def _keyed_twice(path: str, value: dict[str, dict[str, Any]]) -> Place | None:
    """Return objects in groups (`{"no": {"oslo": {…}, "moss": {…}}, "se": {…}}`) as a place."""
    keyed = [(a, b, inner) for a, group in value.items() for b, inner in group.items()]
    if len(keyed) < 2 * len(value) or not all(isinstance(inner, dict) for *_, inner in keyed):
        return None
    alike = regularity([inner for *_, inner in keyed])
    if alike < _VERY_ALIKE or max(len(inner) for *_, inner in keyed) < 2:
        return None
    records = [{KEY: a, f"{KEY}_2": b, **inner} for a, b, inner in keyed]
    at = f"{path}/{EACH}/{EACH}"
    return Place(at, "members", records, size_of(value), alike, path, at)


def _are_keyed(count: int, alike: float, fields: int, *, like_ids: bool, is_whole: bool) -> bool:
    if not fields:
        return False
    if (alike >= _ALIKE_OF_MANY and count >= _MANY) or (alike >= _ALIKE and like_ids):
        return True
    return is_whole and count >= _FEW and alike >= _VERY_ALIKE and fields > 1


def _are_readings(value: dict[str, Any], members: Sequence[Any]) -> bool:
    """Whether plain members are values of one kind under keys that are data: a rate, a count."""
    if len(members) < (5 if all(map(_INDEX.fullmatch, value)) else _MANY):
        return False
    kinds = {_kind(member) for member in members} - {"null"}
    return len(kinds) == 1 and kinds <= {"number", "string", "boolean"}


def _are_columns(value: dict[str, Any], *, is_whole: bool) -> bool:
    """Whether the members are columns of one length rather than lists of one record."""
    lists = [member for member in value.values() if isinstance(member, list)]
    if len(lists) >= 2 and all(map(_is_flat, lists)):
        lengths = set(map(len, lists))
        rest = [m for m in value.values() if not isinstance(m, list)]
        shortest = 2 if is_whole and not rest else 4
        plain = not any(isinstance(member, dict | list) for member in rest)
        return len(lengths) == 1 and lengths.pop() >= shortest and plain
    if not all(isinstance(m, dict) and m and _is_flat(list(m.values())) for m in value.values()):
        return False
    labels = [list(member) for member in value.values()]
    return (
        all(labels[0] == other for other in labels)
        and all(map(_INDEX.fullmatch, labels[0]))
        and not _like_ids(value)
    )


def _like_ids(names: dict[str, Any]) -> bool:
    return sum(_ID.fullmatch(name) is not None for name in names) >= _MOSTLY * len(names)


def regularity(records: Sequence[dict[str, Any]]) -> float:
    """Return the share of the records in which a field of a record is found, on average."""
    step = max(1, len(records) // _LOOKED_AT)
    looked_at = records[::step]
    counts = Counter(name for record in looked_at for name in record)
    if not counts:
        return 0.0
    return sum(n * n for n in counts.values()) / (counts.total() * len(looked_at))


def _is_flat(items: Sequence[Any]) -> bool:
    return not any(isinstance(item, dict | list) for item in items)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "nested"


def size_of(value: Any) -> int:
    """Return the bytes of a value as compact JSON, about."""
    try:
        return len(orjson.dumps(value))
    except TypeError:  # integers beyond 64 bits, half letters
        return len(json.dumps(value))

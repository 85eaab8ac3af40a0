"""Records of several kinds in one list, told apart by a field such as `type`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_FEWEST_RECORDS, _MOST_KINDS = 10, 20
_ALIKE_IN_ALL, _ALIKE_IN_KIND, _GAIN = 0.85, 0.9, 0.1
_NEARLY_ALL = 0.95
# What such a field is mostly called.
_USUAL = frozenset([
    "type", "kind", "event", "event_type", "eventtype", "record_type", "recordtype", "object",
    "objecttype", "class", "op", "action", "category", "@type", "_type", "resourcetype", "entity",
])  # fmt: skip

Record = dict[str, Any]


@dataclass(frozen=True)
class Kinds:
    """Key of the field that tells the records apart, and how many bear each value of it."""

    field: str
    counts: tuple[tuple[str, int], ...]


def find_kinds(records: Sequence[Record]) -> Kinds | None:
    """Return what tells kinds of records apart, None where all are of one kind.

    There are kinds where the records of one value of a field have the same fields, and those of
    different values do not.
    """
    if len(records) < _FEWEST_RECORDS:
        return None
    fields = [frozenset(_fields(record)) for record in records]
    overall = _alike(fields)
    if overall > _ALIKE_IN_ALL:
        return None
    best: tuple[bool, float, Kinds] | None = None
    for field in _candidates(records):
        groups: dict[Any, list[frozenset[str]]] = defaultdict(list)
        for record, names in zip(records, fields, strict=True):
            groups[record.get(field)].append(names)
        alike = sum(_alike(group) * len(group) for group in groups.values()) / len(records)
        if alike < max(_ALIKE_IN_KIND, overall + _GAIN) or len(groups) > len(records) / 3:
            continue
        found = Counter(str(r[field]) for r in records if field in r).most_common()
        rank = field.lower() in _USUAL, alike, Kinds(field, tuple(found))
        if best is None or rank[:2] > best[:2]:
            best = rank
    return best[2] if best else None


def _candidates(records: Sequence[Record]) -> Iterator[str]:
    counts = Counter(name for record in records for name in record)
    for name, count in counts.items():
        if count < _NEARLY_ALL * len(records):
            continue
        values = [record.get(name) for record in records]
        if all(isinstance(value, str | int | None) for value in values):
            distinct = set(values) - {None}
            if 2 <= len(distinct) <= _MOST_KINDS:
                yield name


def _fields(record: Record) -> Iterator[str]:
    """Yield the names of the fields that have a value, and of those one level down."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from (f"{name}.{inner}" for inner in value)
        elif value is not None:
            yield name


def _alike(fields: Iterable[frozenset[str]]) -> float:
    """Return the share of the records in which a field of a record is found, on average."""
    records = list(fields)
    counts = Counter(name for names in records for name in names)
    if not counts:
        return 1.0
    return sum(n * n for n in counts.values()) / (counts.total() * len(records))

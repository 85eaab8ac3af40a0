"""Lists inside records, proposed as tables of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ai_data_engineer.io.records import extract
from ai_data_engineer.profiling.profile import ChildColumn, ChildTable, ColumnProfile
from ai_data_engineer.profiling.records.record_structure import FoundColumn
from ai_data_engineer.types import LogicalType

_MOST = 20
_VALUE = "value"


def find_child_tables(
    records: Sequence[dict[str, Any]],
    found: Sequence[tuple[str, FoundColumn]],
    each: str,
    between: str,
) -> tuple[ChildTable, ...]:
    """Return a table for each list in the records, the lists inside lists too, at most 20.

    `found` are the columns with their safe names, `each` the path of each record, `between` what a
    path has between a list and a field of its items: `/*`, in XML nothing. The tables have no
    parent key yet: which columns identify a record is not known before these are profiled.
    """
    tables: list[ChildTable] = []
    for name, column in found:
        if column.type is None or column.type.item is None:
            continue
        values = [extract(record, column.path) for record in records]
        tables += _tables(values, column.type, name, each, column.path, between)
    return tuple(tables[:_MOST])


def with_parent_key(
    tables: Sequence[ChildTable],
    columns: Sequence[ColumnProfile],
    candidate_keys: Sequence[tuple[str, ...]],
) -> tuple[ChildTable, ...]:
    """Return the tables with the best key of the records; of a few records, one named as a key."""
    named = next(((c.name,) for c in columns if c.could_be_key), ())
    key = candidate_keys[0] if candidate_keys else named
    return tuple(table.model_copy(update={"parent_key": key}) for table in tables)


def _tables(
    values: Iterable[Any],
    type_: LogicalType,
    column: str,
    each: str,
    path: tuple[str, ...],
    between: str,
) -> Iterator[ChildTable]:
    items = [item for value in values for item in _listed(value)]
    inner = type_.item
    assert inner is not None
    at = "/".join((each, *path))
    if inner.name == "list":
        return  # rows in rows: coordinates and the like
    if inner.name != "struct":
        columns: tuple[ChildColumn, ...] = (ChildColumn(name=_VALUE, type=inner),)
    else:
        columns = tuple(
            ChildColumn(name=name, type=kind) for name, kind in inner.fields if kind.item is None
        )
    yield ChildTable(path=at, column=column, columns=columns, rows=len(items))
    for inside, kind in _lists_in(inner):
        nested = [extract(item, inside) for item in items if isinstance(item, dict)]
        yield from _tables(nested, kind, column, at + between, inside, between)


def _lists_in(
    struct: LogicalType, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], LogicalType]]:
    """Yield the lists among the fields of a struct, those of the structs inside it too."""
    for name, kind in struct.fields:
        if kind.item is not None:
            yield (*above, name), kind
        elif kind.name == "struct":
            yield from _lists_in(kind, (*above, name))


def _listed(value: Any) -> list[Any]:
    """A single value stands for a list of one: XML cannot tell them apart."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

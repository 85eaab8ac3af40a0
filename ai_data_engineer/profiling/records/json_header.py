"""Names of the columns of JSON rows (`[[1, "a"], [2, "b"]]`), which have none of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

_DEEPEST = 6
_LOOKED_AT = 100
_MOSTLY = 0.8
# What a description of a column calls the column's name, the most usual first.
_NAME_FIELDS = ("name", "fieldName", "field_name", "field", "key", "id", "label", "title", "text")
_LISTS_OF_NAMES = frozenset([
    "columns", "fields", "cols", "headers", "header", "names", "columnnames", "column_names",
    "schema", "keys", "vars",
])  # fmt: skip
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_DATUM = re.compile(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?|\d{1,4}[-/.:]\d{1,2}.*")


def is_header(rows: Sequence[Any]) -> bool:
    """Whether the first row names the columns of the others.

    It does where it is text and a column below it is not, or is text of another form.
    """
    first, *rest = rows[: _LOOKED_AT + 1]
    if not rest or not _are_names(first):
        return False
    columns = list(zip(*(row for row in rest if len(row) == len(first)), strict=True))
    if not columns:
        return False
    if any(_share(column, lambda v: isinstance(v, int | float)) for column in columns):
        return True
    if any(
        _share(column, _is_datum) and not _is_datum(name)
        for name, column in zip(first, columns, strict=True)
    ):
        return True
    recurs = any(name in column for name, column in zip(first, columns, strict=True))
    return all(map(_IDENTIFIER.fullmatch, first)) and not recurs and len(first) > 1


def names_elsewhere(document: Any, path: str, width: int) -> tuple[str, ...] | None:
    """Return the names that another list of the document gives to so many columns.

    That list holds them as text, or descriptions with a name in each. One that is called
    `columns` or the like goes first, then the nearest.
    """
    best: tuple[tuple[bool, int], tuple[str, ...]] | None = None
    for at, items in _lists(document):
        if at == path or len(items) != width or (names := _names(items)) is None:
            continue
        named = at.rpartition("/")[2].lower() in _LISTS_OF_NAMES
        rank = (named, _shared(at, path))
        if best is None or rank > best[0]:
            best = rank, names
    return best[1] if best else None


def _lists(document: Any) -> Iterator[tuple[str, list[Any]]]:
    todo: list[tuple[str, Any]] = [("", document)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, list):
            yield path, value
        elif isinstance(value, dict) and path.count("/") < _DEEPEST:
            todo += [(f"{path}/{name}", inner) for name, inner in value.items()]


def _names(items: Sequence[Any]) -> tuple[str, ...] | None:
    if _are_names(items):
        return tuple(items)
    if not all(isinstance(item, dict) for item in items):
        return None
    for field in _NAME_FIELDS:
        found = [item.get(field) for item in items]
        if _are_names(found):
            return tuple(found)
    return None


def _are_names(row: Any) -> bool:
    return (
        isinstance(row, list)
        and all(isinstance(v, str) and v.strip() for v in row)
        and len(set(row)) == len(row)
    )


def _is_datum(value: Any) -> bool:
    return isinstance(value, str) and _DATUM.fullmatch(value.strip()) is not None


def _share(column: Sequence[Any], test: Any) -> bool:
    known = [value for value in column if value is not None]
    return bool(known) and sum(map(test, known)) >= _MOSTLY * len(known)


def _shared(one: str, other: str) -> int:
    """Return how many first steps two paths share."""
    count = 0
    for a, b in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if a != b:
            break
        count += 1
    return count

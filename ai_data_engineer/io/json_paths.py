"""Record paths that a plain JSON pointer cannot say.

A record path is a JSON pointer (RFC 6901) to the array of records. Four more steps are known:

| step | stands for |
|---|---|
| `*` | every member of an object, whose name the records keep as `@key`, or item of an array |
| `N:` | the items of an array from the Nth on, each of them a record, be it an array itself |
| `~columns` | an object of columns (`{"a": [1, 2], "b": [3, 4]}`) as records |
| `*` or `N:` before the first slash | JSON documents that follow one another |

A member that is itself called `*` is written `~2`.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.json_cursor import JsonCursor
from ai_data_engineer.io.records import as_record

EACH = "*"
COLUMNS = "~columns"
KEY = "@key"
"""Field of a record that holds the name of the member that it is, or lies in."""
_FROM = re.compile(r"(\d{1,9}):")
_SEPARATOR = b"\x1e"
_Descent = Generator[dict[str, Any], None, bool]
"""Yields records, and returns whether the path exists."""


def steps_of(record_path: str) -> tuple[str, ...]:
    """Return the steps of a path, still escaped; the first is `""` where one document is meant."""
    return tuple(record_path.split("/"))


def is_extended(record_path: str) -> bool:
    """Whether a path has a step that is more than a JSON pointer."""
    first, *steps = steps_of(record_path)
    return bool(first) or any(s in (EACH, COLUMNS) or _FROM.fullmatch(s) for s in steps)


def escaped(name: str) -> str:
    """Return a member's name as a step of a path."""
    return "~2" if name == EACH else name.replace("~", "~0").replace("/", "~1")


def unescaped(step: str) -> str:
    """Return the member's name that a step stands for."""
    return step.replace("~2", EACH).replace("~1", "/").replace("~0", "~")


def records_at(cursor: JsonCursor, record_path: str) -> Iterator[dict[str, Any]]:
    """Yield the records at an extended path; the whole input is passed over.

    Raises:
        SourceError: `E_BROKEN_JSON`; `E_RECORD_PATH` when there is nothing at the path;
            `E_RECORD_TOO_LONG` for an object of columns of more than 64 MiB.
    """
    first, *steps = steps_of(record_path)
    reached = yield from _documents(cursor, first, steps)
    if not reached:
        raise _nothing_at(record_path)


def _documents(cursor: JsonCursor, first: str, steps: list[str]) -> _Descent:
    start = _FROM.fullmatch(first)
    skipped = int(start[1]) if start else 0
    kind, number, reached = b"", 0, False
    while opening := _next_document(cursor):
        number += 1
        # Objects or arrays, not both: anything else behind a document is rubbish behind it.
        if number > 1 and (opening != kind or opening not in b"{[" or not first):
            raise cursor.broken()
        kind = opening
        if number <= skipped:
            cursor.parsed()
        elif start:
            reached = True
            yield as_record(cursor.parsed())
        else:
            reached = (yield from _descend(cursor, steps, ())) or reached
    if not number:
        raise cursor.broken()
    return reached or number <= skipped


def _next_document(cursor: JsonCursor) -> bytes:
    """Return the first byte of what comes, none at the end; a separator (RFC 7464) is passed."""
    while (opening := cursor.peek()) == _SEPARATOR:
        cursor.take(_SEPARATOR)
    return opening


def _descend(cursor: JsonCursor, steps: list[str], keys: tuple[str, ...]) -> _Descent:
    """Yield the records below the value at the cursor, and return whether the path exists."""
    opening = cursor.peek()
    if not steps:
        if opening == b"[":
            for _ in cursor.members():
                yield _keyed(cursor.parsed(), keys)
        else:
            yield _keyed(cursor.parsed(), keys)
        return True
    step, *rest = steps
    if step == COLUMNS and opening == b"{":
        yield from transposed(cursor.parsed())
        return True
    if opening not in (b"{", b"["):
        cursor.parsed()
        return False
    start = _FROM.fullmatch(step) if opening == b"[" else None
    wanted = unescaped(step)
    reached, index = False, -1
    for index, name in enumerate(cursor.members()):
        if step == EACH:
            inner = keys if name is None else (*keys, name)
            reached = (yield from _descend(cursor, rest, inner)) or reached
        elif start and index >= int(start[1]):
            reached = True
            yield _keyed(cursor.parsed(), keys)
        elif not reached and (name == wanted if name is not None else str(index) == wanted):
            reached = yield from _descend(cursor, rest, keys)
        else:
            cursor.parsed()
    return reached or start is not None or (step == EACH and index < 0)


def _keyed(value: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    record = as_record(value)
    if not keys:
        return record
    names = (KEY, *(f"{KEY}_{number}" for number in range(2, len(keys) + 1)))
    return {**dict(zip(names, keys, strict=True)), **record}


def transposed(columns: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of an object of columns.

    A column is a list, or an object whose member names label the rows (`{"a": {"0": 1}}`), which
    become `@key`; anything else is the same in all rows. Raises SourceError `E_RECORD_PATH` for
    columns of several lengths, which no row could be made of.
    """
    lists = {name: column for name, column in columns.items() if isinstance(column, list)}
    labelled = {name: column for name, column in columns.items() if isinstance(column, dict)}
    constant = {n: v for n, v in columns.items() if n not in lists and n not in labelled}
    labels = dict.fromkeys(label for column in labelled.values() for label in column)
    lengths = {len(column) for column in lists.values()} | ({len(labels)} if labelled else set())
    if len(lengths) != 1:
        raise SourceError(
            "The columns at the record path are not of one length.",
            code="E_RECORD_PATH",
            hint="Profile the source again, or correct the record path.",
        )
    for row, label in enumerate(labels or range(lengths.pop())):
        values = {
            name: column[row]
            if name in lists
            else column.get(label)
            if name in labelled
            else constant[name]
            for name, column in columns.items()
        }
        yield {KEY: label, **values} if labelled else values


def _nothing_at(record_path: str) -> SourceError:
    return SourceError(
        f"The document has nothing at `{record_path}`.",
        code="E_RECORD_PATH",
        hint="Profile the source again, or correct the record path.",
    )

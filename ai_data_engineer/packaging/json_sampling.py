"""The first records of a JSON document, as they are written, under the same path."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import Any

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.json_cursor import JsonCursor
from ai_data_engineer.io.json_paths import COLUMNS, is_extended, records_at, unescaped
from ai_data_engineer.io.records import as_text

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]+|"', re.DOTALL)
"""The last alternative is a string that the text ends in: no value ends behind it."""


def cut_json(data: bytes, encoding: str, record_path: str, rows: int) -> tuple[bytes, int]:
    """Return the document `{…: [first records]}` and how many records it has.

    `record_path` is a JSON pointer to the array of records, or to one object that is the only
    record, or a path of `json_paths`: then all that stands before the last record stays. `data` may
    break off behind the records that are wanted. The records are copied character by character, so
    a number keeps the digits it has.
    """
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    if record_path.endswith(f"/{COLUMNS}"):
        return _cut_columns(text, record_path.removesuffix(f"/{COLUMNS}"), encoding, rows)
    if is_extended(record_path):
        cut, count = _cut_behind(text.encode(), record_path, rows)
        return cut.decode().encode(encoding, "replace"), count
    path = [unescaped(step) for step in record_path.split("/")[1:]]
    start, indexes = _descend(text, path)
    if start is None:
        return data, 0
    records, is_array = _records(text, start, rows)
    body = f"[{','.join(chr(10) + r for r in records)}\n]" if is_array else "".join(records)
    return _wrapped(body, path, indexes, encoding), len(records)


def _wrapped(body: str, path: list[str], indexes: list[bool], encoding: str) -> bytes:
    for key, is_index in zip(reversed(path), reversed(indexes), strict=True):
        if is_index:
            body = f"[{'null, ' * int(key)}{body}]"
        else:
            body = f"{{{json.dumps(key, ensure_ascii=False)}: {body}}}"
    return (body + "\n").encode(encoding, "replace")


def _cut_behind(data: bytes, record_path: str, rows: int) -> tuple[bytes, int]:
    """Return the document up to the end of the last wanted record, all brackets closed."""
    cursor = JsonCursor(iter([data]))
    end = records = 0
    try:
        for _ in islice(records_at(cursor, record_path), rows):
            records += 1
            # The cursor holds the data from some place to their end.
            end = len(data) - len(cursor.data) + cursor.position
    except SourceError:
        pass  # it breaks off, here or in the source itself: what ended before is the sample
    if not records:
        return data, 0
    return data[:end] + b"\n" + _closing(data[:end]) + b"\n", records


def _closing(data: bytes) -> bytes:
    open_: list[str] = []
    for token in _TOKEN.finditer(data.decode()):
        if token[0] in "[{":
            open_.append("]" if token[0] == "[" else "}")
        elif token[0] in "]}" and open_:
            open_.pop()
    return "".join(reversed(open_)).encode()


def _cut_columns(text: str, record_path: str, encoding: str, rows: int) -> tuple[bytes, int]:
    """Return the object of columns, each cut to so many values."""
    path = [unescaped(step) for step in record_path.split("/")[1:]]
    start, indexes = _descend(text, path)
    end = _value_end(text, start) if start is not None else None
    if start is None or end is None:
        return text.encode(encoding, "replace"), 0
    columns = JsonCursor(iter([text[start:end].encode()])).parsed()
    kept: dict[str, Any] = {}
    for name, column in columns.items():
        if isinstance(column, list):
            kept[name] = column[:rows]
        elif isinstance(column, dict):
            kept[name] = dict(islice(column.items(), rows))
        else:
            kept[name] = column
    records = max((len(c) for c in kept.values() if isinstance(c, list | dict)), default=0)
    return _wrapped(as_text(kept) or "", path, indexes, encoding), records


def _records(text: str, start: int, rows: int) -> tuple[list[str], bool]:
    """Return the values to keep, and whether they are items of an array."""
    if text[start] not in "[{":
        return [text[start:].strip()], False  # one value, which is the whole document
    if text[start] == "{":
        end = _value_end(text, start)
        return ([text[start:end]] if end is not None else []), False
    records: list[str] = []
    token = _TOKEN.search(text, start + 1)
    while token is not None and token[0] != "]" and len(records) < rows:
        if token[0] == ",":
            token = _TOKEN.search(text, token.end())
            continue
        end = _value_end(text, token.start())
        if end is None:
            break
        records.append(text[token.start() : end])
        token = _TOKEN.search(text, end)
    return records, True


def _descend(text: str, path: list[str]) -> tuple[int | None, list[bool]]:
    """Return where the value at the path begins, and which keys are indexes of an array."""
    token = _TOKEN.search(text)
    position = token.start() if token else None
    indexes: list[bool] = []
    for key in path:
        if position is None or text[position] not in "{[":
            return None, indexes
        indexes.append(text[position] == "[")
        position = _member(text, position, key)
    return position, indexes


def _member(text: str, position: int, key: str) -> int | None:
    """Return where the value of a key, or index, of what begins at `position` begins."""
    is_object = text[position] == "{"
    index = 0
    token = _TOKEN.search(text, position + 1)
    while token is not None and token[0] not in ("]", "}"):
        if is_object and not re.match(r'".*"\Z', token[0], re.DOTALL):
            return None
        name = json.loads(token[0], strict=False) if is_object else str(index)
        if is_object:
            colon = _TOKEN.search(text, token.end())
            token = _TOKEN.search(text, colon.end()) if colon else None
        if token is None or name == key:
            return token.start() if token else None
        end = _value_end(text, token.start())
        comma = _TOKEN.search(text, end) if end is not None else None
        token = _TOKEN.search(text, comma.end()) if comma and comma[0] == "," else None
        index += 1
    return None


def _value_end(text: str, start: int) -> int | None:
    """Return where the value that begins at `start` has ended; None when the text ends first."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] == '"':
            return None
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        if depth == 0:
            # A bare number or word that the text ends with may go on.
            return token.end() if token.end() < len(text) or token[0] in "]}" else None
    return None

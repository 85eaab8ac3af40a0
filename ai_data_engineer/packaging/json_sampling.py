"""The first records of a JSON document, as they are written, under the same path."""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]+|"', re.DOTALL)
"""The last alternative is a string that the text ends in: no value ends behind it."""


def cut_json(data: bytes, encoding: str, record_path: str, rows: int) -> tuple[bytes, int]:
    """Return the document `{…: [first records]}` and how many records it has.

    `record_path` is a JSON pointer to the array of records, or to one object that is the only
    record. `data` may break off behind the records that are wanted. The records are copied
    character by character, so a number keeps the digits it has.
    """
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    path = [p.replace("~1", "/").replace("~0", "~") for p in record_path.split("/")[1:]]
    start, indexes = _descend(text, path)
    if start is None:
        return data, 0
    records, is_array = _records(text, start, rows)
    body = f"[{','.join(chr(10) + r for r in records)}\n]" if is_array else "".join(records)
    for key, is_index in zip(reversed(path), reversed(indexes), strict=True):
        if is_index:
            body = f"[{'null, ' * int(key)}{body}]"
        else:
            body = f"{{{json.dumps(key, ensure_ascii=False)}: {body}}}"
    return (body + "\n").encode(encoding, "replace"), len(records)


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

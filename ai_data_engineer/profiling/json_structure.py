"""Where the records lie in a JSON document, and what a beginning of one holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from ai_data_engineer.errors import SourceError

MAX_DEPTH = 64
_SEARCH_DEPTH = 8
_MAIN_SHARE = 0.4
_MANY = 10
# A sample may end within a string. Possessive, so that megabytes of one string leave no trail.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_TOKEN = re.compile(_STRING.pattern + rb"|[\[\]{},]", re.DOTALL)
_CLOSING = {ord("["): b"]", ord("{"): b"}"}


@dataclass(frozen=True)
class RecordPath:
    """A place of records: JSON pointer, the records there, the share of the document they make."""

    pointer: str
    records: list[Any]
    share: float


@dataclass(frozen=True)
class JsonStructure:
    """A document's records and where else records may lie."""

    path: str
    records: list[Any]
    alternatives: tuple[str, ...] = ()


def parse_json(data: bytes, *, location: str) -> Any:
    """Parse one document.

    Raises:
        SourceError: `E_BROKEN_JSON` with line and column, `E_TOO_DEEP` beyond 64 levels.
    """
    check_depth(data, location=location)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        line, column = error.lineno, error.colno
    raise SourceError(
        f"This is no valid JSON from line {line}, column {column} on.",
        code="E_BROKEN_JSON",
        location=location,
        hint="Check whether the file breaks off or was edited by hand.",
    )


def check_depth(data: bytes, *, location: str) -> None:
    """Raise SourceError `E_TOO_DEEP` when brackets nest deeper than 64."""
    depth = 0
    for token in re.findall(rb"[\[{]+|[\]}]+", _STRING.sub(b"", data)):
        depth += len(token) if token[0] in b"[{" else -len(token)
        if depth > MAX_DEPTH:
            raise SourceError(
                f"The JSON nests deeper than {MAX_DEPTH} levels.",
                code="E_TOO_DEEP",
                location=location,
                hint="Flatten it, or cut out the part that holds the records.",
            )


def close_off(beginning: bytes) -> bytes:
    """Return a valid document from the beginning of a longer one.

    It is cut before the last comma and what is open there is closed: the last record is not whole.
    """
    open_: list[int] = []
    cut, closing = 0, b""
    for match in _TOKEN.finditer(beginning):
        byte = beginning[match.start()]
        if byte in b"[{":
            open_.append(byte)
        elif byte in b"]}" and open_:
            open_.pop()
        elif byte == ord(","):
            cut = match.start()
            closing = b"".join(_CLOSING[b] for b in reversed(open_)) if len(open_) <= 64 else b""
    return beginning[:cut] + closing


def find_records(document: Any) -> JsonStructure:
    """Choose the array of records of a document; a document without one is itself the record.

    The array that makes most of the document wins; a short list inside an object of other fields
    is a field of that one record.
    """
    if isinstance(document, list):
        return JsonStructure("", document)
    if not isinstance(document, dict):
        return JsonStructure("", [document])
    found = sorted(_arrays(document), key=lambda place: -place.share)
    if found and (found[0].share >= _MAIN_SHARE or len(found[0].records) >= _MANY):
        best, *others = found
        return JsonStructure(best.pointer, best.records, tuple(p.pointer for p in others[:5]))
    return JsonStructure("", [document], tuple(place.pointer for place in found[:5]))


def _arrays(document: dict[str, Any]) -> Iterator[RecordPath]:
    """Yield the arrays of objects that are reached through objects alone, with their share."""
    whole = max(1, len(orjson.dumps(document)))
    places: list[tuple[str, Any, int]] = [("", document, 0)]
    while places:
        pointer, value, depth = places.pop()
        if isinstance(value, dict):
            if depth < _SEARCH_DEPTH:
                for key, inner in value.items():
                    if isinstance(inner, dict | list):
                        step = key.replace("~", "~0").replace("/", "~1")
                        places.append((f"{pointer}/{step}", inner, depth + 1))
            continue
        objects = sum(isinstance(item, dict) for item in value)
        if value and objects >= 0.9 * len(value):
            yield RecordPath(pointer, value, len(orjson.dumps(value)) / whole)

"""Parsing JSON for a profile: whole documents, several in a row, and beginnings of longer ones."""

from __future__ import annotations

import re
from collections import deque
from json import JSONDecodeError, JSONDecoder
from typing import Any

import orjson

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.records.json_dialects import defect_at

MAX_DEPTH = 64
_MOST_DOCUMENTS = 1000
# A sample may end within a string. Possessive, so that megabytes of one string leave no trail.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_TOKEN = re.compile(_STRING.pattern + rb"|[\[\]{},]", re.DOTALL)
_LAST_STRINGS = 1_000
"""Among them, it is hoped, a long text can be cut."""
_CLOSING = {ord("["): b"]", ord("{"): b"}"}
_BETWEEN = re.compile(r"[ \t\r\n\x1e]*+")


def parse_documents(data: bytes, *, location: str) -> list[Any]:
    """Parse a document, or the first 1,000 of several objects or arrays one behind another.

    `data` is UTF-8. Record separators (RFC 7464) may stand before the documents.

    Raises:
        SourceError: `E_BROKEN_JSON` with line and column and, where it can be told, what the text
            is instead; `E_TOO_DEEP` beyond 64 levels.
    """
    check_depth(data, location=location)
    try:
        return [orjson.loads(data)]
    except orjson.JSONDecodeError:
        text = data.decode("utf-8", "replace")
    documents: list[Any] = []
    position = _passed_blanks(text, 0)
    kind = text[position : position + 1]
    while position < len(text) and len(documents) < _MOST_DOCUMENTS:
        if documents and (text[position] != kind or kind not in "{["):
            raise _broken(text, position, location)
        try:
            document, position = _decoder.raw_decode(text, position)
        except JSONDecodeError as error:
            position = error.pos
        except _Word as word:
            position = text.find(word.args[0], position)
        else:
            documents.append(document)
            position = _passed_blanks(text, position)
            continue
        raise _broken(text, position, location)
    if len(documents) < 2:  # orjson refuses what the standard library takes, such as half letters
        raise _broken(text, position, location)
    return documents


class _Word(ValueError):
    """NaN or Infinity."""


def _refuse(word: str) -> None:
    raise _Word(word)


_decoder = JSONDecoder(parse_constant=_refuse)


def _passed_blanks(text: str, position: int) -> int:
    match = _BETWEEN.match(text, position)
    assert match is not None
    return match.end()


def _broken(text: str, position: int, location: str) -> SourceError:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    defect = defect_at(text, position)
    what = f": found {defect.what}" if defect else ""
    return SourceError(
        f"This is no valid JSON from line {line}, column {column} on{what}.",
        code="E_BROKEN_JSON",
        location=location,
        hint=defect.mend if defect else "Check whether the file breaks off or was edited by hand.",
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


def check_depth_of_lines(lines: bytes, *, location: str) -> None:
    """Do as `check_depth` does for each line that has brackets enough."""
    for line in lines.split(b"\n"):
        if line.count(b"[") + line.count(b"{") > MAX_DEPTH:
            check_depth(line, location=location)


def close_off(beginning: bytes) -> bytes:
    """Return valid JSON from the beginning of a longer text.

    It is cut before the last comma or behind the last closing bracket, and what is open there is
    closed: the last value is not whole.
    """
    last = deque(_STRING.finditer(beginning), maxlen=_LAST_STRINGS)
    if len(last) == _LAST_STRINGS and (closed := _closed_behind(beginning, last[0].start())):
        return closed
    return _closed_behind(beginning, 0)


def _closed_behind(beginning: bytes, start: int) -> bytes:
    """Close a text off that is cut behind a place outside of strings; empty for no cut there."""
    open_: list[int] = []
    for bracket in b"".join(re.findall(rb"[\[\]{}]+", _STRING.sub(b"", beginning[:start]))):
        if bracket in b"[{":
            open_.append(bracket)
        elif open_:
            open_.pop()
    cut = depth = 0
    for match in _TOKEN.finditer(beginning, start):
        byte = beginning[match.start()]
        if byte in b"[{":
            open_.append(byte)
        elif byte == ord(","):
            cut, depth = match.start(), len(open_)
        elif byte != ord('"'):
            if open_:
                open_.pop()
            cut, depth = match.end(), len(open_)
    # Behind the cut, brackets only opened.
    return beginning[:cut] + b"".join(_CLOSING[byte] for byte in reversed(open_[:depth]))


def repeated_names(data: bytes) -> int:
    """Return how many objects of a valid JSON text have a member twice."""
    repeated = 0

    def count(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        value = dict(members)
        repeated += len(value) < len(members)
        return value

    decoder = JSONDecoder(object_pairs_hook=count)
    text = data.decode("utf-8", "replace")
    position = _passed_blanks(text, 0)
    while position < len(text):
        try:
            _, position = decoder.raw_decode(text, position)
        except ValueError:  # a line of NDJSON that is set aside
            position = text.find("\n", position) % (len(text) + 1)
        position = _passed_blanks(text, position)
    return repeated

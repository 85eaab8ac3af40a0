"""Which format a text has, by its structure; the name only settles what that leaves open."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import PurePosixPath

import orjson

from ai_data_engineer.errors import SourceError
from ai_data_engineer.sources.dialect import Format
from ai_data_engineer.sources.magic import unsupported

_HTML = re.compile(r"(?i)<!doctype\s+html|<html[\s>]|<(?:head|body|table|div)[\s>]")
_XHTML = re.compile(r"(?i)<!doctype\s+html|<html[\s>]")
_XML = re.compile(r"<\?xml[\s?]|<!--|<!DOCTYPE|<[A-Za-z_][\w.:-]*(?:[\s/>]|$)")
_JSON = re.compile(r"\{\s*(?:\"|\}|$)|\[\s*(?:[\[\]{\"\d-]|true|false|null|$)")
# What is meant as JSON, and refused with what it is instead.
_NEARLY_JSON = re.compile(
    r"[\[{]\s*(?://|/\*)"  # a comment
    r"|\[?\s*\{\s*(?:'[^'\n]*'|[A-Za-z_$][\w$]*)\s*:"  # single quotes, or none, around a name
)
_SEPARATOR = "\x1e"
"""Stands before each document of a JSON text sequence (RFC 7464)."""
_LINE = re.compile(r"[^\r\n]+")
_COMPRESSION_SUFFIXES = frozenset({".gz", ".zst", ".bz2", ".xz"})
_NDJSON_SUFFIXES = frozenset({".ndjson", ".jsonl", ".jsonlines", ".ldjson"})
_JSON_SUFFIXES = frozenset({".json", ".geojson", ".topojson", ".json5", ".jsonc"})


def identify(text: str, name: str, *, location: str) -> Format:
    """Return the format of the beginning of a text.

    Args:
        text: The beginning, decoded.
        name: The file's name, which settles a single JSON object: a document or one NDJSON record.
        location: For messages.

    Raises:
        SourceError: `E_EMPTY` for blanks only, `E_UNSUPPORTED_FORMAT` for HTML.
    """
    start = text.lstrip("\ufeff \t\r\n\f\v" + _SEPARATOR)
    if not start:
        raise SourceError(
            "The file holds nothing but blanks.",
            code="E_EMPTY",
            location=location,
            hint="Check how it was made.",
        )
    if start[0] == "<":
        if _HTML.match(start) or ("<?xml" in start[:10] and _XHTML.search(start[:1000])):
            raise unsupported(
                "an HTML page", "Download the data file itself, not its page.", location=location
            )
        if _XML.match(start):
            return "xml"
    if start[0] in "{[" and (
        _JSON.match(start) or _NEARLY_JSON.match(start) or is_named_json(name)
    ):
        return _json_or_ndjson(start, suffix(name))
    return "csv"


def is_named_json(name: str) -> bool:
    """Whether a file's name says that it is JSON."""
    return suffix(name) in _JSON_SUFFIXES | _NDJSON_SUFFIXES


def suffix(name: str) -> str:
    """Return the lower-case suffix of a file's name, one for its compression left aside."""
    path = PurePosixPath(name.lower())
    return PurePosixPath(path.stem).suffix if path.suffix in _COMPRESSION_SUFFIXES else path.suffix


def _json_or_ndjson(text: str, suffix: str) -> Format:
    """NDJSON is a JSON value on each line; one line alone may be either."""
    if _SEPARATOR in text:
        return "json"
    lines = (line[0].strip() for line in _LINE.finditer(text))
    first, second = [*islice((line for line in lines if line), 2), "", ""][:2]
    if not _is_document(first):
        # A broken first line does not hide that every line is meant to be a record.
        meant = suffix in _NDJSON_SUFFIXES or (first.startswith('{"') and _is_document(second))
        return "ndjson" if meant and second else "json"
    if second:
        return "ndjson" if second[0] in "{[" or suffix in _NDJSON_SUFFIXES else "json"
    return "ndjson" if suffix in _NDJSON_SUFFIXES and first[0] == "{" else "json"


def _is_document(line: str) -> bool:
    if not line.startswith(("{", "[")):
        return False
    try:
        orjson.loads(line)
    except ValueError:
        return False
    return True

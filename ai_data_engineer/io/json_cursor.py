"""Moving through one large JSON document without holding it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any

import orjson

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.records import Written

MAX_RECORD = 64 * 1024 * 1024
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}"]', re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n]*+")
_PLAIN = re.compile(rb'[^ \t\r\n,:\[\]{}"]++')
_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_MOST_DIGITS = 19
_DELIMITERS = tuple(",]}: \t\r\n")
_MOST_TEXT = 8 * 1024 * 1024
_BLANKS = " \t\r\n"


def _refuse(token: str) -> None:
    raise ValueError(f"{token} is not JSON")


def _integer(text: str) -> int | str:
    if len(text) <= _MOST_DIGITS + 1 and -(2**63) <= (number := int(text)) < 2**63:
        return number
    return text


def _scanner(**options: Any) -> Callable[[str, int], tuple[Any, int]]:
    # The decoder's own `decode` does this and looks for blanks by regular expressions.
    decoder: Any = JSONDecoder(parse_float=Written, parse_constant=_refuse, **options)
    scan: Callable[[str, int], tuple[Any, int]] = decoder.scan_once
    return scan


_scan = _scanner()
_scan_long = _scanner(parse_int=_integer)


def parse_document(data: bytes) -> Any:
    """Parse one strict JSON text; raises ValueError.

    Numbers with a fraction or exponent are `Written`; integers beyond 64 bits stay text.
    """
    text = data.decode()
    if "\\u" in text:
        orjson.loads(data)  # refuses half surrogates, which are no text
    long = b"0" * _MOST_DIGITS in data.translate(_TO_ZERO)
    length = len(text.rstrip(_BLANKS))
    try:
        value, end = (_scan_long if long else _scan)(text, len(text) - len(text.lstrip(_BLANKS)))
    except StopIteration as nothing:
        raise JSONDecodeError("Expecting value", text, nothing.value) from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if end != length:
        raise JSONDecodeError("Extra data", text, end)
    return value


class JsonCursor:
    """A place in a JSON document; everything passed over is checked to be strict JSON."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.data = b""
        self.position = 0
        self.final = False
        self._chunks = chunks
        self._lines_before = 0
        self._text = ""
        self._text_of = b""
        self._scanned_to = 0, 0
        """Up to where the text has been parsed: bytes of the data, characters of the text."""

    def peek(self) -> bytes:
        """Pass over white space and return the next byte, none at the end."""
        while True:
            match = _SPACE.match(self.data, self.position)
            assert match is not None
            self.position = match.end()
            if self.position < len(self.data):
                return self.data[self.position : self.position + 1]
            if not self.fill():
                return b""

    def take(self, expected: bytes) -> bytes:
        """Pass over one of the expected bytes and return it; raises SourceError."""
        found = self.peek()
        if not found or found not in expected:
            raise self.broken()
        self.position += 1
        return found

    def value(self) -> bytes:
        """Pass over one value and return its text; only brackets and quotes are looked at."""
        first = self.peek()
        if first and first in b'{["':
            return self._bracketed()
        while True:
            match = _PLAIN.match(self.data, self.position)
            if match is None:
                raise self.broken()
            if match.end() < len(self.data) or not self.fill():
                self.position += len(match[0])
                return match[0]

    def parsed(self) -> Any:
        """Pass over one value and return it parsed; raises SourceError `E_BROKEN_JSON`."""
        if (found := self._scanned()) is not None:
            return found[0]
        text = self.value()
        try:
            return parse_document(text)
        except JSONDecodeError as error:
            lines_to_end = text.count(b"\n") - (error.lineno - 1)
        except ValueError:
            lines_to_end = text.count(b"\n")
        raise self.broken(self.line - lines_to_end)

    def members(self) -> Iterator[str | None]:
        """Yield each member's name (None in an array); the taker passes over its value."""
        is_object = self.take(b"{[") == b"{"
        closing = b"}" if is_object else b"]"
        if self.peek() == closing:
            self.take(closing)
            return
        separator = b","
        while separator == b",":
            name = None
            if is_object:
                if self.peek() != b'"':
                    raise self.broken()
                name = self.parsed()
                self.take(b":")
            yield name
            separator = self.take(b"," + closing)

    def fill(self) -> bool:
        """Read on, dropping what was passed over; False at the end of the document."""
        if self.final:
            return False
        self._lines_before += self.data.count(b"\n", 0, self.position)
        parts = [self.data[self.position :]]
        size = wanted = max(1, len(parts[0]))  # doubling keeps a long value linear
        if size > MAX_RECORD:
            raise SourceError(
                f"A value has more than {MAX_RECORD // 1024**2} MiB.",
                code="E_RECORD_TOO_LONG",
                location=f"line {self._lines_before + 1}",
                hint="Split the document, or choose a record path further down.",
            )
        self.position = 0
        while size < 2 * wanted:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.final = True
                break
            parts.append(chunk)
            size += len(chunk)
        self.data = b"".join(parts)
        return len(parts) > 1

    @property
    def line(self) -> int:
        """Number of the line at this place, from 1."""
        return self._lines_before + self.data.count(b"\n", 0, self.position) + 1

    def broken(self, line: int | None = None) -> SourceError:
        """Return the error for a document that is not JSON from here on."""
        ended = self.final and self.position >= len(self.data)
        return SourceError(
            "The JSON breaks off." if ended else "This is not valid JSON.",
            code="E_BROKEN_JSON",
            location=f"line {line or self.line}",
            hint="Write or download the file again, or mend it at this line.",
        )

    def _scanned(self) -> tuple[Any] | None:
        """Parse the value at the cursor in the data at hand; None where that may not be all of it.

        The parser finds the end of a value faster than a search for its brackets does. What is not
        plain (escapes by number, long integers, anything broken) is left to that.
        """
        self.peek()
        if len(self.data) > _MOST_TEXT:
            return None
        if self._text_of is not self.data:
            try:
                self._text, _ = codecs.utf_8_decode(self.data, "strict", False)
            except UnicodeDecodeError:
                self._text = ""
            self._text_of, self._scanned_to = self.data, (0, 0)
        byte, start = self._scanned_to
        start += len(self.data[byte : self.position].decode(errors="replace"))
        try:
            value, end = _scan(self._text, start)
        except (StopIteration, ValueError, RecursionError):
            return None
        written = self._text[start:end].encode()
        is_plain = b"\\u" not in written and b"0" * _MOST_DIGITS not in written.translate(_TO_ZERO)
        # A number or a word goes on where no delimiter follows: here, or behind the data.
        ends = self._text[end : end + 1] in _DELIMITERS or self._text[start] in '{["'
        if end >= len(self._text) or not (ends and is_plain):
            return None
        self.position += len(written)
        self._scanned_to = self.position, end
        return (value,)

    def _bracketed(self) -> bytes:
        depth = 0
        scanned = self.position
        while True:
            for token in _TOKEN.finditer(self.data, scanned):
                mark = self.data[token.start()]
                if mark == 0x22 and token.end() - token.start() == 1:
                    scanned = token.start()  # a string that goes on behind the data
                    break
                scanned = token.end()
                if mark in b"{[":
                    depth += 1
                elif mark in b"}]":
                    depth -= 1
                if depth <= 0:
                    text = self.data[self.position : scanned]
                    self.position = scanned
                    return text
            else:
                scanned = max(scanned, len(self.data))
            passed = self.position
            if not self.fill():
                self.position = len(self.data)
                raise self.broken()
            scanned -= passed

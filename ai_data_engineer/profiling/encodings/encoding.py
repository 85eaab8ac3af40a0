"""Which encoding a text is in.

The order is from certain to guessed: byte order mark, two or four bytes for each character (UTF-16
and UTF-32 without a mark), the escapes of ISO-2022, strict UTF-8, and at last the likelihood of the
letters.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.encodings.encoding_guess import decodes, guess_encoding

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022 = (
    (re.compile(rb"\x1b\$[@B]|\x1b\([IJ]"), "iso2022_jp"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
)
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f\v\x1b\x1c\x1d\x1e\x1f")
_LEAD = 4 * 1024
"""Bytes of a long line that are looked at before its first letter beyond ASCII."""
_GUESS_BYTES = 512 * 1024
_GLANCE_BYTES = 64 * 1024
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a]")
_LEAST_ASCII = 0.05
"""Share of blanks, separators, digits and line ends that any text in two or four bytes has."""
_BINARY_HINT = "Give a text file (CSV, JSON, XML) or Parquet."


@dataclass(frozen=True)
class Encoding:
    """Python's name of an encoding, and how sure we are (0 to 1)."""

    name: str
    confidence: float
    damaged: bool = False
    """The text is in this encoding but for a few bytes."""

    @property
    def is_marked(self) -> bool:
        """Whether a byte order mark or the width of the characters says so."""
        return self.name.startswith(("utf-8-sig", "utf-16", "utf-32"))

    def decode(self, data: bytes) -> str:
        """Return the text; what cannot be decoded becomes U+FFFD, an unfinished end is cut off."""
        decoder = codecs.getincrementaldecoder(self.name)(errors="replace")
        return decoder.decode(data)


def detect_encoding(data: bytes, *, location: str = "") -> Encoding:
    """Find the encoding of the beginning of a text; `data` may end inside a character.

    Raises:
        SourceError: `E_BINARY` when this is no text; `E_ENCODING` when no encoding fits.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _checked(Encoding(name, 1.0), data, location)
    if 0 in data[:_GUESS_BYTES] and (wide := _utf16_or_32(data[:_GLANCE_BYTES])):
        return _checked(Encoding(wide, 0.95), data, location)
    for escape, name in _ISO_2022:
        if b"\x1b" in data and escape.search(data) and decodes(data, name):
            return Encoding(name, 0.95)
    controls = bytes(set(_CONTROLS) - {_separator(data)})
    if len(data.translate(None, controls)) < 0.99 * len(data):
        raise _binary(location)
    if data.isascii() or decodes(data, "utf-8"):
        return Encoding("utf-8", 1.0)
    beyond_ascii = data[_line_beyond_ascii(data) :][:_GUESS_BYTES]
    if _is_damaged_utf8(beyond_ascii):
        return Encoding("utf-8", 0.9, damaged=True)
    return _guess(beyond_ascii, location)


def _separator(data: bytes) -> int | None:
    """Return the control character that parts the cells of nearly every line, as Hive writes it."""
    marks = [mark for mark in b"\x01\x02\x1c\x1d\x1e\x1f" if mark in data]
    lines = data[:_GUESS_BYTES].splitlines() if marks else []
    for mark in marks:
        if sum(mark in line for line in lines) >= 0.9 * len(lines):
            return mark
    return None


def _line_beyond_ascii(data: bytes) -> int:
    """Return where the line of the first byte beyond ASCII begins, or that byte's near past."""
    low, high = 0, len(data)
    while high - low > 1:
        middle = (low + high) // 2
        if data[low:middle].isascii():
            low = middle
        else:
            high = middle
    return max(data.rfind(b"\n", 0, low) + 1, low - _LEAD)


def _utf16_or_32(data: bytes) -> str | None:
    """Return the width and order in which the bytes are text with its usual share of ASCII."""
    share = {}
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        text = data[: len(data) // width * width].decode(name, errors="replace")
        odd = sum(n for c, n in Counter(text).items() if not (c.isprintable() or c in "\t\n\r"))
        if text and odd + text.count("\ufffd") <= 0.01 * len(text):
            share[name] = len(text.encode("ascii", errors="ignore")) / len(text)
    best = max(share, key=share.__getitem__, default=None)
    return best if best and share[best] >= _LEAST_ASCII else None


def _is_damaged_utf8(data: bytes) -> bool:
    """Many valid characters of several bytes, few invalid bytes: UTF-8 that was cut somewhere."""
    shown = data[: 2 * _GLANCE_BYTES].translate(None, bytes(range(128)))
    text = shown.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    return len(text) - bad >= 20 * max(bad, 1)


def _guess(data: bytes, location: str) -> Encoding:
    """Take the likeliest encoding of the lines that tell encodings apart: those beyond ASCII."""
    found = guess_encoding(b"".join(x for x in data.splitlines(True) if not x.isascii()))
    name, confidence = found.name, found.confidence
    if not decodes(data, name) and decodes(data, f"iso8859-{name[-1]}"):
        name = f"iso8859-{name[-1]}"  # cp1250, cp1252 and cp1254 leave a few bytes undefined
    return _checked(Encoding(name, round(min(confidence, 0.95), 2)), data, location)


def _checked(encoding: Encoding, data: bytes, location: str) -> Encoding:
    text = encoding.decode(data[:_GUESS_BYTES])
    if encoding.is_marked and not text.removeprefix("\ufeff"):
        return encoding  # a byte order mark alone: an empty text
    odd = text.count("\ufffd") + len(_CONTROL.findall(text))
    if odd > 0.02 * len(text) + 1 or not text:
        if encoding.name.startswith(("utf-16", "utf-32")) and odd > 0.1 * len(text):
            raise _binary(location)
        raise SourceError(
            f"The text is not in {encoding.name}, the encoding that fits best.",
            code="E_ENCODING",
            location=location,
            hint="Save the file as UTF-8.",
        )
    if odd:
        return Encoding(encoding.name, min(encoding.confidence, 0.9), damaged=True)
    return encoding


def _binary(location: str) -> SourceError:
    return SourceError(
        "This is binary data, not text.", code="E_BINARY", location=location, hint=_BINARY_HINT
    )

"""Which encoding a text is in.

The order is from certain to guessed: byte order mark, the pattern of NUL bytes (UTF-16 and UTF-32
without a mark), the escapes of ISO-2022, strict UTF-8, and at last chardet's statistics.
"""

from __future__ import annotations

import codecs
import itertools
import re
from dataclasses import dataclass

from ai_data_engineer.errors import SourceError

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
# A detector names what it has proof of; the superset that software really writes is safer.
_SUPERSETS = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f\v\x1b\x1c\x1d\x1e\x1f")
_NON_ASCII_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*[\r\n]*")
_GUESS_BYTES = 128 * 1024
_PLAUSIBLE_BYTES = 16 * 1024
_TYPOGRAPHY = "€£¥¢§°·–—’‘“”„…©®™«»½¼¾²³µ±×•º¿¡\u00a0"
_MAINFRAME = ("cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140")
# How much more often than others an encoding is met in files of data.
_USUAL = dict.fromkeys(("gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251"), 1.0) | {
    "cp1252": 1.0, "cp1250": 0.6, "cp1253": 0.7, "cp1254": 0.6, "cp1255": 0.7, "cp1256": 0.7,
    "cp1257": 0.5, "cp1258": 0.5, "cp874": 0.7, "koi8-r": 0.8, "iso8859-2": 0.6, "cp850": 0.6,
    "cp437": 0.6, "cp866": 0.6, "mac-roman": 0.6,
}  # fmt: skip
_RARE = 0.4
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
    if 0 in data[:_GUESS_BYTES] and (wide := _utf16_or_32(data[:_GUESS_BYTES])):
        return _checked(Encoding(wide, 0.95), data, location)
    if len(data.translate(None, _CONTROLS)) < 0.99 * len(data):
        raise _binary(location)
    for escape, name in _ISO_2022:
        if b"\x1b" in data and escape.search(data) and _decodes(data, name):
            return Encoding(name, 0.95)
    if _decodes(data, "utf-8"):
        return Encoding("utf-8", 1.0)
    if _is_damaged_utf8(data):
        return Encoding("utf-8", 0.9, damaged=True)
    return _guess(data, location)


def _utf16_or_32(data: bytes) -> str | None:
    """Text in a Latin script has its NULs at the same place of each unit."""
    cells = len(data) // 4
    if not cells:
        return None
    share = [data[i : cells * 4 : 4].count(0) / cells for i in range(4)]
    if share[2] > 0.9 and share[3] > 0.9 and share[0] < 0.1:
        return "utf-32-le"
    if share[0] > 0.9 and share[1] > 0.9 and share[3] < 0.1:
        return "utf-32-be"
    even, odd = (share[0] + share[2]) / 2, (share[1] + share[3]) / 2
    if odd > 0.3 and even < 0.1 * odd:
        return "utf-16-le"
    if even > 0.3 and odd < 0.1 * even:
        return "utf-16-be"
    return None


def _decodes(data: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(data)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _is_damaged_utf8(data: bytes) -> bool:
    """Many valid characters of several bytes, few invalid bytes: UTF-8 that was cut somewhere."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for c in text if c > "\x7f") - bad
    return good >= 20 * bad


def _guess(data: bytes, location: str) -> Encoding:
    """Weigh chardet's candidates by how usual they are and by how their text reads.

    Only lines that hold other than ASCII bytes tell encodings apart, so only these are shown.
    """
    import chardet

    telling = b"".join(m.group() for m in _NON_ASCII_LINE.finditer(data[: 16 * _GUESS_BYTES]))
    telling = telling[:_GUESS_BYTES]
    scores = {"cp1252": 0.02 * _plausibility(telling, "cp1252")}
    for candidate in chardet.detect_all(telling, exclude_encodings=_MAINFRAME):
        if candidate["encoding"] is None:
            continue
        name = codecs.lookup(candidate["encoding"]).name
        name = _SUPERSETS.get(name, name)
        score = (
            float(candidate["confidence"]) * _USUAL.get(name, _RARE) * _plausibility(telling, name)
        )
        scores[name] = max(score, scores.get(name, 0.0))
    best = max(scores, key=lambda name: (scores[name], name))
    text = telling.decode(best, errors="replace")
    others = sum(s for n, s in scores.items() if telling.decode(n, errors="replace") != text)
    confidence = scores[best] / (scores[best] + others) if scores[best] else 0.0
    if not _decodes(data, best) and _decodes(data, f"iso8859-{best[-1]}"):
        best = f"iso8859-{best[-1]}"  # cp1250, cp1252 and cp1254 leave a few bytes undefined
    return _checked(Encoding(best, round(min(confidence, 0.95), 2)), data, location)


def _plausibility(data: bytes, name: str) -> float:
    """Share of the non-ASCII characters that stand where a writer would put them."""
    text = data[:_PLAUSIBLE_BYTES].decode(name, errors="replace")
    found = good = 0
    for before, char in itertools.pairwise(f" {text}"):
        if char <= "\x7f":
            continue
        found += 1
        if char.isalpha():
            # A capital behind a small letter, and two scripts in a word, come of a wrong table.
            upright = not (char.isupper() and before.islower())
            single = not before.isalpha() or (ord(before) < 0x250) == (ord(char) < 0x250)
            good += upright and single
        else:
            good += char in _TYPOGRAPHY or char > "\u2fff" != char == "\ufffd"
    return (good / found) ** 2 if found else 1.0


def _checked(encoding: Encoding, data: bytes, location: str) -> Encoding:
    text = encoding.decode(data[: 16 * _GUESS_BYTES])
    odd = text.count("\ufffd") + sum(
        c < " " and c not in "\t\n\r\f\v\x1b\x1c\x1d\x1e\x1f" for c in text
    )
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

"""Where the keys of a block of JSON stand, and what their values begin with: found by numpy.

The block must be valid JSON already. Nothing is parsed here; the marks serve to prove that a fast
parser has seen every value, and to take numbers as they are written.
"""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Places = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

_QUOTE, _COLON, _BLANK, _BACKSLASH, _NEW_LINE = b'": \\\n'
_SLICE = 256 * 1024
"""Bytes looked at in one go: what is made of them stays in the processor's cache."""
_BEFORE = b"\n" * 8
_BEHIND = b"\n" * 512
_LONGEST_NUMBER = 400
_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]", re.DOTALL
)


_MAY_OPEN = b":,[{ \t\r\n"
"""What stands before a quote that opens a string."""
_ENDS_NUMBER = b",}] \t\r\n"


def has_lone_surrogates(text: bytes) -> bool:
    """Return whether an escape may be half a character, which is no text."""
    return b"\\u" in text and _LONE_SURROGATE.search(text) is not None


class Marks:
    """The keys of a block of valid JSON, in the order in which they stand."""

    def __init__(self, block: bytes) -> None:
        # Whatever is looked at before or behind a key lies inside the text.
        text = np.frombuffer(bytearray().join((_BEFORE, block, _BEHIND)), dtype=np.uint8)
        self.has_unicode_escapes = False
        """Whether some character is written as `\\u` and its number."""
        if b"\\" in block:
            escaped = _escaped(text)
            behind = text[escaped]
            self.has_unicode_escapes = bool((behind == ord("u")).any())
            text[escaped[behind == _QUOTE]] = 0  # opens or closes nothing
        self._text = text
        self._words = np.ndarray((len(text) - 7,), dtype="<u8", buffer=text.data, strides=(1,))
        self._quotes, keys, ends = _scan(text)
        self._keys = _closing(keys, text)
        self.line_ends = ends[len(_BEFORE) : -len(_BEHIND)]
        values = self._keys + 2
        first = text[values]
        blank = first == _BLANK
        if blank.any():
            values += blank
            first = text[values]
        self._values, self._first = values, first
        self._counts = np.bincount(first, minlength=256)

    @property
    def keys(self) -> int:
        """How many keys there are."""
        return len(self._keys)

    def beginning_with(self, characters: bytes) -> int:
        """Return how many keys have a value that begins with one of the characters."""
        return int(self._counts[list(characters)].sum())

    @property
    def are_whole(self) -> bool:
        """Whether every key was found: none has a blank before its colon, no value is an array.

        Then each string of the block is either a key or the value of one.
        """
        known = self.beginning_with(b'"{tfn-0123456789')
        return known == self.keys and self._quotes == 2 * (self.keys + self.beginning_with(b'"'))

    def nulls(self) -> dict[tuple[bytes, int], Places]:
        """Return the lines with a null, from 0, for each key that has one and its depth, from 1."""
        rest = self._keys[self._first == ord("n")]
        endings = self._words[rest - 8]
        found: dict[tuple[bytes, int], Places] = {}
        while rest.size:
            name = self._name(int(rest[0]))
            same = self._named(name, rest, endings)
            depths = self._depths(rest[same])
            for depth in np.unique(depths).tolist():
                at_depth = rest[same][depths == depth]
                found[name, depth] = np.searchsorted(self.line_ends, at_depth)
            rest, endings = rest[~same], endings[~same]
        return found

    def numbers(self, name: bytes) -> pa.Array | None:
        """Return the numbers that are values of a key as text, in their order.

        None where one is written in a way that is not kept: minus nought, hundreds of digits.
        """
        keys, endings, values = self._numbers
        places = values[self._named(name, keys, endings)]
        width = 24
        while True:
            words = np.empty((len(places), width // 8), dtype="<u8")
            for column in range(width // 8):
                words[:, column] = self._words[places + 8 * column]
            written = words.view(np.uint8)
            ends = _are(written, _ENDS_NUMBER)
            lengths = ends.argmax(axis=1)  # 0 where none is at hand
            if lengths.all():
                break
            width *= 4
            if width > _LONGEST_NUMBER:
                return None
        if (words[lengths == 2, 0] & np.uint64(0xFFFF) == int.from_bytes(b"-0", "little")).any():
            return None
        offsets = np.zeros(len(places) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        # Narrow numbers are compared many at a time.
        data = written[np.arange(width, dtype=np.int16) < lengths.astype(np.int16)[:, None]]
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
        return pa.Array.from_buffers(pa.large_string(), len(places), buffers)

    @cached_property
    def _numbers(self) -> tuple[Places, Words, Places]:
        """The keys whose values are numbers: closing quotes, words before these, values."""
        are_numbers = (self._first - np.uint8(ord("0")) < 10) | (self._first == ord("-"))
        keys = self._keys[are_numbers]
        return keys, self._words[keys - 8], self._values[are_numbers]

    def _depths(self, keys: Places) -> Places:
        """Return in how many objects keys lie, where no key has an array."""
        if not self.beginning_with(b"{"):
            return np.ones(len(keys), dtype=np.int64)
        places, depths = self._braces
        inside: Places = depths[np.searchsorted(places, keys) - 1]
        return inside

    @cached_property
    def _braces(self) -> tuple[Places, Places]:
        """The places of braces outside of strings, and the depths behind them."""
        opens = self._text == ord("{")
        places = np.flatnonzero(opens | (self._text == ord("}")))
        quotes = np.flatnonzero(self._text == _QUOTE)
        places = places[np.searchsorted(quotes, places) % 2 == 0]
        return places, np.cumsum(np.where(opens[places], 1, -1))

    def _name(self, closing: int) -> bytes:
        """Return the name of the key whose closing quote stands there."""
        reach = 64
        while True:
            text = self._text[max(0, closing - reach) : closing].tobytes()
            opening = text.rfind(b'"')
            if opening >= 0:
                return text[opening + 1 :]
            reach *= 8

    def _named(self, name: bytes, closing: Places, endings: Words) -> npt.NDArray[np.bool_]:
        """Return which of the keys, told by closing quotes and the words before, have a name."""
        quoted = b'"' + name
        mask, word = _word(quoted[-8:])
        same: npt.NDArray[np.bool_] = endings & mask == word
        for end in range(len(quoted) - 8, 0, -8):
            mask, word = _word(quoted[max(0, end - 8) : end])
            # A key that is shorter than the name is another one, wherever this looks.
            places = np.maximum(closing[same] - (len(quoted) - end + 8), 0)
            same[same] = self._words[places] & mask == word
        return same


def _word(text: bytes) -> tuple[np.uint64, np.uint64]:
    """Return the mask and the value of a word that ends in up to eight characters."""
    mask = int.from_bytes((b"\xff" * len(text)).rjust(8, b"\0"), "little")
    return np.uint64(mask), np.uint64(int.from_bytes(text.rjust(8, b"\0"), "little"))


def _are(text: npt.NDArray[np.uint8], characters: bytes) -> npt.NDArray[np.bool_]:
    """Return which of the text are one of a few characters: comparing beats looking up."""
    found: npt.NDArray[np.bool_] = text == characters[0]
    for character in characters[1:]:
        found |= text == character
    return found


def _scan(text: npt.NDArray[np.uint8]) -> tuple[int, Places, Places]:
    """Return the number of quotes, the places of those before a colon, those of line feeds."""
    quotes = 0
    keys = []
    for start in range(0, len(text), _SLICE):
        part = text[start : start + _SLICE + 1]
        is_quote = part[:_SLICE] == _QUOTE
        quotes += int(np.count_nonzero(is_quote))
        closes = is_quote[: len(part) - 1]
        closes &= part[1:] == _COLON
        keys.append(np.flatnonzero(closes) + start)
    return quotes, np.concatenate(keys), _places(text, _NEW_LINE)


def _places(text: npt.NDArray[np.uint8], character: int) -> Places:
    """Return where a character stands."""
    starts = range(0, len(text), _SLICE)
    found = [np.flatnonzero(text[start : start + _SLICE] == character) + start for start in starts]
    return np.concatenate(found)


def _closing(keys: Places, text: npt.NDArray[np.uint8]) -> Places:
    """Leave out the quotes that open a text which begins with a colon."""
    doubtful = _are(text[keys - 1], _MAY_OPEN)
    if not doubtful.any():
        return keys
    quotes = np.flatnonzero(text == _QUOTE)
    opens = np.searchsorted(quotes, keys[doubtful]) % 2 == 0
    kept = np.ones(len(keys), dtype=bool)
    kept[np.flatnonzero(doubtful)[opens]] = False
    return keys[kept]


def _escaped(text: npt.NDArray[np.uint8]) -> Places:
    """Return the places of the characters behind a backslash that is not itself escaped."""
    places = _places(text, _BACKSLASH)
    begins = np.ones(len(places), dtype=bool)
    begins[1:] = np.diff(places) != 1
    runs = np.flatnonzero(begins)
    place_in_run = np.arange(len(places)) - runs[np.cumsum(begins) - 1]
    escaping: Places = places[place_in_run % 2 == 0]
    return escaping + 1

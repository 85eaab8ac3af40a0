"""Reads characters, escapes and classes `[…]` of a regular expression."""

from __future__ import annotations

import re
import string
from typing import Literal, cast

from ai_data_engineer.spec.regex.errors import RegexError
from ai_data_engineer.spec.regex.nodes import Char, Member, Property, Range, Set, Shorthand

_CATEGORIES = "L[ultmo]?|M|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cf]"
_SCRIPTS = (
    "Arabic|Armenian|Cyrillic|Devanagari|Georgian|Greek|Hangul|Hebrew|Hiragana|Katakana|Latin|Thai"
)
"""The categories and scripts that hold the same characters of Unicode 13 on all engines; Mn, Mc and
Han, among others, do not."""

_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_HEX = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|[xu]\{([0-9A-Fa-f]{1,6})\})")
_PROPERTY = re.compile(rf"\\[pP](?:\{{({_CATEGORIES}|{_SCRIPTS})\}}|([LMNPSZ]))")
_POSIX = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "0-9A-Za-z",
    "upper": "A-Z",
    "lower": "a-z",
    "space": "\\s",
    "word": "\\w",
    "xdigit": "0-9A-Fa-f",
    "blank": " \\t",
    "punct": "!-\\/:-@\\[-`\\{-~",
}
_REFUSED_ESCAPES = {
    "Z": "Write `\\z` for the end of the text.",
    "h": "Write `[ \\t]`.",
    "H": "Write `[^ \\t]`.",
    "R": "Write `\\r?\\n`.",
    "N": "Write `[^\\n]`.",
    "X": "Write `\\P{M}\\p{M}*`.",
    "G": "Leave it out.",
    "K": "Take what you want with a group.",
    "Q": "Put a backslash before each character that has a meaning.",
    "E": "Put a backslash before each character that has a meaning.",
    "a": "Write `\\x07`.",
    "e": "Write `\\x1B`.",
    "c": "Write the character as `\\xHH`.",
    "0": "Write the character as `\\xHH`.",
    "k": "Take both parts with groups and compare them.",
    "g": "Take both parts with groups and compare them.",
}


class ClassParser:
    """A place in a pattern, and what is read there without regard to what stands around."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def error(self, what: str, hint: str, at: int | None = None) -> RegexError:
        """Return what cannot be read, and where (counted from 1)."""
        place = (self.at if at is None else at) + 1
        return RegexError(
            f"The regular expression cannot be used: {what[0].lower()}{what[1:]} "
            f"at its character {place}.",
            hint,
        )

    def follows(self, text: str) -> bool:
        """Return whether this text comes next."""
        return self.text.startswith(text, self.at)

    def take(self, text: str) -> bool:
        """Step over this text if it comes next."""
        found = self.follows(text)
        self.at += len(text) if found else 0
        return found

    def char(self, character: str, written: str, fold: bool = False) -> Char:
        """Return a character; raises RegexError for half a surrogate pair."""
        if 0xD800 <= ord(character) <= 0xDFFF:
            raise self.error("Half of a surrogate pair", "Write the character as `\\x{1F600}`.")
        return Char(ord(character), written, fold)

    def escape(self, fold: bool) -> Char | Shorthand | Property:
        """Read what begins with a backslash."""
        letter = self.text[self.at + 1 : self.at + 2]
        if not letter:
            raise self.error("A backslash at the end", "Write `\\\\` for the character.")
        if letter in "dwsDWS":
            self.at += 2
            return Shorthand(cast('Literal["d", "w", "s", "D", "W", "S"]', letter))
        if letter in "pP":
            return self._property(fold)
        if letter in "xu":
            return self._hexadecimal(fold)
        if letter in _CONTROLS:
            self.at += 2
            return Char(_CONTROLS[letter], f"\\{letter}", fold)
        if letter in string.punctuation + " ":
            self.at += 2
            return Char(ord(letter), f"\\{letter}", fold)
        hint = _REFUSED_ESCAPES.get(letter, "Take the backslash away for the character itself.")
        if letter in "123456789":
            raise self.error("A back-reference", _REFUSED_ESCAPES["k"])
        raise self.error(f"The escape `\\{letter}`", hint)

    def _hexadecimal(self, fold: bool) -> Char:
        found = _HEX.match(self.text, self.at)
        if found is None or (point := int(found[1] or found[2] or found[3], 16)) > 0x10FFFF:
            letter = self.text[self.at + 1]
            raise self.error(
                f"`\\{letter}` without a character's number",
                "Write `\\xHH`, `\\uHHHH` or `\\x{…}`.",
            )
        char = self.char(chr(point), found[0], fold)
        self.at = found.end()
        return char

    def _property(self, fold: bool) -> Property:
        found = _PROPERTY.match(self.text, self.at)
        if found is None:
            raise self.error(
                f"This Unicode class `{self.text[self.at : self.at + 2]}…`",
                f"Known are the categories {_CATEGORIES} and the scripts {_SCRIPTS}: `\\p{{L}}`.",
            )
        if fold:
            # The letters that are the same without case reach into other classes, in other ways.
            raise self.error(f"`{found[0]}` under the flag `i`", f"Write `(?-i:{found[0]})` there.")
        self.at = found.end()
        return Property(found[1] or found[2], negated=found[0][1] == "P")

    def bracketed(self, fold: bool) -> Set:
        """Read a class `[…]`."""
        start = self.at
        self.at += 1
        negated = self.take("^")
        members: list[Member] = []
        if self.follows("]"):
            raise self.error("A class of nothing", "Write `\\]` for the character.")
        while not self.take("]"):
            if self.at >= len(self.text):
                raise self.error("An open `[`", "Close it; write `\\[` for the character.", start)
            self._refuse_operators()
            member = self._member(fold)
            self._refuse_operators()
            if isinstance(member, Char) and self._is_range():
                self.at += 1
                members.append(self._range(member, fold))
            else:
                members.append(member)
        return Set(tuple(members), negated, bare=False, fold=fold)

    def _refuse_operators(self) -> None:
        if self.follows("[:"):
            name = self.text[self.at + 2 :].partition(":]")[0].lstrip("^")
            hint = "Write its characters." if name not in _POSIX else f"Write `{_POSIX[name]}`."
            raise self.error("A POSIX class", hint)
        if self.follows("["):
            raise self.error("`[` in a class", "Write `\\[` for the character.")
        for operator in ("&&", "--", "~~"):
            if self.follows(operator):
                sign = operator[0]
                raise self.error(f"`{operator}` in a class", f"Write `\\{sign}` for `{sign}`.")

    def _member(self, fold: bool) -> Char | Shorthand | Property:
        if not self.follows("\\"):
            self.at += 1
            character = self.text[self.at - 1]
            return self.char(character, character, fold)
        if self.follows("\\b"):
            raise self.error("`\\b` in a class", "Write `\\x08` for a backspace.")
        return self.escape(fold)

    def _is_range(self) -> bool:
        return self.follows("-") and self.text[self.at + 1 : self.at + 2] not in ("]", "")

    def _range(self, low: Char, fold: bool) -> Char | Range:
        self._refuse_operators()
        high = self._member(fold)
        if not isinstance(high, Char) or high.point < low.point:
            raise self.error(
                "A range whose end is no character or stands before its start",
                "Write the smaller first, and `\\-` for a hyphen.",
            )
        return Range(low, high) if high.point > low.point else low

"""Writes a regular expression for an engine, as it was written where that means the same."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Mapping
from typing import ClassVar

from ai_data_engineer.spec.regex.folding import LATE_PAIRS, same_letters
from ai_data_engineer.spec.regex.nodes import (
    Alternation,
    Anchor,
    Char,
    Dot,
    Flags,
    Group,
    Member,
    Node,
    Property,
    Range,
    Repeat,
    Sequence,
    Set,
    Shorthand,
    can_be_empty,
    starts_the_text,
)
from ai_data_engineer.spec.regex.re2_alternation import with_cases_kept

_WORD = "0-9A-Za-z_"
_SPACE = "\\t\\n\\v\\f\\r "
_NOT_SPACE = "\\x00-\\x08\\x0E-\\x1F!-\\x{10FFFF}"
_META = frozenset("\\.+*?()|[]{}^$")
_META_IN_SET = frozenset("\\[]^-&~")
_ESCAPED = frozenset(string.punctuation) - set("<>") | set(" ")
_POSITIVE = {"D": Shorthand("d"), "W": Shorthand("w"), "S": Shorthand("s")}
_FOLDED_TO_WORD = (0x17F, 0x212A)
"""What has the same simple case folding as a character of `\\w`: ſ as s, the sign K as k."""


class Writer:
    """What all engines read in the same way; `only` is the one group that captures, if given."""

    reads_flags: ClassVar[bool] = True
    shorthands: ClassVar[dict[str, str]] = {}
    """What stands in a class for a shorthand that the engine reads otherwise."""

    def __init__(self, only: int | None = None) -> None:
        self.only = only

    def pattern(self, root: Node) -> str:
        """Return the whole pattern."""
        return self._write(root)

    def _write(self, node: Node) -> str:
        """Return a node as the engine reads it."""
        match node:
            case Char():
                return self._lone_char(node)
            case Set():
                return self._set(node)
            case Dot():
                return self._dot(node)
            case Anchor():
                return self._anchor(node)
            case Flags():
                return node.written if self.reads_flags else ""
            case Repeat():
                return self._write(node.body) + node.written
            case Sequence():
                return "".join(map(self._write, node.parts))
            case Alternation():
                return "|".join(map(self._write, node.branches))
        return f"{self._opening(node)}{self._write(node.body)})"

    def _opening(self, group: Group) -> str:
        if group.number is None:
            return group.opening if self.reads_flags else "(?:"
        if self.only not in (None, group.number):
            return "(?:"
        return f"(?P<{group.name}>" if group.name and self.reads_flags else "("

    def _dot(self, dot: Dot) -> str:
        """Return any character."""
        return "."

    def _anchor(self, anchor: Anchor) -> str:
        """Return a place."""
        return anchor.written

    def _lone_char(self, char: Char) -> str:
        """Return a character outside of a class."""
        return self._char(char, _META)

    def _char(self, char: Char, special: frozenset[str]) -> str:
        written = char.written
        if len(written) == 1:
            return _plain(written, special)
        if len(written) == 2 and written[1] in string.punctuation + " ":
            return written if written[1] in _ESCAPED else written[1]
        return f"\\x{{{char.point:X}}}" if written[1] == "u" else written

    def _set(self, node: Set) -> str:
        """Return one character of several."""
        if node.bare:
            return self._bare(node.members[0], node.fold)
        members = [self._member(member, node.fold) for member in node.members]
        more = [_spelled(point) for point in self._same(node)]
        if members[0] == "\\-":
            members[0] = "-"
        elif members[-1] == "\\-" and not more:
            members[-1] = "-"
        return f"[{'^' if node.negated else ''}{''.join(members + more)}]"

    def _bare(self, member: Member, fold: bool) -> str:
        written = self._member(member, fold)
        if not isinstance(member, Shorthand) or written == f"\\{member.letter}":
            return written
        if member.letter.islower():
            return f"[{written}]"
        return f"[^{self._member(_POSITIVE[member.letter], fold)}]"

    def _member(self, member: Member, fold: bool) -> str:
        """Return what stands in a class."""
        match member:
            case Char():
                return self._char(member, _META_IN_SET)
            case Range():
                return f"{self._member(member.low, fold)}-{self._member(member.high, fold)}"
            case Property():
                return f"\\{'P' if member.negated else 'p'}{{{self._property(member)}}}"
        return self.shorthands.get(member.letter, f"\\{member.letter}")

    def _property(self, member: Property) -> str:
        """Return the name of a category or script."""
        return member.name

    def _same(self, node: Set) -> Iterable[int]:
        """Return what has to be named besides the members of a class under the flag `i`."""
        return ()


class Rust(Writer):
    """Rust's regex crate, in polars: its shorthands and word boundaries are Unicode's."""

    shorthands: ClassVar[dict[str, str]] = {
        "d": "0-9",
        "w": _WORD,
        "s": _SPACE,
        "D": "[^0-9]",
        "W": f"[^{_WORD}]",
        "S": f"[^{_SPACE}]",
    }

    def _anchor(self, anchor: Anchor) -> str:
        if anchor.written in ("\\b", "\\B"):
            return f"(?-u:{anchor.written})"
        return anchor.written


class Re2(Writer):
    r"""RE2, in DuckDB: no vertical tab in `\s`, no class in a class, an older table of cases."""

    shorthands: ClassVar[dict[str, str]] = {"s": _SPACE, "S": _NOT_SPACE}

    def pattern(self, root: Node) -> str:
        """Return the whole pattern, without what RE2 gets wrong."""
        return self._write(with_cases_kept(root))

    def _lone_char(self, char: Char) -> str:
        written = super()._lone_char(char)
        late = LATE_PAIRS.get(char.point, ()) if char.fold else ()
        return f"[{written}{''.join(map(_spelled, late))}]" if late else written

    def _same(self, node: Set) -> Iterable[int]:
        return _others(node, LATE_PAIRS) if node.fold else ()


class Java(Writer):
    """java.util.regex of Java 17, in Spark: its flags and most anchors mean something else."""

    reads_flags = False

    def pattern(self, root: Node) -> str:
        """Return the whole pattern.

        Java lets an empty match follow right behind another match, and stand between the halves
        of a surrogate pair; the other engines do neither.
        """
        written = self._write(root)
        if not can_be_empty(root) or starts_the_text(root):
            return written
        return f"(?![\\x{{DC00}}-\\x{{DFFF}}])(?>{written})(?:\\A|(?!\\G))"

    def _dot(self, dot: Dot) -> str:
        return "(?s:.)" if dot.every else "[^\\n]"

    def _anchor(self, anchor: Anchor) -> str:
        # Java's \b is Unicode's, and its $ stands before a line end at the end of the text too.
        places = {
            "$": "\\z",
            "\\b": "(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))",
            "\\B": "(?:(?<=\\w)(?=\\w)|(?<!\\w)(?!\\w))",
        }
        if anchor.lines:
            return {"^": "(?<![^\\n])", "$": "(?![^\\n])"}[anchor.written]
        return places.get(anchor.written, anchor.written)

    def _lone_char(self, char: Char) -> str:
        written = super()._lone_char(char)
        others = same_letters().get(char.point, ()) if char.fold else ()
        return f"[{written}{''.join(map(_spelled, others))}]" if others else written

    def _char(self, char: Char, special: frozenset[str]) -> str:
        # Java's \v is any vertical space.
        return "\\x0B" if char.written == "\\v" else super()._char(char, special)

    def _member(self, member: Member, fold: bool) -> str:
        if fold and isinstance(member, Shorthand) and member.letter in "wW":
            same = "\\w" + "".join(map(_spelled, _FOLDED_TO_WORD))
            return same if member.letter == "w" else f"[^{same}]"
        return super()._member(member, fold)

    def _property(self, member: Property) -> str:
        return f"Is{member.name}" if member.is_script else member.name

    def _same(self, node: Set) -> Iterable[int]:
        return _others(node, same_letters()) if node.fold else ()


def _others(node: Set, same: Mapping[int, tuple[int, ...]]) -> list[int]:
    """Return the characters that are the same as one of a class without case, but not in it."""
    spans = []
    for member in node.members:
        if isinstance(member, Char):
            spans.append((member.point, member.point))
        elif isinstance(member, Range):
            spans.append((member.low.point, member.high.point))
    inside = {p for p in same if any(low <= p <= high for low, high in spans)}
    return sorted({other for point in inside for other in same[point]} - inside)


def _plain(character: str, special: frozenset[str]) -> str:
    return f"\\{character}" if character in special else character


def _spelled(point: int) -> str:
    """Return a letter as itself where it cannot be taken for another one."""
    character = chr(point)
    if character.isalpha() and unicodedata.normalize("NFKC", character) == character:
        return character
    return f"\\x{{{point:X}}}"

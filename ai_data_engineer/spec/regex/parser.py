"""Reads a regular expression, and refuses what the engines would not read in the same way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, cast

from ai_data_engineer.spec.regex.classes import ClassParser
from ai_data_engineer.spec.regex.nodes import (
    Alternation,
    Anchor,
    Char,
    Dot,
    Flags,
    Group,
    Node,
    Repeat,
    Sequence,
    Set,
    can_be_empty,
)

MAX_COUNT = 1000
"""The largest count of a repetition, and product of nested ones: RE2's limit."""
_MAX_DEPTH = 50

_QUANTIFIER = re.compile(r"(?:[*+?]|\{([0-9]{1,9})(?:(,)([0-9]{1,9})?)?\})\??")
_NAMED = re.compile(r"\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>")
_FLAGS = re.compile(r"\(\?([A-Za-z]*)(-[A-Za-z]+)?([:)])")
_BESIDE = "Match what stands beside too, and take what you want of it with a group."
_REFUSED_GROUPS = {
    "(?=": ("Look-ahead", _BESIDE),
    "(?!": ("Look-ahead", _BESIDE),
    "(?<=": ("Look-behind", _BESIDE),
    "(?<!": ("Look-behind", _BESIDE),
    "(?>": ("An atomic group", "Write `(?:…)`."),
    "(?P=": ("A back-reference", "Take both parts with groups and compare them."),
    "(?P>": ("A recursion", "Write the part out again."),
    "(?#": ("A comment", "Leave it out."),
    "(?(": ("A condition", "Write both cases with `|`."),
    "(?|": ("A branch reset", "Write `(?:…)` and number the groups of all branches."),
}


@dataclass(frozen=True)
class _Flagged:
    fold: bool = False
    lines: bool = False
    every: bool = False

    def changed(self, on: str, off: str) -> _Flagged:
        names = {"i": "fold", "m": "lines", "s": "every"}
        return replace(self, **{n: f in on for f, n in names.items() if f in on + off})


class Parser(ClassParser):
    """Reads one pattern from left to right; `groups` are the names of its groups, or None."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.groups: list[str | None] = []
        self._depth = 0
        self._inside_word: int | None = None

    def parse(self) -> Node:
        """Return the pattern as a node; raises RegexError."""
        node = self._alternation(_Flagged())
        if self.at < len(self.text):
            raise self.error("A closing `)` without its `(`", "Write `\\)` for the character.")
        if (place := self._inside_word) is not None and can_be_empty(node):
            # RE2 would find it between the bytes of a character.
            raise self.error(
                "`\\B` in a pattern that can match nothing", "Take a character beside it.", place
            )
        return node

    def _alternation(self, flags: _Flagged) -> Node:
        branches, parts = [], list[Node]()
        while self.at < len(self.text) and not self.follows(")"):
            if self.take("|"):
                branches.append(_sequence(parts))
                parts = []
            elif self.follows("(?") and (found := _FLAGS.match(self.text, self.at)):
                on, off, end = self._flags(found)
                if end == ")":
                    flags = flags.changed(on, off)
                    parts.append(Flags(found[0]))
                else:
                    body = self._inside(found.start(), flags.changed(on, off))
                    parts.append(self._repeated(Group(body, found[0])))
            else:
                parts.append(self._repeated(self._atom(flags)))
        return Alternation((*branches, _sequence(parts))) if branches else _sequence(parts)

    def _flags(self, found: re.Match[str]) -> tuple[str, str, str]:
        on, off = found[1], (found[2] or "").removeprefix("-")
        if unknown := set(on + off) - set("ims"):
            hint = "Only i, m and s are known."
            if "x" in unknown:
                hint = "Write the pattern without blanks and comments."
            raise self.error(f"The flag `{min(unknown)}`", hint)
        if set(on) & set(off) or (found[3] == ")" and not on + off):
            raise self.error(f"`{found[0]}`", "Name each flag once: `(?i)`, `(?i-s:…)`.")
        self.at = found.end()
        return on, off, found[3]

    def _atom(self, flags: _Flagged) -> Node:
        character = self.text[self.at]
        if character == "(":
            return self._group(flags)
        if character == "[":
            return self.bracketed(flags.fold)
        if character == "\\":
            return self._escaped(flags)
        if character in "*+?{":
            hint = f"Write `\\{character}` for the character."
            if character == "{":
                hint += " Counts are `{2}`, `{2,}` and `{2,5}`."
            raise self.error(f"Nothing stands before `{character}` that it could repeat", hint)
        self.at += 1
        if character == ".":
            return Dot(flags.every)
        if character in "^$":
            return Anchor(cast('Literal["^", "$"]', character), flags.lines)
        return self.char(character, character, flags.fold)

    def _escaped(self, flags: _Flagged) -> Node:
        written = self.text[self.at : self.at + 2]
        if written in ("\\A", "\\z", "\\b", "\\B"):
            if written == "\\B":
                self._inside_word = self.at
            self.at += 2
            return Anchor(cast('Literal["\\\\A", "\\\\z", "\\\\b", "\\\\B"]', written))
        member = self.escape(flags.fold)
        if isinstance(member, Char):
            return member
        return Set((member,), negated=False, bare=True, fold=flags.fold)

    def _group(self, flags: _Flagged) -> Group:
        start = self.at
        if named := _NAMED.match(self.text, start):
            self.at = named.end()
            if named[1] in self.groups:
                raise self.error(f"The name `{named[1]}`, given twice", "Give another.", start)
        elif self.follows("(?"):
            for opening, (what, hint) in _REFUSED_GROUPS.items():
                if self.follows(opening):
                    raise self.error(f"{what} `{opening}`", hint)
            raise self.error("What follows `(?`", "Write `(…)`, `(?:…)` or `(?P<name>…)`.")
        else:
            self.at += 1
        name = named[1] if named else None
        self.groups.append(name)
        number = len(self.groups)
        body = self._inside(start, flags)
        return Group(body, self.text[start : start + 1], number, name)

    def _inside(self, start: int, flags: _Flagged) -> Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self.error(f"More than {_MAX_DEPTH} groups in each other", "Write it flatter.")
        body = self._alternation(flags)
        if not self.take(")"):
            raise self.error("An open `(`", "Close it; write `\\(` for the character.", start)
        self._depth -= 1
        if _takes_no_part(body):
            # DuckDB takes `^(?:)` for an empty text.
            raise self.error("A group of nothing", "Leave it out.", start)
        return body

    def _repeated(self, body: Node) -> Node:
        found = _QUANTIFIER.match(self.text, self.at)
        if found is None:
            if self.follows("{"):
                raise self.error(
                    "`{` without a count", "Write `{2}`, `{2,}` or `{0,5}`, or `\\{` for itself."
                )
            return body
        least, most = _bounds(found)
        if max(least, most or 0) > MAX_COUNT:
            raise self.error(f"A count above {MAX_COUNT}", "Take less, or `{0,}` for any number.")
        if most is not None and least > most:
            raise self.error(f"`{found[0]}`", "Write the smaller count first.")
        if most == 0:
            raise self.error(f"`{found[0]}`", "Leave out what is repeated no time.")
        if can_be_empty(body):
            raise self.error(
                f"`{found[0]}` behind what can match nothing",
                "Take away this repetition or the one inside; repeat what takes a character.",
            )
        self.at = found.end()
        if self.follows("+"):
            raise self.error("A possessive repetition", "Take the second `+` away.")
        if self.at < len(self.text) and self.text[self.at] in "*?{":
            raise self.error("A repetition of a repetition", "Write one, or `(?:…)` around.")
        return Repeat(body, least, most, found[0])


def _sequence(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


def _takes_no_part(node: Node) -> bool:
    """Return whether a node is nothing but flags, or nothing."""
    parts = node.parts if isinstance(node, Sequence) else (node,)
    return all(isinstance(part, Flags) for part in parts)


def _bounds(found: re.Match[str]) -> tuple[int, int | None]:
    """Return the least and the most that a quantifier asks for."""
    if found[1] is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[0][0]]
    if found[2] is None:
        return int(found[1]), int(found[1])
    return int(found[1]), int(found[3]) if found[3] else None

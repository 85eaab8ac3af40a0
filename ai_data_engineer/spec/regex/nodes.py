"""A regular expression taken apart.

Flags are resolved where they matter: each node says itself what `i`, `m` and `s` make of it. The
places where they were written are kept too, for the engines that read them in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Char:
    """One character, `written` in the pattern as itself or as an escape."""

    point: int
    written: str
    fold: bool = False


@dataclass(frozen=True)
class Range:
    """The characters from one to another, both included."""

    low: Char
    high: Char


@dataclass(frozen=True)
class Shorthand:
    r"""`\d`, `\w`, `\s` or, in upper case, what is not in it."""

    letter: Literal["d", "w", "s", "D", "W", "S"]


@dataclass(frozen=True)
class Property:
    """The characters of a Unicode category or script."""

    name: str
    negated: bool

    @property
    def is_script(self) -> bool:
        """Whether it is a script; the names of categories have one or two letters."""
        return len(self.name) > 2


Member: TypeAlias = Char | Range | Shorthand | Property


@dataclass(frozen=True)
class Set:
    """One character out of several; `bare` for a shorthand or property without brackets."""

    members: tuple[Member, ...]
    negated: bool
    bare: bool
    fold: bool


@dataclass(frozen=True)
class Dot:
    """Any character; the line feed only with the flag `s`."""

    every: bool


@dataclass(frozen=True)
class Anchor:
    """A place between characters: `written` as it is, `lines` for `^` and `$` under `m`."""

    written: Literal["^", "$", "\\A", "\\z", "\\b", "\\B"]
    lines: bool = False


@dataclass(frozen=True)
class Flags:
    """`(?i)`: flags from here to the end of the group."""

    written: str


@dataclass(frozen=True)
class Repeat:
    """Something several times; `most` is None for any number; `written` is the quantifier."""

    body: Node
    least: int
    most: int | None
    written: str


@dataclass(frozen=True)
class Sequence:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Alternation:
    """The first of several that leads to a match."""

    branches: tuple[Node, ...]


@dataclass(frozen=True)
class Group:
    """A group: capturing with a `number`, else `opening` holds its flags: `(?i:`."""

    body: Node
    opening: str
    number: int | None = None
    name: str | None = None


Node: TypeAlias = Char | Set | Dot | Anchor | Flags | Repeat | Sequence | Alternation | Group


def can_be_empty(node: Node) -> bool:
    """Return whether a node can match without taking a character."""
    match node:
        case Char() | Set() | Dot():
            return False
        case Repeat():
            return node.least == 0 or can_be_empty(node.body)
        case Sequence():
            return all(map(can_be_empty, node.parts))
        case Alternation():
            return any(map(can_be_empty, node.branches))
        case Group():
            return can_be_empty(node.body)
    return True


def starts_the_text(node: Node) -> bool:
    """Return whether a node can match only where the text begins."""
    match node:
        case Anchor():
            return node.written == "\\A" or (node.written == "^" and not node.lines)
        case Sequence():
            first = next((p for p in node.parts if not isinstance(p, Flags)), None)
            return first is not None and starts_the_text(first)
        case Alternation():
            return all(map(starts_the_text, node.branches))
        case Group():
            return starts_the_text(node.body)
    return False


def groups_of(node: Node, optional: bool = False) -> dict[int, tuple[Group, bool]]:
    """Return the capturing groups by number, each with whether a match can pass it by."""
    match node:
        case Repeat():
            return groups_of(node.body, optional or node.least == 0)
        case Sequence():
            parts, passed = node.parts, optional
        case Alternation():
            parts, passed = node.branches, True
        case Group():
            found = groups_of(node.body, optional)
            return found if node.number is None else {node.number: (node, optional), **found}
        case _:
            return {}
    return {number: group for part in parts for number, group in groups_of(part, passed).items()}

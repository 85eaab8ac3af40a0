"""Keeps RE2 from losing a case: it reads `a|[aA]` and `a|(?i:a)` as `a`.

RE2 makes one class of neighbouring branches (or what is left of them behind a common beginning)
that take one character, and takes a letter without case for done when the letter itself is in the
class (`AddFoldedRange` in `parse.cc`). A letter that is repeated once, `[aA]{1}`, stays by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from ai_data_engineer.spec.regex.folding import same_letters
from ai_data_engineer.spec.regex.nodes import (
    Alternation,
    Char,
    Dot,
    Group,
    Member,
    Node,
    Property,
    Range,
    Repeat,
    Sequence,
    Set,
    Shorthand,
)

_ONCE = "{1}"


def with_cases_kept(node: Node, atoms: tuple[Char | Set | Dot, ...] = ()) -> Node:
    """Return a node with `{1}` behind the letters that RE2 would lose a case of.

    `atoms` is what takes a character in the alternation that the node stands in.
    """
    match node:
        case Char() | Set():
            cases = _cases(node)
            lost = any(0 < sum(_takes(a, c) for c in cases) < len(cases) for a in atoms)
            return Repeat(node, 1, 1, _ONCE) if lost else node
        case Repeat():
            inner = with_cases_kept(node.body, atoms)
            return node if isinstance(inner, Repeat) else replace(node, body=inner)
        case Group():
            return replace(node, body=with_cases_kept(node.body, atoms))
        case Sequence():
            return Sequence(tuple(with_cases_kept(part, atoms) for part in node.parts))
        case Alternation():
            atoms = atoms or tuple(_atoms(node))
            return Alternation(tuple(with_cases_kept(b, atoms) for b in node.branches))
    return node


def _cases(node: Char | Set) -> tuple[int, ...]:
    """Return the cases of a letter that is meant without case; nothing for other nodes."""
    if isinstance(node, Char):
        return (node.point, *same_letters().get(node.point, ())) if node.fold else ()
    points = {m.point for m in node.members if isinstance(m, Char)}
    if node.negated or len(points) < len(node.members):
        return ()
    if node.fold:
        points |= {p for point in points for p in same_letters().get(point, ())}
    upper = chr(min(points))
    pair = upper.isascii() and upper.isupper() and points == {ord(upper), ord(upper.lower())}
    return tuple(points) if pair else ()


def _atoms(node: Node) -> Iterator[Char | Set | Dot]:
    match node:
        case Char() | Set() | Dot():
            yield node
        case Repeat() | Group():
            yield from _atoms(node.body)
        case Sequence():
            for part in node.parts:
                yield from _atoms(part)
        case Alternation():
            for branch in node.branches:
                yield from _atoms(branch)


def _takes(node: Char | Set | Dot, point: int) -> bool:
    if isinstance(node, Dot):
        return True
    cases = (point, *same_letters().get(point, ())) if node.fold else (point,)
    if isinstance(node, Char):
        return node.point in cases
    return node.negated != any(_has(member, case) for member in node.members for case in cases)


def _has(member: Member, point: int) -> bool:
    match member:
        case Char():
            return point == member.point
        case Range():
            return member.low.point <= point <= member.high.point
        case Shorthand():
            is_word = chr(point).isascii() and member.letter in "wW"
            return is_word != member.letter.isupper()
        case Property():
            text = chr(point)
            names = (unicodedata.category(text), unicodedata.name(text, "").capitalize())
            return any(n.startswith(member.name) for n in names) != member.negated

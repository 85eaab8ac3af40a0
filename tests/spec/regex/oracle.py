"""What a pattern means, said a second time: a matcher by backtracking over what was parsed.

It follows `docs/semantics.md`, not an engine. A result is a list of spans, the match's and then
each group's; None for a group that takes no part.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from ai_data_engineer.spec.regex import Regex
from ai_data_engineer.spec.regex.nodes import (
    Alternation,
    Anchor,
    Char,
    Dot,
    Flags,
    Group,
    Node,
    Property,
    Range,
    Repeat,
    Sequence,
    Set,
    Shorthand,
)

Groups = dict[int, tuple[int, int]]
State = tuple[int, Groups]

WORD = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
SHORTHANDS = {"d": "0123456789", "w": WORD, "s": "\t\n\v\f\r "}
SAME = (
    "kK\u212a",
    "sS\u017f",
    "ßẞ",
    "σςΣ",
    "éÉ",
    "𐐨𐐀",
    "\u0390\u1fd3",
    "µμΜ",
    "üÜ",
    "\ufb05\ufb06",
)
"""What is the same without regard to case, besides ASCII letters, of the characters in our texts."""


@dataclass(frozen=True)
class Match:
    start: int
    end: int
    groups: tuple[str | None, ...]
    """The match as a whole and then each group."""


def find_all(regex: Regex, text: str) -> Iterator[Match]:
    """Return the matches from left to right; no empty one right behind another match."""
    at, last = 0, -1
    while at <= len(text):
        starts = ((i, _matches(regex.root, text, i, {})) for i in range(at, len(text) + 1))
        found = next(((i, *state) for i, states in starts for state in islice(states, 1)), None)
        if found is None:
            return
        start, end, groups = found
        if end > start or start != last:
            spans = [(start, end), *(groups.get(n + 1) for n in range(regex.groups))]
            yield Match(start, end, tuple(s and text[s[0] : s[1]] for s in spans))
            last = end
        at = max(end, start + 1)


def first(regex: Regex, text: str) -> Match | None:
    return next(find_all(regex, text), None)


def replaced(regex: Regex, text: str, by: Callable[[tuple[str | None, ...]], str]) -> str:
    """Return the text with what `by` makes of the groups for every match."""
    parts, at = [], 0
    for match in find_all(regex, text):
        parts += [text[at : match.start], by(match.groups)]
        at = match.end
    return "".join([*parts, text[at:]])


def parts(regex: Regex, text: str) -> list[str]:
    """Return what stands between matches."""
    ends = [0, *(place for m in find_all(regex, text) for place in (m.start, m.end)), len(text)]
    return [text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]


def _matches(node: Node, text: str, at: int, groups: Groups) -> Iterator[State]:
    match node:
        case Char() | Set() | Dot():
            if at < len(text) and _takes(node, text[at]):
                yield at + 1, groups
        case Anchor():
            if _holds(node, text, at):
                yield at, groups
        case Flags():
            yield at, groups
        case Sequence():
            yield from _sequence(node.parts, text, at, groups)
        case Alternation():
            for branch in node.branches:
                yield from _matches(branch, text, at, groups)
        case Group():
            for end, inner in _matches(node.body, text, at, groups):
                yield end, inner if node.number is None else {**inner, node.number: (at, end)}
        case Repeat():
            yield from _repeat(node, text, at, groups, 0)


def _sequence(parts: tuple[Node, ...], text: str, at: int, groups: Groups) -> Iterator[State]:
    if not parts:
        yield at, groups
        return
    for end, inner in _matches(parts[0], text, at, groups):
        yield from _sequence(parts[1:], text, end, inner)


def _repeat(node: Repeat, text: str, at: int, groups: Groups, done: int) -> Iterator[State]:
    lazy = node.written.endswith("?") and len(node.written) > 1
    if lazy and done >= node.least:
        yield at, groups
    if node.most is None or done < node.most:
        for end, inner in _matches(node.body, text, at, groups):
            yield from _repeat(node, text, end, inner, done + 1)
    if not lazy and done >= node.least:
        yield at, groups


def _holds(anchor: Anchor, text: str, at: int) -> bool:
    before, behind = text[:at][-1:], text[at : at + 1]
    boundary = (before in WORD and before != "") != (behind in WORD and behind != "")
    return {
        "^": before == "" or (anchor.lines and before == "\n"),
        "$": behind == "" or (anchor.lines and behind == "\n"),
        "\\A": before == "",
        "\\z": behind == "",
        "\\b": boundary,
        "\\B": not boundary,
    }[anchor.written]


def _takes(node: Char | Set | Dot, character: str) -> bool:
    if isinstance(node, Dot):
        return node.every or character != "\n"
    if isinstance(node, Char):
        return any(ord(c) == node.point for c in _cases(character, node.fold))
    return node.negated != any(_in(m, character, node.fold) for m in node.members)


def _in(member: Char | Range | Shorthand | Property, character: str, fold: bool) -> bool:
    cases = _cases(character, fold)
    match member:
        case Char():
            return any(ord(c) == member.point for c in cases)
        case Range():
            return any(member.low.point <= ord(c) <= member.high.point for c in cases)
        case Shorthand():
            inside = any(c in SHORTHANDS[member.letter.lower()] for c in cases)
            return inside != member.letter.isupper()
    names = {"Latin": "LATIN ", "Greek": "GREEK "}
    if member.name in names:
        inside = unicodedata.name(character, "").startswith(names[member.name])
    else:
        inside = unicodedata.category(character).startswith(member.name)
    return inside != member.negated


def _cases(character: str, fold: bool) -> str:
    """Return the characters that are the same without regard to case."""
    if not fold:
        return character
    other = character.swapcase() if character.isascii() else character
    return next((same for same in SAME if character in same), character + other)

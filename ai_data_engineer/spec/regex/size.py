"""Bounds for what an engine compiles: Rust allows 10 MB, RE2 1000 copies of a part."""

from __future__ import annotations

from ai_data_engineer.spec.regex.errors import RegexError
from ai_data_engineer.spec.regex.nodes import (
    Alternation,
    Char,
    Dot,
    Group,
    Node,
    Property,
    Range,
    Repeat,
    Sequence,
    Set,
)
from ai_data_engineer.spec.regex.parser import MAX_COUNT

_LIMIT = 40_000
_ASCII, _UNICODE, _PROPERTY = 1, 20, 200
"""Rough sizes of a character or class when compiled (measured with Rust's crate: `\\p{L}` is not
compiled 250 times, `.` not 10,000 times, `[a-z]` not 100,000 times)."""


def check_size(root: Node) -> None:
    """Raise RegexError for a pattern that one of the engines would find too large."""
    if _copies(root) > MAX_COUNT:
        raise RegexError(
            f"The regular expression repeats a part more than {MAX_COUNT} times, all counts "
            "multiplied.",
            "Take smaller counts, or `*` and `+`.",
        )
    if _size(root) > _LIMIT:
        raise RegexError(
            "The regular expression is too large with all its repetitions written out.",
            "Take smaller counts, or `*` and `+`; `[a-z]` is far smaller than `\\p{L}`.",
        )


def _copies(node: Node) -> int:
    match node:
        case Repeat():
            return _times(node) * _copies(node.body)
        case Group():
            return _copies(node.body)
        case Sequence():
            return max(map(_copies, node.parts), default=1)
        case Alternation():
            return max(map(_copies, node.branches))
    return 1


def _size(node: Node) -> int:
    match node:
        case Char():
            return _ASCII if node.point < 128 else _UNICODE
        case Dot():
            return _UNICODE
        case Set():
            return _size_of_set(node)
        case Repeat():
            return _times(node) * _size(node.body)
        case Group():
            return _size(node.body)
        case Sequence():
            return sum(map(_size, node.parts))
        case Alternation():
            return sum(map(_size, node.branches))
    return 0


def _size_of_set(node: Set) -> int:
    properties = sum(isinstance(m, Property) for m in node.members)
    ascii_only = not node.negated and all(
        (isinstance(m, Char) and m.point < 128) or (isinstance(m, Range) and m.high.point < 128)
        for m in node.members
    )
    return _PROPERTY * properties or (_ASCII if ascii_only else _UNICODE)


def _times(node: Repeat) -> int:
    return max(node.least if node.most is None else node.most, 1)

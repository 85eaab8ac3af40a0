"""Stand-ins in what a model wrote, turned back where they stand.

What is put in the place of a stand-in depends on where it is: in a literal of SQL a quote is
doubled, a name that is no identifier needs double quotes, in a regular expression a dot is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

PROSE: Final = frozenset({"description", "assumptions", "note", "reason", "message", "hint"})
"""Keys of texts for people."""
PATTERNS: Final = frozenset({"pattern", "regex"})
"""Keys of regular expressions."""

STAND_IN: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?P<base>column|field|source|"
    r"private)(?P<gap>[_ -]?)0*(?P<number>[1-9]\d{0,6})"
    r"(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
"""As a stand-in is written, and as models misspell it."""

_PIECES: Final = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FOLDED: Final = re.compile(
    r"\b(?P<case>lower|lcase|upper|ucase)\s*\((?:[^()']|\([^()]*\))*\)\s*"
    r"(?:=|==|<>|!=|(?:not\s+)?i?like|(?:not\s+)?in\s*\([^)]*)\s*$",
    re.IGNORECASE,
)
_REGEXP: Final = re.compile(r"\bregexp_\w+\s*\((?:[^()']|\([^()]*\))*,\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Original:
    """What a stand-in stands for."""

    text: str = field(repr=False)
    is_name: bool
    """Of a column, field or source: an identifier; else a value."""


Lookup = Callable[[re.Match[str]], Original | None]
"""From a match of STAND_IN to what it stands for; None: it is no stand-in, but says so itself."""


def revealed(value: Any, look_up: Lookup, key: str = "") -> Any:
    """Return JSON with every stand-in turned back, in keys and in texts."""
    match value:
        case str():
            return _text(value, look_up, key)
        case list():
            return [revealed(item, look_up, key) for item in value]
        case dict():
            return {
                _plain(str(k), look_up): revealed(v, look_up, key if key in PROSE else str(k))
                for k, v in value.items()
            }
        case _:
            return value


def _text(text: str, look_up: Lookup, key: str) -> str:
    if STAND_IN.search(text) is None:
        return text
    if key == "params" and text.lstrip().startswith(("{", "[")):
        try:
            inner = json.loads(text)
        except ValueError:
            pass
        else:
            return json.dumps(revealed(inner, look_up), ensure_ascii=False)
    if key in PATTERNS:
        return _replaced(text, look_up, lambda original, _: re.escape(original.text))
    if key in PROSE or STAND_IN.fullmatch(text):
        return _plain(text, look_up)
    return _expression(text, look_up)


def _plain(text: str, look_up: Lookup) -> str:
    return _replaced(text, look_up, lambda original, _: original.text)


def _replaced(text: str, look_up: Lookup, write: Callable[[Original, re.Match[str]], str]) -> str:
    def put(found: re.Match[str]) -> str:
        original = look_up(found)
        return found[0] if original is None else write(original, found)

    return STAND_IN.sub(put, text)


def _expression(text: str, look_up: Lookup) -> str:
    """Return an expression of SQL with its stand-ins turned back."""
    done: list[str] = []
    at = 0
    for piece in _PIECES.finditer(text):
        done.append(_replaced(text[at : piece.start()], look_up, _bare))
        before = text[: piece.start()]
        done.append(
            _literal(piece[0], before, look_up)
            if piece[0][0] == "'"
            else _quoted(piece[0], look_up)
        )
        at = piece.end()
    done.append(_replaced(text[at:], look_up, _bare))
    return "".join(done)


def _bare(original: Original, _: re.Match[str]) -> str:
    if original.is_name:
        plain = _IDENTIFIER.fullmatch(original.text)
        return original.text if plain else _in_quotes(original.text, '"')
    if re.fullmatch(r"-?\d{1,18}(?:\.\d+)?", original.text) and not original.text.startswith("0"):
        return original.text
    return _in_quotes(original.text, "'")


def _literal(piece: str, before: str, look_up: Lookup) -> str:
    folded = _FOLDED.search(before)
    case = folded["case"].lower()[0] if folded else ""
    is_pattern = _REGEXP.search(before) is not None

    def write(original: Original, found: re.Match[str]) -> str:
        text = original.text
        if case == "u":
            text = text.upper()
        elif case == "l":
            text = text.lower()
        if is_pattern:
            text = re.escape(text)
        return text.replace("'", "''")

    return _replaced(piece, look_up, write)


def _quoted(piece: str, look_up: Lookup) -> str:
    mark = piece[0]
    alone = STAND_IN.fullmatch(piece[1:-1])
    if alone and (original := look_up(alone)) is not None:
        # Models write literals in double quotes; a value is never the name of a column.
        return _in_quotes(original.text, mark if original.is_name else "'")
    return _replaced(piece, look_up, lambda o, _: o.text.replace(mark, mark * 2))


def _in_quotes(text: str, mark: str) -> str:
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"

"""What a text that is nearly JSON is instead, and how to mend it."""

from __future__ import annotations

import re
from typing import NamedTuple

_BLANKS = " \t\r\n"
_NAME = r"[A-Za-z_$][\w$]*+"


class Defect(NamedTuple):
    """What stands in the way, and what to do. Neither holds anything of the text."""

    what: str
    mend: str


_STRICT = "Save it as strict JSON, as `json.dumps` or `JSON.stringify` write it."
_COMMENT = Defect("a comment, as JSON5 and JSONC have it", "Remove the comments.")
_TRAILING_COMMA = Defect("a comma before a closing bracket, as JSON5 has it", "Remove the comma.")
_SINGLE_QUOTES = Defect("text in single quotes, as Python and JSON5 write it", _STRICT)
_NUMBER = Defect("a number in a form that JSON does not know", "Write it as 12, -0.5 or 1e3.")
_END = Defect("the end of the text, which breaks off", "Write or download the file again.")
_WORDS = (
    (re.compile(r"[+-]?(?:NaN|nan|[iI]nf(?:inity)?)\b"),
     Defect("NaN or Infinity, which JSON does not know", "Write null in its place.")),
    (re.compile(r"(?:None|True|False|undefined)\b"),
     Defect("a word of Python or JavaScript in place of null, true or false", _STRICT)),
    (re.compile(r"//|/\*|#"), _COMMENT),
    (re.compile(r"'"), _SINGLE_QUOTES),
    (re.compile(r"[“”„‘’]"),
     Defect("typographic quotes", 'Replace them with straight ones (").')),
    (re.compile(rf"{_NAME}\s*+:"), Defect("names without quotes, as JavaScript has them", _STRICT)),
    (re.compile(r"[+-]?(?:0[0-9xX]|\.[0-9]|\+)|[+-]?[0-9]++\.(?![0-9])"),
     _NUMBER),
    (re.compile(r'"'), Defect("no comma between two values", "Put one between them.")),
    (re.compile(r"[{\[]"), Defect("no comma between two values", "Put one between them.")),
)  # fmt: skip
_OPENINGS = (
    (re.compile(rf"(?:var|let|const|window\.{_NAME}|{_NAME}(?:\.{_NAME})*+)\s*+(?:{_NAME}\s*+)?=\s*+[\[{{]"),
     Defect("a JavaScript assignment around the JSON", "Keep what is behind the equals sign.")),
    (re.compile(rf"(?:/\*\*/)?{_NAME}(?:\.{_NAME})*+\(\s*+[\[{{]"),
     Defect("a call around the JSON (JSONP)", "Keep what is between the brackets.")),
    (re.compile(r"\)\]\}'?,?\s*+[\[{]|(?:while|for)\s*\([^)]*\);"),
     Defect("a guard before the JSON, against its use as a script", "Remove the first line.")),
)  # fmt: skip


def opening_defect(text: str) -> Defect | None:
    """Return what stands around JSON that does not begin the text itself."""
    return next((defect for pattern, defect in _OPENINGS if pattern.match(text)), None)


def defect_at(text: str, position: int) -> Defect | None:
    """Return why a parser stopped at a position, None where it cannot be told."""
    if (opening := opening_defect(text)) is not None:
        return opening
    before = text[:position].rstrip(_BLANKS)[-1:]
    rest = text[position:].lstrip(_BLANKS)
    if not rest:
        return _END
    if before.isdigit() and rest[:1].isdigit():
        return _NUMBER
    if before == "," and rest[:1] in ("]", "}"):
        return _TRAILING_COMMA
    if rest[:1] == "," and rest[1:].lstrip(_BLANKS)[:1] in ("]", "}"):
        return _TRAILING_COMMA
    if _in_string(text, position):
        if text[position] < " ":
            return Defect("a line break or a control character inside a text", _STRICT)
        return Defect("an escape that JSON does not know", _STRICT)
    return next((defect for pattern, defect in _WORDS if pattern.match(rest)), None)


def _in_string(text: str, position: int) -> bool:
    """Whether the parser stopped inside a string: at a control character or an escape."""
    if position >= len(text):
        return False
    return (
        text[position] == "\\"
        or (text[position] < " " and text[position] not in _BLANKS)
        or (
            text[position] in "\r\n\t"
            and text.count('"', text.rfind("\n", 0, position) + 1, position) % 2 == 1
        )
    )

"""Takes a script of `sql/` apart: one `WITH` statement, into its named queries.

What is quoted is left alone, whatever it holds: names of columns may have quotes, parentheses and
line ends in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_COMMON = r"|\s+|\w+|."
_TOKEN = {
    "duckdb": re.compile(
        r"""--[^\r\n]*|'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*\"""" + _COMMON, re.DOTALL
    ),
    # A comment goes on behind a backslash at the end of its line.
    "spark": re.compile(
        r"""--(?:\\\n|[^\r\n])*|'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"|`[^`]*(?:``[^`]*)*`"""
        + _COMMON,
        re.DOTALL,
    ),
}
_QUOTE = {"duckdb": '"', "spark": "`"}


def tokens(text: str, engine: str) -> Iterator[str]:
    """Yield the tokens of a script: comments, literals, names, blanks, words, single characters."""
    return (match[0] for match in _TOKEN[engine].finditer(text))


def queries(text: str, engine: str) -> dict[str, str]:
    """Return name → query of the common table expressions of a script, in their order.

    Raises ValueError for a text that is not of this form.
    """
    found: dict[str, str] = {}
    spoken = (t for t in tokens(text, engine) if not t.startswith("--"))
    _expect("WITH", _next_word(spoken))
    while True:
        name = _unquoted(_next_word(spoken), engine)
        _expect("AS", _next_word(spoken))
        _expect("(", _next_word(spoken))
        found[name] = _until_closed(spoken).strip()
        if _next_word(spoken) != ",":
            return found


def uses(text: str, engine: str) -> Counter[str]:
    """Return how often each name stands in a query."""
    return Counter(_unquoted(token, engine) for token in tokens(text, engine))


def quoted(name: str, engine: str) -> str:
    """Return a name in the quotes of the engine."""
    quote = _QUOTE[engine]
    return f"{quote}{name.replace(quote, quote * 2)}{quote}"


def _next_word(spoken: Iterator[str]) -> str:
    return next((token for token in spoken if not token.isspace()), "")


def _expect(wanted: str, found: str) -> None:
    if found.upper() != wanted:
        raise ValueError(f"not a script of ours: {wanted} is missing")


def _until_closed(spoken: Iterator[str]) -> str:
    inside: list[str] = []
    depth = 1
    for part in spoken:
        depth += (part == "(") - (part == ")")
        if not depth:
            return "".join(inside)
        inside.append(part)
    raise ValueError("not a script of ours: a parenthesis stays open")


def _unquoted(token: str, engine: str) -> str:
    quote = _QUOTE[engine]
    if len(token) > 1 and token.startswith(quote):
        return token[1:-1].replace(quote * 2, quote)
    return token

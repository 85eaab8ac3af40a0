"""Text before it is converted in SQL: trimmed, without null tokens, gated by a pattern."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.spec.gating import null_tokens
from ai_data_engineer.spec.sql.dialect import Dialect, Sql


def stripped(d: Dialect, text: Sql) -> Sql:
    """Return the text without white space around it."""
    return d.strip(text, TRIMMED)


def trimmed(d: Dialect, text: Sql, parse: Parse) -> Sql:
    """Return the text without white space around it, unless it is to be kept."""
    return stripped(d, text) if parse.trim else text


def without(d: Dialect, text: Sql, tokens: Sequence[str]) -> Sql:
    """Return the text, null where it is one of the tokens."""
    if len(tokens) == 1:
        return d.null_if(text, d.string(tokens[0]))
    if not tokens:
        return text
    is_token = d.is_in(text.copy(), [d.string(token) for token in tokens])
    return d.case((d.negate(is_token), text))


def admitted(d: Dialect, text: Sql, pattern: str, parse: Parse) -> Sql:
    """Return the trimmed text without those null tokens that match the pattern."""
    tokens = [t for t in null_tokens(parse) if re.fullmatch(pattern, t)]
    return without(d, trimmed(d, text, parse), tokens)


def whole(pattern: str) -> str:
    """Return the pattern with an end that Java's is too."""
    return pattern.removesuffix("$") + r"\z" if pattern.endswith("$") else pattern

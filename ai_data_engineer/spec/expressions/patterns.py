"""LIKE and ILIKE, as the plainest test that means the same."""

from __future__ import annotations

import re

from ai_data_engineer.spec.code import code, lit
from ai_data_engineer.spec.dateformat import escape_pattern
from ai_data_engineer.spec.expressions.coercion import coerce, name_of, type_error
from ai_data_engineer.spec.expressions.typed import COMPARISON, NULL, Typed, derived
from ai_data_engineer.spec.gating import raw
from ai_data_engineer.spec.regex import parse
from ai_data_engineer.spec.sql.dialect import LIKE_ESCAPE, Dialect, Sql
from ai_data_engineer.types import BOOLEAN, STRING

_ANY, _ONE = object(), object()


def like(text: Typed, pattern: Typed, escape: str, *, ignore_case: bool) -> Typed:
    """Return whether the text as a whole matches: `%` is any text, `_` is one character."""
    if text.type == NULL:
        text = coerce(text, STRING)
    if text.type != STRING:
        raise type_error(
            f"LIKE looks at text, not {name_of(text.type)}.", "CAST(… AS string) makes text."
        )
    if not pattern.is_literal or not isinstance(pattern.value, str):
        raise type_error(
            "The pattern of LIKE must be a text written out.", "Use contains(text, part)."
        )
    parts = _parts(pattern.value, escape)
    plain = "".join(p for p in parts if isinstance(p, str))

    def sql(d: Dialect) -> Sql:
        return d.like(text.done.sql(d), _escaped(parts))

    if ignore_case:
        return _without_case(text, parts)
    if _ONE not in parts:
        shape = [p is _ANY for p in parts]
        if shape in ([False], []):
            source = code("{t} == {p}", t=text.expr, p=lit(plain))
            return derived(source, BOOLEAN, text, rank=COMPARISON, sql=sql)
        verbs = {
            (False, True): ".str.starts_with({p})",
            (True, False): ".str.ends_with({p})",
            (True, False, True): ".str.contains({p}, literal=True)",
        }
        if verb := verbs.get(tuple(shape)):
            source = code("{t}" + verb, t=text.expr, p=lit(plain))
            return derived(source, BOOLEAN, text, sql=sql)
    source = code("{t}.str.contains({p})", t=text.expr, p=raw(f"(?s)^{_regex(parts)}$"))
    return derived(source, BOOLEAN, text, sql=sql)


def _without_case(text: Typed, parts: list[object]) -> Typed:
    """Return ILIKE as a regular expression, whose folding of letters is one on all engines."""
    regex = parse(f"(?is)^{_regex(parts)}$")
    source = code("{t}.str.contains({p})", t=text.expr, p=raw(regex.polars))
    return derived(source, BOOLEAN, text, sql=lambda d: d.matches(text.done.sql(d), regex))


def _regex(parts: list[object]) -> str:
    return "".join(
        ".*" if p is _ANY else "." if p is _ONE else escape_pattern(str(p)) for p in parts
    )


def _escaped(parts: list[object]) -> str:
    """Return the pattern in one form: what stands for itself is escaped by LIKE_ESCAPE."""
    signs = {_ANY: "%", _ONE: "_"}
    return "".join(
        re.sub(rf"([%_{LIKE_ESCAPE}])", rf"{LIKE_ESCAPE}\1", part)
        if isinstance(part, str)
        else signs[part]
        for part in parts
    )


def _parts(pattern: str, escape: str) -> list[object]:
    """Take a pattern apart into plain texts, `_ANY` and `_ONE`."""
    parts: list[object] = []
    characters = iter(pattern)
    for character in characters:
        if escape and character == escape:
            following = next(characters, None)
            if following is None:
                raise type_error("The pattern of LIKE ends in its escape character.")
            found: object = following
        else:
            found = {"%": _ANY, "_": _ONE}.get(character, character)
        if isinstance(found, str) and parts and isinstance(parts[-1], str):
            parts[-1] += found
        elif not (found is _ANY and parts and parts[-1] is _ANY):
            parts.append(found)
    return parts

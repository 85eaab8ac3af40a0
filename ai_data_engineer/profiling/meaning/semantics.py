"""What the values of a column mean: by their form, by the words they are, or by the column's name.

A form that is evident comes first, then a name that the values do not contradict, then words that
are known, and last how the values are used (keys, free text, categories).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Final

import polars as pl

from ai_data_engineer.profiling import vocabulary
from ai_data_engineer.profiling.meaning import column_words as named
from ai_data_engineer.profiling.meaning.meaning_by_name import by_name
from ai_data_engineer.profiling.meaning.meaning_by_words import by_words
from ai_data_engineer.profiling.meaning.national_numbers import COULD_BE, SCHEMES
from ai_data_engineer.profiling.meaning.support import (
    PROOF,
    SUPPORT,
    Meaning,
    at_a_glance,
    share_with,
)
from ai_data_engineer.profiling.meaning.value_forms import DIGIT_FORMS, FORMS, Form, matching
from ai_data_engineer.profiling.names import words
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.types import LogicalType

MOST_CATEGORIES: Final = 50
_FIRST: Final = 8
"""Values in which the sign of a form is looked for."""
_CHANCE: Final = 1e-5
"""How likely a column may be to have a form by chance."""
_PLAIN = matching(r"[+-]?\d+")
_LONG = matching(r"\d{7,}")
_OF_OUR_TIME = matching(r"1[5-9]\d\d|2[01]\d\d")
_IN_A_YEAR = matching(r"[1-4]")


def meaning(values: Texts, kind: LogicalType, name: str) -> Meaning | None:
    """Return what the values of a column mean, or None where nothing is evident.

    `values` are its texts (for native types: as written), `name` its safe name.
    """
    if not values:
        return None
    hints = words(name)
    if kind.name == "string":
        return (
            _by_form(values, FORMS, hints)
            or _by_digits(values, hints)
            or by_name(values, hints)
            or by_words(values, hints)
            or _by_use(values, hints)
        )
    if kind.is_numeric:
        return _of_number(values, kind, hints)
    if kind.is_temporal:
        return ("birth_date", None) if hints & named.BIRTH and kind.name != "time" else None
    return None


def _by_form(values: Texts, forms: Iterable[Form], hints: frozenset[str]) -> Meaning | None:
    first = "".join(itertools.islice(values.counts, _FIRST))
    for form in forms:
        if form.sign and form.sign not in first:
            continue
        if (share := _support(values, form)) and not _is_chance(share, values, form, hints):
            return form.semantic, share
    return None


def _support(values: Texts, form: Form) -> float | None:
    share = share_with(values, form.has_form)
    return share if share >= form.support else None


def _is_chance(share: float, values: Texts, form: Form, hints: frozenset[str]) -> bool:
    if form.semantic == "ip":
        return "version" in hints
    valid = round(share * len(values.counts))
    return not hints & form.hints and form.chance**valid > _CHANCE


def _by_digits(values: Texts, hints: frozenset[str]) -> Meaning | None:
    """Return numbers with check digits: articles, cards, and those that a state gives."""
    first = next(iter(values.counts))
    if not any(c.isdigit() for c in first[:32]):
        return None
    if found := _by_form(values, DIGIT_FORMS, hints):
        return found
    if not at_a_glance(values, lambda t: COULD_BE.fullmatch(t) is not None):
        return None
    for scheme in SCHEMES:
        share = share_with(values, scheme.is_valid)
        valid = round(share * len(values.counts))
        named_so = hints & (named.NATIONAL | named.COMPANY_NUMBER)
        if share >= PROOF and (named_so or scheme.chance**valid <= _CHANCE):
            return scheme.holder, share
    return None


def _by_use(values: Texts, hints: frozenset[str]) -> Meaning | None:
    total, distinct = len(values), len(values.counts)
    is_code = values.max_length <= 64 and values.joined.count(" ") < total
    if hints & named.KEY and is_code:
        return "key", None
    words_each = values.joined.count(" ") / total
    if words_each >= 4 and len(values.joined) / total >= 30 and distinct > total * 0.2:
        return "free_text", None
    if hints & named.ORDINAL and 2 <= distinct <= 11 and values.max_length <= 16:
        return "ordinal", None
    if 2 <= distinct <= MOST_CATEGORIES and distinct * 4 <= total and values.max_length <= 64:
        return "category", None
    return None


def _of_number(values: Texts, kind: LogicalType, hints: frozenset[str]) -> Meaning | None:
    if hints & (named.LATITUDE | named.LONGITUDE) and (
        kind.name != "int64" or hints & named.UNMISTAKABLE
    ):
        bound = 90 if hints & named.LATITUDE else 180
        texts = values.series.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        if texts.is_between(-bound, bound).all():
            return ("latitude" if bound == 90 else "longitude"), None
    if kind.name != "int64":
        return "measure", None
    if hints & named.BIRTH:
        return "birth_date", None
    if hints & named.NATIONAL and share_with(values, _LONG) >= SUPPORT:
        return "national_number", None
    if hints & named.YEAR and share_with(values, _OF_OUR_TIME) >= SUPPORT:
        return "year", None
    if hints & named.QUARTER and share_with(values, _IN_A_YEAR) == 1:
        return "quarter", None
    if found := _by_digits(values, hints):
        return found
    if hints & named.KEY:
        return "key", None
    if hints & named.ORDINAL and len(values.counts) <= 11:
        return "ordinal", None
    if hints & (named.QUANTITY | vocabulary.MONEY) or not at_a_glance(values, _PLAIN):
        return "measure", None
    return None

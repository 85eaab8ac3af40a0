"""Keys: columns that identify a record, alone or two or three together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ai_data_engineer.profiling import vocabulary
from ai_data_engineer.profiling.names import words
from ai_data_engineer.profiling.profile import ColumnProfile

FEW_ROWS = 20
"""Below this, being unique says little: the name must say key too."""
MOST_KEYS = 5
MOST_MEMBERS = 10
"""Columns that are tried together; 10 make 45 pairs and 120 triples."""

_SURE = vocabulary.word_set("id key pk uuid guid identifier sku isbn ean upc gtin iata icao rownum")
_LIKELY = vocabulary.word_set("code no nr number num ref reference index symbol slug handle ticker")
_PERIODS = vocabulary.word_set(
    "date day week month quarter year hour time period timestamp datum jahr monat fecha annee"
)
_TEXT_MEANINGS = {None} | vocabulary.word_set(
    "key uuid email category hash ip mac iban url country language currency postcode file_path "
    "national_number city region company company_number coordinates ip_network ordinal colour "
    "quarter version ean isbn mime_type duration measure"
)


@dataclass(frozen=True)
class KeyColumn:
    """A column as the search for keys sees it: its profile, and its values as typed."""

    profile: ColumnProfile
    values: pl.Series
    position: int


def could_be_key(profile: ColumnProfile, position: int, rows: int) -> bool:
    """Return whether a unique column has a type and a name that a key may have.

    Uniqueness in a sample is not uniqueness in the file, so a name, a sequence without gaps, a
    form that is made to be unique, or the first place in the table must speak for it too.
    """
    if not profile.is_unique or profile.unparsed_count or not has_key_type(profile):
        return False
    hints = words(profile.name)
    if profile.semantic == "uuid" or hints & _SURE:
        return True
    if rows < FEW_ROWS:
        return False
    if hints & vocabulary.MONEY or hints & vocabulary.COUNT - {"num"}:
        return False
    match profile.type.name:
        case "int64":
            return bool(hints & _LIKELY) or position == 0 or _is_sequence(profile)
        case "string":
            is_code = profile.semantic in ("email", "hash", "key") or bool(hints & _LIKELY)
            return is_code or position == 0
        case _:
            return position == 0 or bool(hints & _PERIODS)


def candidate_keys(columns: Sequence[KeyColumn], rows: int) -> tuple[tuple[str, ...], ...]:
    """Return the candidate keys as safe names, best first.

    Single columns where there are any; else pairs, else triples, of columns that are dimensions
    rather than measures.
    """
    if single := single_keys(columns):
        return single
    if rows < FEW_ROWS:
        return ()
    members = sorted(
        (c for c in columns if _is_dimension(c)), key=lambda c: (-_member_score(c), c.position)
    )[:MOST_MEMBERS]
    codes = {c.position: c.values.rank("dense").cast(pl.UInt64) for c in members}
    for size in (2, 3):
        found = [
            group
            for group in itertools.combinations(members, size)
            if _identify([codes[c.position] for c in group], rows)
        ]
        if found:
            ranked_groups = sorted(
                found,
                key=lambda g: (-sum(_member_score(c) for c in g), [c.position for c in g]),
            )
            return tuple(
                tuple(c.profile.name for c in sorted(g, key=lambda c: c.position))
                for g in ranked_groups[:MOST_KEYS]
            )
    return ()


def single_keys(columns: Sequence[KeyColumn]) -> tuple[tuple[str, ...], ...]:
    """Return the columns that identify a record alone, best first."""
    single = [c for c in columns if c.profile.could_be_key]
    ranked = sorted(single, key=lambda c: (-_single_score(c), c.position))
    return tuple((c.profile.name,) for c in ranked[:MOST_KEYS])


def has_key_type(profile: ColumnProfile) -> bool:
    """Return whether the type and the meaning of a column are those that keys have."""
    match profile.type.name:
        case "int64" | "date" | "datetime":
            return True
        case "decimal":
            return profile.type.scale == 0
        case "string":
            return profile.semantic in _TEXT_MEANINGS and (profile.max_length or 0) <= 64
        case _:
            return False


def _is_sequence(profile: ColumnProfile) -> bool:
    low, high = profile.min, profile.max
    return (
        isinstance(low, int)
        and isinstance(high, int)
        and high - low + 1 == profile.distinct_count
        and low in (0, 1)
    )


def _single_score(column: KeyColumn) -> int:
    profile, hints = column.profile, words(column.profile.name)
    score = 0
    if profile.name in ("id", "uuid", "guid", "key", "pk"):
        score += 40
    if hints & _SURE:
        score += 30
    if hints & _LIKELY:
        score += 15
    if column.position == 0:
        # Words with blanks name things, and two things may have one name.
        score += 5 if any(" " in str(shape.value) for shape in profile.shapes) else 12
    if profile.type.name == "int64" or profile.semantic == "uuid":
        score += 6
    if profile.semantic in ("email", "hash"):
        score += 6
    return score


def _is_dimension(column: KeyColumn) -> bool:
    profile, hints = column.profile, words(column.profile.name)
    if profile.null_count or profile.unparsed_count or profile.distinct_count < 2:
        return False
    if profile.is_unique:
        return False  # the other columns would add nothing to it
    if not has_key_type(profile) and profile.type.name != "time":
        return False
    if profile.type.name == "int64":
        named = hints & (_SURE | _LIKELY | _PERIODS | vocabulary.IDENTIFIER)
        return bool(named) and not hints & vocabulary.MONEY
    return True


def _member_score(column: KeyColumn) -> int:
    profile, hints = column.profile, words(column.profile.name)
    score = max(0, 6 - column.position)
    if hints & (_SURE | _LIKELY):
        score += 12
    if profile.type.is_temporal or hints & _PERIODS:
        score += 12
    if profile.semantic in ("category", "country", "key"):
        score += 6
    return score


def _identify(codes: list[pl.Series], rows: int) -> bool:
    """Return whether the dense ranks together differ from row to row."""
    combined, size = codes[0], int(codes[0].max())  # type: ignore[arg-type]
    for column in codes[1:]:
        span = int(column.max()) + 1  # type: ignore[arg-type]
        combined = combined * span + column
        size *= span
    return size >= rows and combined.n_unique() == rows

"""What a pipeline does without being told: typed, trimmed, de-duplicated, checked."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile
from ai_data_engineer.sources.dialect import NATIVE
from ai_data_engineer.spec.propagation import source_schema
from ai_data_engineer.spec.spec import Source, SourceColumn
from ai_data_engineer.specifying.column_matching import words_of
from ai_data_engineer.specifying.expectations import expectations_for, key_as_delivered
from ai_data_engineer.specifying.offline.draft import Chain, Draft, unused
from ai_data_engineer.specifying.offline.intents import listed

_KEY_WORDS = frozenset({"id", "key", "uuid", "guid", "code", "number", "sku", "isbn", "ean"})
_MANY = 500
"""Records among which a column that repeats would show it."""
_OF_THINGS = _KEY_WORDS - {"id", "key", "uuid", "guid"}
"""Numbers that things have, of their own or in the rows about them."""
_CHANCE_MARGIN = 1000
_RARE = 0.1
_MISSING = ("NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "None", "none", "nil", "-")
"""Texts that stand for "no value" where a number, a date or a truth value is due."""


def sources(profiles: Sequence[FileProfile]) -> list[Source]:
    """Return a source for each profile, in their order, with an id of its own."""
    found: list[Source] = []
    for profile in profiles:
        source_id = unused(profile.name, [source.id for source in found])
        key = row_key(profile)
        found.append(
            Source(
                id=source_id,
                uri=profile.uri,
                format=profile.format,
                compression=profile.compression,
                encoding=profile.encoding,
                dialect=profile.dialect,
                record_path=profile.record_path,
                sheet=profile.sheet,
                columns=[
                    _column(column, profile, is_key=key == column.name)
                    for column in profile.columns
                ],
            )
        )
    return found


def _column(column: ColumnProfile, profile: FileProfile, *, is_key: bool) -> SourceColumn:
    return SourceColumn(
        name=column.name,
        source_name=column.source_name,
        path=column.path,
        type=column.type,
        # Only a key must be there: a row without one is set aside. A column that has no gap in a
        # sample may well have one in the next delivery.
        nullable=not is_key,
        parse=_parse(column, profile),
        pii=column.pii,
    )


def _parse(column: ColumnProfile, profile: FileProfile) -> Parse:
    """Return how a column is read, with the usual markers of a missing value.

    They may well come behind the records that were looked at, and a row is worth more than a
    marker. Where all were looked at, what was found is what there is.
    """
    if not _may_meet_markers(column, profile):
        return column.parse
    meant = {token.lower() for token in (*column.parse.true_tokens, *column.parse.false_tokens)}
    usual = (token for token in _MISSING if token.lower() not in meant)
    tokens = tuple(dict.fromkeys((*column.parse.null_tokens, *usual)))
    return column.parse.model_copy(update={"null_tokens": tokens})


def _may_meet_markers(column: ColumnProfile, profile: FileProfile) -> bool:
    typed = column.type.name not in ("string", "binary") and not column.type.is_nested
    return typed and profile.format not in NATIVE and not profile.records.are_all_read


def row_key(profile: FileProfile) -> str | None:
    """Return the column that identifies a row, where both its name and its values say so.

    The values do when none is missing and none repeats, but in rows that repeat whole. A name that
    is another thing's key (`user_id` in `events`) is not enough: unique in a sample, it may well
    repeat further on.
    """
    candidates = [
        c for c in profile.columns if _is_named_as_key(c, profile) and _identifies(c, profile)
    ]
    listed_first = [key[0] for key in profile.candidate_keys if len(key) == 1]
    candidates.sort(
        key=lambda c: (
            listed_first.index(c.name) if c.name in listed_first else len(listed_first),
            words_of(c.name) != ("id",),
        )
    )
    return candidates[0].name if candidates else None


def _is_named_as_key(column: ColumnProfile, profile: FileProfile) -> bool:
    words = words_of(column.name)
    if (
        column.type.name not in ("int64", "string")
        or column.pii
        or column.semantic in ("free_text", "url")
    ):
        return False
    about = set(words[:-1])
    own = set(words_of(profile.name))
    named = bool(words) and words[-1] in _KEY_WORDS
    own_key = named and (bool(about & own) or about <= {"row", "record", "unique"})
    if own_key and words[-1] in _OF_THINGS and not about & own:
        # `sku` leads a list of articles; further back it says what was ordered, and will repeat.
        own_key = column is profile.columns[0]
    # Where every record was read, what identifies them is no guess.
    whole_file = profile.records.are_all_read
    # A table tends to begin with its own key; another table's stands further on.
    first_of_many = column is profile.columns[0] and profile.records.read >= _MANY
    return (
        own_key
        or column.semantic == "uuid"
        or (
            named
            and words[-1] != "number"
            and column.could_be_key
            and (whole_file or first_of_many)
        )
    )


def _identifies(column: ColumnProfile, profile: FileProfile) -> bool:
    rows = profile.records.read
    return (
        rows > 0
        and column.null_count == 0
        and column.distinct_count == rows - profile.records.duplicate
    )


def repeats_are_mistakes(profile: FileProfile) -> bool:
    """Whether two rows that are equal in all columns are one row twice, and not two equal facts.

    They are where some columns tell the rows apart, or where there are so many combinations of
    values that equal rows cannot come about by chance. Where many rows repeat, or there is but one
    column, a column that differs between the others tells nothing.
    """
    if profile.candidate_keys:
        return True
    is_rare = profile.records.duplicate <= _RARE * profile.records.read
    if (
        len(profile.columns) > 1
        and is_rare
        and any(_identifies(c, profile) for c in profile.columns)
    ):
        return True
    combinations = sum(math.log(max(c.distinct_count, 1)) for c in profile.columns)
    rows = max(profile.records.total, profile.records.read, 1)
    return combinations >= math.log(_CHANCE_MARGIN) + 2 * math.log(rows)


def chain_of(source: Source, profile: FileProfile) -> Chain:
    """Return the rows of a source before any step."""
    key = row_key(profile)
    return Chain(
        name=source.id,
        sources=(source.id,),
        node=source.id,
        schema=source_schema(source),
        profiles={column.name: column for column in profile.columns},
        key=(key,) if key else (),
        references=profile.references,
    )


def clean(draft: Draft, chain: Chain, profile: FileProfile) -> None:
    """Trim the text that is not trimmed on reading; say what else counts as missing."""
    if any(_may_meet_markers(column, profile) for column in profile.columns):
        read = profile.records.read
        seen = f"first {read:,} records were" if read > 1 else "first record was"
        draft.decisions.append(
            f"`{chain.sources[0]}`: only the {seen} looked at; further on, "
            f"{listed(list(_MISSING))} count as missing where no text is due."
        )
    texts = [
        column.name
        for column in profile.columns
        if column.type.name == "string" and not _is_read_clean(column, profile)
    ]
    if texts:
        draft.add(
            chain, "clean", "clean_text", "Trims text; empty text becomes null", columns=texts
        )


def _is_read_clean(column: ColumnProfile, profile: FileProfile) -> bool:
    """Whether a text is trimmed, and null where it is empty, as soon as it has been read."""
    return profile.format not in NATIVE and column.parse.trim and "" in column.parse.null_tokens


def deduplicate(draft: Draft, chain: Chain, profile: FileProfile) -> None:
    """Remove rows that repeat, as far as that is safe, and say why."""
    table = chain.sources[0]
    if chain.key:
        note = f"One row for each {listed(list(chain.key))}, which identifies a row"
        draft.add(chain, "deduplicate", "deduplicate", note, columns=list(chain.key))
        chain.key_holds = True
        draft.decisions.append(
            f"`{table}`: {listed(list(chain.key))} identifies a row; of rows that share it the "
            "first is kept."
        )
    elif any(column.type.is_nested for column in chain.schema.values()):
        draft.decisions.append(f"`{table}`: no column identifies a row; rows that repeat are kept.")
    elif repeats_are_mistakes(profile):
        note = "A row that repeats another one in all columns is the same row twice"
        draft.add(chain, "deduplicate", "deduplicate", note)
        draft.decisions.append(
            f"`{table}`: no single column identifies a row for certain; only rows that repeat "
            "another one in all columns are removed."
        )
    else:
        draft.decisions.append(
            f"`{table}`: nothing tells a repeated row from a second equal record, so rows that "
            "repeat are kept; say `remove duplicates` to remove them."
        )


def check(draft: Draft, chain: Chain, profile: FileProfile, *, deduplicated: bool) -> None:
    """Add the expectations that the profile supports, on the rows as they stand."""
    # Unique among the first records is not unique, unless the name says so too.
    seen = profile.candidate_keys if profile.records.are_all_read else ()
    key = chain.key or next((k for k in seen if len(k) == 1 and not profile.column(k[0]).pii), ())
    certain = bool(chain.key) and deduplicated
    if certain and chain.node != chain.sources[0]:
        draft.expectations += key_as_delivered(profile, chain.sources[0], key)
    draft.expectations.extend(
        e
        for e in expectations_for(profile, chain.node, key, key_is_certain=certain)
        if e.kwargs.get("column", chain.node) in (*chain.schema, chain.node)
    )

"""One column on its way from a sampled to a full profile: its type held against every value."""

from __future__ import annotations

from typing import Any

import polars as pl

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.profiling.columns import ColumnSource, examine_text
from ai_data_engineer.profiling.full.column_state import ColumnState, Limits
from ai_data_engineer.profiling.full.summary import Summary, summarize, texts_of
from ai_data_engineer.profiling.keys import could_be_key, has_key_type
from ai_data_engineer.profiling.profile import ColumnProfile, ProfileWarning
from ai_data_engineer.profiling.table import share
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types import null_tokens
from ai_data_engineer.profiling.types.inference import SUPPORT, Custom
from ai_data_engineer.profiling.warning_codes import WARNINGS
from ai_data_engineer.types import STRING

_LOOKED_AT = 20_000
"""Texts from the whole file on which a refuted type is inferred anew."""

_MEASURED = (
    "nullable", "null_count", "unparsed_count", "distinct_count", "distinct_is_exact", "min", "max",
    "mean", "std", "skew", "quantiles", "min_length", "max_length", "top_values", "histogram",
    "shapes", "is_unique", "could_be_key", "is_constant", "is_grouped", "distinct_error",
    "estimated_from",
)  # fmt: skip
_NOTHING_MEASURED: dict[str, Any] = {
    name: ColumnProfile.model_fields[name].get_default()
    for name in _MEASURED
    if name not in ("nullable", "null_count")
}
_OF_SAMPLES: dict[str, Any] = {
    "monotonic": None, "outlier_count": None, "outlier_fences": None, "off_shape_count": 0,
}  # fmt: skip
"""What was counted over the sample alone, and would not be true of the whole file."""
_OF_VALUES = (
    "W_EMPTY_COLUMN", "W_CONSTANT_COLUMN", "W_MIXED_TYPES", "W_PERSONAL_DATA",
)  # fmt: skip
_OF_TYPES = ("W_LOST_PRECISION", "W_AMBIGUOUS_DATE", "W_AMBIGUOUS_NUMBER", "W_TWO_DIGIT_YEAR",
             "W_LEADING_ZEROS")  # fmt: skip


class FullColumn:
    """Follows a column through as many passes as its type takes to hold."""

    def __init__(
        self, sampled: ColumnProfile, source: ColumnSource, position: int, sampled_rows: int
    ) -> None:
        self._sampled_rows = sampled_rows
        self.profile = sampled
        self._sampled = sampled
        self._source = source
        self._position = position
        self._is_native = source.is_native or sampled.type.is_nested
        self._retyped: list[tuple[str, str]] | None = None
        """Warnings of the inference that replaced the sample's."""
        self._summary: Summary | None = None
        self._rows = 0

    def begin(self, limits: Limits) -> ColumnState:
        """Return an empty state for a pass over the file."""
        now = self.profile
        may_be_unique = self._sampled.is_unique and has_key_type(self._sampled)
        return ColumnState(
            now.name,
            now.type,
            now.parse,
            limits,
            is_native=self._is_native,
            # Others are counted until they turn out to have many values.
            is_counted=not may_be_unique,
            may_be_unique=may_be_unique,
        )

    def settle(self, state: ColumnState, *, as_text: bool) -> bool:
        """Take the statistics of a pass; False when the column must be read as another type."""
        summary = summarize(state)
        if not self._is_native and self._accept_null_tokens(state, summary):
            summary = summarize(state)
        if not self._is_native and self._is_refuted(summary):
            before = (self.profile.type, self.profile.parse)
            self._infer_again(state, summary, as_text=as_text)
            if (self.profile.type, self.profile.parse) != before:
                if not state.is_counted:
                    return False
                state.kind, state.parse = self.profile.type, self.profile.parse
                summary = summarize(state)
        self._summary, self._rows = summary, state.rows
        return True

    def measured(self) -> ColumnProfile:
        """Return the column's full profile."""
        assert self._summary is not None
        fields, rows, present = self._summary.fields, self._rows, self._summary.present
        nulls = fields["null_count"] + fields["unparsed_count"]
        distinct = fields["distinct_count"]
        is_known = fields.get("distinct_is_exact", True)
        profile = self.profile.model_copy(
            update={
                **_NOTHING_MEASURED,
                **({} if rows == self._sampled_rows else _OF_SAMPLES),
                **fields,
                "nullable": nulls > 0,
                "support": share(present - fields["unparsed_count"], present),
                "is_unique": rows > 0 and is_known and distinct == rows,
                "is_constant": distinct == 1 and rows > 1 and not nulls,
            }
        )
        if could_be_key(profile, self._position, rows):
            return profile.model_copy(update={"could_be_key": True})
        return profile

    def warnings(self, sampled: list[ProfileWarning]) -> list[ProfileWarning]:
        """Return the column's warnings; `sampled` are those of the sample."""
        assert self._summary is not None
        summary, profile = self._summary, self.measured()
        gone: tuple[str, ...] = _OF_VALUES if self._retyped is None else _OF_VALUES + _OF_TYPES
        if profile.type == STRING and self._retyped is None:
            gone = tuple(code for code in gone if code != "W_MIXED_TYPES")  # of kinds in JSON
        found = [(w.code, w.message) for w in sampled if w.code not in gone]
        found += [w for w in self._retyped or () if w[0] not in _OF_VALUES]
        if profile.unparsed_count:
            found.append(
                (
                    "W_MIXED_TYPES",
                    f"{profile.unparsed_count:,} of {summary.present:,} values are not "
                    f"of the type {profile.type}.",
                )
            )
        if summary.lost and "W_LOST_PRECISION" not in [code for code, _ in found]:
            found.append(("W_LOST_PRECISION", WARNINGS["W_LOST_PRECISION"]))
        if self._rows and profile.null_count == self._rows:
            found.append(("W_EMPTY_COLUMN", WARNINGS["W_EMPTY_COLUMN"]))
        if profile.is_constant:
            found.append(("W_CONSTANT_COLUMN", WARNINGS["W_CONSTANT_COLUMN"]))
        if summary.is_padded and "W_WHITESPACE" not in [code for code, _ in found]:
            found.append(("W_WHITESPACE", WARNINGS["W_WHITESPACE"]))
        if profile.pii:
            message = f"Seems to hold personal data ({profile.pii}): {profile.pii_reason}."
            found.append(("W_PERSONAL_DATA", message))
        return [ProfileWarning(code=c, message=m, column=profile.name) for c, m in found]

    def _accept_null_tokens(self, state: ColumnState, summary: Summary) -> bool:
        """Take texts that mean "no value" and were met behind the sample for null tokens."""
        if self.profile.type == STRING:
            return False
        counts = summary.refused
        found = sorted(null_tokens.markers(Texts(list(counts))), key=lambda t: (-counts[t], t))
        if not found:
            return False
        parse = self.profile.parse
        parse = parse.model_copy(update={"null_tokens": (*parse.null_tokens, *found)})
        self.profile = self.profile.model_copy(update={"parse": parse})
        state.accept_null_tokens(parse, found)
        return True

    def _is_refuted(self, summary: Summary) -> bool:
        if self.profile.type == STRING:
            return (
                summary.present > 0 and not self._sampled.distinct_count and self._retyped is None
            )
        too_many = (1 - SUPPORT) * summary.present
        return bool(summary.lost) or summary.fields["unparsed_count"] > too_many

    def _infer_again(self, state: ColumnState, summary: Summary, *, as_text: bool) -> None:
        texts = pl.Series([*texts_of(state, _LOOKED_AT), *summary.lost], dtype=pl.String)
        continental = self.profile.parse.decimal_mark == ","
        custom = Custom(decimal_mark="," if continental else None)
        examined = examine_text(texts.str.strip_chars(TRIMMED), self._source, custom)
        kind, parse = examined.type, examined.parse
        if as_text and kind != STRING:
            kind, parse = STRING, Parse(null_tokens=parse.null_tokens)
        self._retyped = list(examined.warnings)
        personal = examined.personal
        self.profile = self.profile.model_copy(
            update={
                "type": kind,
                "parse": parse,
                "semantic": examined.semantic,
                "semantic_support": examined.semantic_support,
                "pii": personal[0] if personal else self.profile.pii,
                "pii_reason": personal[1] if personal else self.profile.pii_reason,
            }
        )

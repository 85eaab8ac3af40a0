"""One column as the page shows it: a row of figures, and what opens below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from ai_data_engineer.profiling.profile import ColumnProfile, Scalar, ValueCount
from ai_data_engineer.profiling.report_html import charts
from ai_data_engineer.profiling.report_html.between import Between, Told
from ai_data_engineer.profiling.report_html.facts import facts
from ai_data_engineer.profiling.report_html.text import moment, share, value

_DATE = len("2024-01-01")

Tag = tuple[str, str]
"""Its kind, which gives it its colour, and its text."""


@dataclass(frozen=True)
class ColumnView:
    """A column of a profile with what the rest of the profile says of it."""

    column: ColumnProfile
    rows: int
    """Records that were read."""
    between: Between
    hide: bool = False
    """Not to show its values, though it is not known for personal data itself."""

    @property
    def place(self) -> int:
        """Its number among the columns, from 0."""
        return self.between.places[self.column.name]

    @property
    def name(self) -> str:
        """Its name as found; the safe one where there was none."""
        return self.column.source_name or self.column.name

    @property
    def is_hidden(self) -> bool:
        """Whether its values are not shown: the same rule as on the terminal."""
        return self.hide or self.column.pii is not None

    @property
    def present(self) -> int:
        """Values that are there."""
        return self.rows - self.column.null_count

    @property
    def is_empty(self) -> bool:
        """Whether no record has a value."""
        return self.rows > 0 and self.present <= 0

    @cached_property
    def missing(self) -> float:
        """Share of the records without a value."""
        return self.column.null_count / self.rows if self.rows else 0.0

    @property
    def range(self) -> str:
        """Least and greatest value in short."""
        found = self.column
        if self.is_hidden:
            return "not shown"
        if found.min is not None and found.max is not None:
            ends = [_short(found.min), _short(found.max)]
            if found.type.name == "datetime" and ends[0][:_DATE] != ends[1][:_DATE]:
                ends = [end[:_DATE] for end in ends]
            return " … ".join(dict.fromkeys(ends))
        if found.type.name == "boolean" and found.top_values:
            return ", ".join(
                f"{value(v.value)} {share(v.count, self.present)}" for v in found.top_values
            )
        if found.max_length is not None:
            return f"{found.min_length:,} … {found.max_length:,} characters"
        return ""

    @property
    def spark(self) -> Markup:
        """Its distribution in small."""
        found = self.column
        if self.is_hidden:
            return Markup("")
        if found.histogram:
            return charts.spark([b.count for b in found.histogram])
        if found.is_constant or found.type.is_temporal:
            return Markup("")  # the most frequent of many moments say nothing of where they lie
        return charts.spark([v.count for v in found.top_values], "values")

    @property
    def tags(self) -> list[Tag]:
        """What a person should see of it at once."""
        return list(self._tags())

    def _tags(self) -> Iterator[Tag]:
        found = self.column
        if warned := len(self.warnings):
            yield "check", f"{warned} warning{'s' if warned > 1 else ''}"
        if found.pii:
            yield "personal", f"personal: {_words(found.pii)}"
        if found.could_be_key:
            yield "key", "unique"
        elif self.is_empty:
            yield "plain", "empty"
        elif found.is_constant:
            yield "plain", "constant"
        if found.semantic and found.semantic != found.pii:
            yield "plain", _words(found.semantic)
        if found.outlier_count:
            several = "s" if found.outlier_count > 1 else ""
            yield "check", f"{found.outlier_count:,} outlier{several}"

    @property
    def flags(self) -> str:
        """The filters that it passes, a letter each."""
        found = self.column
        passed = {
            "w": bool(self.warnings),
            "p": bool(found.pii),
            "k": found.could_be_key or found.name in self.between.in_keys,
            "m": found.null_count > 0,
            "c": found.is_constant or self.is_empty,
            "o": bool(found.outlier_count or found.off_shape_count),
        }
        return "".join(letter for letter, passes in passed.items() if passes)

    @property
    def warnings(self) -> Sequence[object]:
        """The warnings about it."""
        return self.between.warnings.get(self.column.name, ())

    @property
    def codes(self) -> str:
        """The codes of its warnings."""
        return " ".join(w.code for w in self.between.warnings.get(self.column.name, ()))

    @property
    def relations(self) -> Sequence[Told]:
        """What holds between it and others."""
        return self.between.told.get(self.column.name, ())

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Its figures."""
        return facts(self.column, self.rows, is_hidden=self.is_hidden)

    @property
    def histogram(self) -> Markup:
        """Its histogram, or nothing."""
        bins = self.column.histogram
        return charts.histogram(bins, self.edge) if bins and not self.is_hidden else Markup("")

    def edge(self, at: float) -> str:
        """Return an edge of a bin as a value of the column."""
        return moment(at, self.column.type.name) if self.column.type.is_temporal else value(at)

    @property
    def box(self) -> Markup:
        """A box plot below the histogram."""
        bins = () if self.is_hidden else self.column.histogram
        return charts.box(self.column.quantiles, bins[0].low, bins[-1].high) if bins else Markup("")

    @property
    def quantiles(self) -> list[tuple[str, str]]:
        """Shares and the values up to which they reach."""
        found = {} if self.is_hidden else self.column.quantiles
        return [(f"{100 * float(q):g} %", value(v)) for q, v in found.items()]

    @property
    def top_values(self) -> list[tuple[str, Markup, int, str]]:
        """The most frequent values: value, bar, count, share."""
        return [] if self.is_hidden else _bars(self.column.top_values, self.present)

    @property
    def shapes(self) -> list[tuple[str, Markup, int, str]]:
        """The most frequent shapes, as `top_values`. A shape keeps foreign digits as they are."""
        found = self.column.shapes
        if self.is_hidden:
            found = tuple(s for s in found if str(s.value).isascii())
        return _bars(found, self.present)


def _bars(values: Sequence[ValueCount], total: int) -> list[tuple[str, Markup, int, str]]:
    highest = max((v.count for v in values), default=0)
    return [
        (value(v.value), charts.bar(v.count, highest), v.count, share(v.count, total))
        for v in values
    ]


def _short(found: Scalar, longest: int = 24) -> str:
    text = value(found)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _words(name: str) -> str:
    return name.replace("_", " ")

"""What the page says of the source as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from ai_data_engineer.profiling.profile import FileProfile, ProfileWarning
from ai_data_engineer.profiling.report_html import charts
from ai_data_engineer.profiling.report_html.between import Between
from ai_data_engineer.profiling.report_html.column_view import ColumnView
from ai_data_engineer.profiling.report_html.text import count, share, size
from ai_data_engineer.profiling.report_html.warning_ranks import WarningGroup, ranked

Fact = tuple[str, str]


@dataclass(frozen=True)
class SourceView:
    """A profile as the page shows it."""

    profile: FileProfile

    @property
    def title(self) -> str:
        """The last part of its address."""
        return self.profile.uri.rstrip("/").rpartition("/")[2] or self.profile.uri

    @cached_property
    def between(self) -> Between:
        """What holds between columns."""
        return Between.of(self.profile)

    @cached_property
    def columns(self) -> list[ColumnView]:
        """The columns, in order."""
        rows = self.profile.records.read
        return [ColumnView(column, rows, self.between) for column in self.profile.columns]

    @property
    def warnings(self) -> list[WarningGroup]:
        """The warnings, the gravest first."""
        return ranked(self.profile.warnings)

    def column(self, name: str) -> ColumnView | None:
        """Return the column with that safe name; None where there is none."""
        place = self.between.places.get(name)
        return None if place is None else self.columns[place]

    @property
    def scope(self) -> str:
        """Which records the figures are about."""
        records, mode = self.profile.records, self.profile.mode
        if records.are_all_read:
            return f"All {count(records.read)} records were read."
        if mode == "full":
            return f"{count(records.read)} records were read."
        total = count(records.total, is_exact=records.total_is_exact)
        return (
            f"The first {count(records.read)} records of {total} were read: figures are about"
            " these. A profile with --full is about all."
        )

    @property
    def figures(self) -> list[tuple[str, str, str]]:
        """The large figures at the top: name, figure, and what is to be added."""
        records, columns = self.profile.records, self.columns
        cells = records.read * len(columns)
        missing = sum(c.column.null_count for c in columns)
        personal = sum(c.is_hidden for c in columns)
        total = count(records.total, is_exact=records.total_is_exact)
        read = "all read" if records.are_all_read else f"{count(records.read)} read"
        return [
            ("Records", total, read),
            ("Columns", count(len(columns)), ""),
            ("Missing cells", share(missing, cells), f"{count(missing)} of {count(cells)}"),
            ("Set aside", count(records.rejected), "records that cannot be used"),
            ("Repeated", count(records.duplicate), "records equal to an earlier one"),
            ("Personal data", count(personal), "columns"),
        ]

    @property
    def type_counts(self) -> list[tuple[str, int]]:
        """Types and how many columns have each."""
        return Counter(c.column.type.name for c in self.columns).most_common()

    @property
    def types(self) -> list[tuple[str, Markup, int]]:
        """The same with a bar between."""
        found = self.type_counts
        return [(name, charts.bar(n, found[0][1]), n) for name, n in found]

    @property
    def strip(self) -> Markup:
        """How much is missing, along the columns."""
        return charts.strip([c.missing for c in self.columns])

    @property
    def filters(self) -> list[tuple[str, str, int]]:
        """Letters, names and counts of the filters that some column passes."""
        counts = Counter(letter for c in self.columns for letter in c.flags)
        names = {"w": "Warnings", "p": "Personal data", "k": "Keys", "m": "Missing values",
                 "c": "Constant or empty", "o": "Outliers"}  # fmt: skip
        return [(letter, name, counts[letter]) for letter, name in names.items() if counts[letter]]

    @property
    def kinds_are_hidden(self) -> bool:
        """Whether the kinds of records are values of a column with personal data."""
        kinds = self.profile.record_kinds
        told_by = None if kinds is None else self.column(kinds.column)
        return told_by is not None and told_by.is_hidden

    def without_column(self, group: WarningGroup) -> list[ProfileWarning]:
        """Return those warnings of a group that are about the file, or about no column of it."""
        return [
            w for w in group.warnings if w.column is None or w.column not in self.between.places
        ]

    def with_column(self, group: WarningGroup) -> list[tuple[ProfileWarning, ColumnView]]:
        """Return the others, each with its column."""
        return [
            (found, self.columns[self.between.places[found.column]])
            for found in group.warnings
            if found.column is not None and found.column in self.between.places
        ]

    @property
    def facts(self) -> list[Fact]:
        """How the source is read."""
        return list(self._facts())

    def _facts(self) -> Iterator[Fact]:
        found = self.profile
        yield "Format", found.format.replace("_", " ")
        if found.compression != "none":
            yield "Compression", found.compression
        yield "Size", size(found.size_bytes)
        yield (
            "Read",
            f"{size(found.bytes_read)}, {'every record' if found.mode == 'full' else 'a sample'}",
        )
        if found.encoding:
            sure = found.encoding_confidence
            told = f" ({share(sure, 1)} sure)" if sure and sure < 1 else ""
            yield "Encoding", f"{found.encoding}{told}"
        yield from self._layout()
        if found.record_path is not None and found.format in ("json", "xml"):
            yield "Records at", found.record_path or "the top"
        if found.record_path_alternatives:
            yield "Other records at", ", ".join(found.record_path_alternatives)
        if found.sheet_alternatives:
            yield "Other sheets", ", ".join(found.sheet_alternatives)
        if found.records.ragged:
            yield "Records of another width", count(found.records.ragged)
        yield "Digest", found.digest

    def _layout(self) -> Iterator[Fact]:
        dialect, sheet = self.profile.dialect, self.profile.sheet
        if sheet is not None:
            yield "Sheet", sheet.name
            yield "Names", "none" if sheet.header_row is None else f"in row {sheet.header_row}"
        if dialect is None:
            return
        if dialect.column_starts:
            yield "Columns at", ", ".join(map(str, dialect.column_starts))
        else:
            quote = "none" if dialect.quote is None else repr(dialect.quote)
            yield "Delimiter, quote", f"{dialect.delimiter!r}, {quote}"
        yield "Names", "none" if dialect.header_row is None else f"in line {dialect.header_row + 1}"
        if dialect.preamble_lines or dialect.footer_lines:
            yield "Left out", f"{dialect.preamble_lines} lines above, {dialect.footer_lines} below"

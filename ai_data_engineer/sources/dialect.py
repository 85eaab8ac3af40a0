"""How text is split and where a table lies, as a profile finds it and a spec states it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ai_data_engineer.document import Document

Format = Literal[
    "csv", "ndjson", "json", "xml", "parquet", "fixed_width", "avro", "xlsx", "xlsb", "xls", "ods"
]
WORKBOOKS: frozenset[Format] = frozenset({"xlsx", "xlsb", "xls", "ods"})
NATIVE: frozenset[Format] = frozenset({"parquet", "avro"})
"""Formats whose values come with their types."""
_OF_FIXED_WIDTH = ("header_row", "preamble_lines", "footer_lines", "comment")
_OF_CSV = (
    "delimiter", "quote", "escape", "skip_initial_space", "header_row", "header_rows",
    "preamble_lines", "footer_lines", "comment",
)  # fmt: skip
Compression = Literal["none", "gzip", "zstd", "bz2", "xz", "zip"]


class Dialect(Document):
    """How delimited text is split into records and cells."""

    delimiter: str = Field(",", min_length=1, max_length=4)
    """What stands between two cells."""
    quote: str | None = Field('"', max_length=1)
    """What encloses a cell that holds delimiters or line ends; None: nothing does."""
    escape: str | None = Field(None, max_length=1)
    """What stands before a quote inside a cell; None: the quote is doubled."""
    skip_initial_space: bool = False
    """Whether blanks behind a delimiter are no part of the cell, as in `a, b, c`."""
    header_row: int | None = Field(0, ge=0)
    """Number of the record that holds the names, counted from 0 over all physical lines; None:
    there are no names."""
    header_rows: int = Field(1, ge=1, le=9)
    """Rows of names, from `header_row` on: groups above the names, units below them."""
    preamble_lines: int = Field(0, ge=0)
    """Physical lines before the header (or before the first record when there is no header)."""
    footer_lines: int = Field(0, ge=0)
    """Physical lines behind the last record that are not data."""
    comment: str | None = Field(None, max_length=4)
    """What a line begins with that is to be passed over."""
    line_end: Literal["\n", "\r\n", "\r"] = "\n"
    """The line end that the file mostly uses; readers accept all three."""
    decimal_mark: Literal[".", ","] = "."
    """The decimal mark that most number columns use."""
    thousands_mark: str | None = None
    """The thousands mark that most number columns use."""
    column_starts: tuple[int, ...] = ()
    """Only for fixed-width text: for each column the character with which it begins, from 0."""
    null_tokens: tuple[str, ...] = ("",)
    """Texts that mean "no value" somewhere in the file."""

    def csv_options(self) -> dict[str, Any]:
        """Return the dialect as arguments of `read_csv`."""
        return {name: getattr(self, name) for name in _OF_CSV}

    def fixed_width_options(self) -> dict[str, Any]:
        """Return the dialect as arguments of `read_fixed_width`."""
        stated = {name: getattr(self, name) for name in _OF_FIXED_WIDTH}
        return {"starts": list(self.column_starts), **stated}


class SheetLayout(Document):
    """Where the table lies in a workbook. Rows are numbered from 1, as every program shows them."""

    name: str = Field(min_length=1, max_length=255)
    """The sheet; where a workbook has only one, its name is not looked at."""
    header_row: int | None = Field(1, ge=1)
    """The row of names, the last one of several; None: there are no names, and a column's `path`
    is `column A` and so on."""
    header_rows: int = Field(1, ge=1, le=10)
    """How many rows of names there are; the upper ones name groups of columns."""
    first_row: int = Field(2, ge=1)
    """The first row of data."""
    footer_rows: int = Field(0, ge=0)
    """Rows at the end, from the last one that holds anything, that are no data."""

"""The dialect of delimited text, as a profile finds it and a spec states it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ai_data_engineer.document import Document

Format = Literal["csv", "ndjson", "json", "xml", "parquet"]
Compression = Literal["none", "gzip", "zstd", "bz2", "xz"]


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
    null_tokens: tuple[str, ...] = ("",)
    """Texts that mean "no value" somewhere in the file."""

"""The characters that structure a delimited text, and the patterns that find them in UTF-8."""

from __future__ import annotations

import re

RUN_OF_BLANKS = r"\s+"
"""Delimiter that means a run of blanks and tabs."""
_LINE_END = rb"(?:\r\n|\n|\r)"


class Marks:
    """Delimiter, quote, escape and comment as bytes; what is not used is None.

    `skip_initial_space` makes blanks behind a delimiter a part of it.
    """

    def __init__(
        self,
        delimiter: str,
        quote: str | None,
        escape: str | None,
        comment: str | None,
        *,
        skip_initial_space: bool = False,
    ) -> None:
        self.delimiter = delimiter.encode()
        self.quote = quote.encode() if quote else None
        self.escape = escape.encode() if escape and escape != quote else None
        self.comment = comment.encode() if comment else None
        self.skips_blanks = delimiter == RUN_OF_BLANKS
        """Blanks at the ends of a line separate nothing."""
        separator = re.escape(self.delimiter)
        if self.skips_blanks:
            separator = rb"[ \t]+"
        elif len(delimiter) > 1 and not delimiter.strip(" "):
            separator = rb" {%d,}" % len(delimiter)
        self.run = re.compile(separator) if separator != re.escape(self.delimiter) else None
        """A delimiter of changing length; None: it is always the same."""
        # Blanks around a cell in quotes, and on lines that hold nothing, unless they delimit.
        blank = {" ": rb"\t", "\t": b" "}.get(delimiter, rb" \t")
        blanks = b"" if self.run or delimiter == " " else b"[%s]*+" % blank
        if skip_initial_space and not self.run and delimiter != " ":
            separator += b" *+"
            self.run = re.compile(separator)
        self.blank_lines = re.compile(rb"(?:[%s]*+%s)++" % (blank, _LINE_END))
        self.blank_end = re.compile(rb"[%s]++\Z" % blank)
        quote_mark = re.escape(self.quote) if self.quote else None
        escape_mark = re.escape(self.escape) if self.escape else None
        escaped = escape_mark + rb"(?s:.)" if escape_mark else None
        self.cell_end = re.compile(_either(escaped, separator, _LINE_END))
        """Behind a cell without quotes; or an escaped character, which is to be passed over."""
        if quote_mark:
            text = _anything_but(self.quote, self.escape)
            inside = _either(text, quote_mark * 2, escaped)
            self.opening = re.compile(blanks + quote_mark)
            self.to_closing = re.compile(rb"(?:%s)*+%s" % (inside, quote_mark))
            """From behind the opening quote to behind the next one that is not doubled."""
            unescaped = _either(text, escaped)
            self.to_quote = re.compile(rb"(?:%s)*+%s" % (unescaped, quote_mark))
            """The same, to behind the next one of any kind."""
            self.behind = re.compile(blanks + b"(?:%s|%s)" % (separator, _LINE_END))
            self.behind_last = re.compile(blanks + rb"\Z")
            begun = [re.escape(self.delimiter[:size]) for size in range(len(self.delimiter))]
            if self.skips_blanks:
                begun = [b""]
            self.behind_cut = re.compile(blanks + rb"(?:%s)\Z" % b"|".join(begun))
            """At the end of the data, where a delimiter may have begun."""
        self.tidy: tuple[re.Pattern[bytes], re.Pattern[bytes]] | None = None
        """A line, a delimiter added, that is quoted without fault, and one cell of it."""
        if quote_mark and self.run is None and len(self.delimiter) == len(self.quote or b"") == 1:
            enclosed = rb"(?:[^%s]|%s)*+" % (quote_mark, quote_mark * 2)
            cell = rb"(?:%s(%s)%s|([^%s%s]*+))%s"
            marks = (quote_mark, enclosed, quote_mark, quote_mark, separator, separator)
            self.tidy = re.compile(b"(?:%s)++" % (cell % marks)), re.compile(cell % marks)
        if escape_mark:
            escapable = _either(escape_mark, quote_mark, separator, rb"[\r\n]")
            self.escaped = re.compile(escape_mark + rb"(%s)" % escapable)


def _anything_but(*marks: bytes | None) -> bytes:
    used = [re.escape(mark) for mark in marks if mark]
    if all(len(mark) == 1 for mark in marks if mark):
        return rb"[^%s]++" % b"".join(used)
    return rb"(?:(?!%s)(?s:.))++" % b"|".join(used)


def _either(*patterns: bytes | None) -> bytes:
    return b"|".join(pattern for pattern in patterns if pattern)

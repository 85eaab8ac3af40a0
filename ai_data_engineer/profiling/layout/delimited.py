"""From the bytes of a delimited text to its dialect and its table."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from dataclasses import replace

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.csv_cells import MAX_CELL
from ai_data_engineer.io.csv_marks import RUN_OF_BLANKS
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.profiling.encodings.encoding import Encoding
from ai_data_engineer.profiling.layout.dialect_detection import DetectedDialect, detect_dialect
from ai_data_engineer.profiling.layout.header import TableLayout, find_layout
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.profile import ProfileWarning
from ai_data_engineer.profiling.sampled_table import SampledTable, Taken, rejection_warnings, take
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.sources.dialect import Dialect
from ai_data_engineer.sources.sample import TAIL_BYTES, Sample

LOOKED_AT = 512 * 1024
"""Bytes on which the dialect and the place of the table are found."""
MAX_WIDTH = 10_000
_SPACED_CHARS = 64 * 1024
_NEARLY_ALL = 0.97
_AMPLE = 1.5
_UNIT = 4
"""Bytes of the widest character of an encoding: text is cut at multiples of it."""


def sample_delimited(sample: Sample, encoding: Encoding, max_rows: int) -> SampledTable:
    """Find the dialect and read the first rows.

    Raises:
        SourceError: `E_NO_ROWS` when no cell holds anything, a word stands alone or no row fits the
            header, `E_RECORD_TOO_LONG` when the sample ends before a row does, `E_TOO_WIDE` beyond
            10,000 columns.
    """
    text = beginning_of_lines(sample, encoding)
    detected = detect_dialect(text)
    layout = find_layout(text, detected, end=_end(sample, encoding, text))
    if not layout.names and not sample.complete:
        raise sample.without_a_record()
    if not layout.names:
        raise SourceError(
            "No cell holds anything.",
            code="E_NO_ROWS",
            location=sample.place,
            hint="Check how the file was made.",
        )
    if len(layout.names) > MAX_WIDTH:
        raise SourceError(
            f"The table has {len(layout.names)} columns, more than {MAX_WIDTH}.",
            code="E_TOO_WIDE",
            location=sample.place,
            hint="Check that this is a table; if so, unpivot it first.",
        )
    names = safe_names(layout.names)
    dialect = _dialect(detected, layout, text)
    taken = _take(sample, encoding, dialect, names, max_rows)
    if taken.rows.height == 0 and not taken.rejected and not sample.complete:
        raise sample.without_a_record()
    if taken.rows.height == 0:
        # A word alone is no table; several names are a delivery of nothing.
        named = [name for name in layout.names if name]
        if taken.rejected or layout.header_row is None or len(named) < 2:
            raise _no_rows(len(taken.rejected), sample.place)
        taken = replace(taken, rows=pl.DataFrame(schema=dict.fromkeys(names, pl.String)))
    return SampledTable(
        taken,
        [
            ColumnSource(name, found, (), frozenset())
            for name, found in zip(names, layout.names, strict=True)
        ],
        encoding=encoding.name,
        encoding_confidence=encoding.confidence,
        dialect=dialect,
        warnings=[
            *([] if taken.rows.height else [warning("W_NO_ROWS")]),
            *_warnings(layout),
            *rejection_warnings(taken),
        ],
    )


def _take(
    sample: Sample, encoding: Encoding, dialect: Dialect, names: list[str], max_rows: int
) -> Taken:
    """Take the first records, and count or estimate those of the whole sample."""

    def first_of(data: bytes, *, is_cut: bool) -> Taken:
        options = dialect.csv_options()
        if is_cut:  # the footer is at the end of the file
            options["footer_lines"] = 0
        batches = read_csv(io.BytesIO(data), columns=names, encoding=encoding.name, **options)
        return take(batches, max_rows, last_is_cut=is_cut)

    data = sample.data
    if sample.complete:
        return first_of(data, is_cut=False)
    # The total is an estimate anyway: line ends tell it, and only the first records become cells.
    end = b"\n" if b"\n" in data[:LOOKED_AT] else b"\r"
    lines = data.count(end, 0, LOOKED_AT)
    beginning = data[: _bytes_of(max_rows, LOOKED_AT / max(lines, 1))]
    taken = first_of(beginning, is_cut=True) if len(beginning) < len(data) else None
    if taken is None or taken.read < max_rows:
        return first_of(data, is_cut=True)
    above = (dialect.header_row or dialect.preamble_lines) + (dialect.header_row is not None)
    per_line = taken.counted / max(beginning.count(end) - above, 1)
    rest = data.count(end, len(beginning))
    return replace(taken, counted=taken.counted + round(rest * per_line))


def _bytes_of(records: int, each: float) -> int:
    """Return the bytes that surely hold so many, and a cell behind them, for one may be open."""
    return (int(_AMPLE * (records + 1) * each) + MAX_CELL) // _UNIT * _UNIT


def is_table(text: str) -> bool:
    """Whether a text is a table of at least two columns and two rows beyond doubt."""
    layout = find_layout(text, detect_dialect(text), end=None)
    return len(layout.names) > 1 and layout.records > 1


def beginning_of_lines(sample: Sample, encoding: Encoding) -> str:
    """Return the first half MiB as text, cut behind a whole line where it is cut."""
    text = encoding.decode(sample.data[:LOOKED_AT]).removeprefix("\ufeff")
    if sample.complete and len(sample.data) <= LOOKED_AT:
        return text
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text


def _end(sample: Sample, encoding: Encoding, beginning: str) -> str | None:
    """Return the last lines of the file, None when they are not known."""
    if sample.complete and len(sample.data) <= LOOKED_AT:
        return beginning
    tail = sample.data[-TAIL_BYTES:] if sample.complete else sample.tail
    if not tail:
        return None
    # Units of UTF-16 and UTF-32 begin at multiples of their size, counted from the file's start.
    misaligned = -(sample.size - len(tail)) % 4 if sample.compression == "none" else 0
    name = encoding.name
    if name in ("utf-16", "utf-32"):  # the byte order mark is at the other end
        little = sample.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE))
        name += "-le" if little else "-be"
    text = Encoding(name, 1.0).decode(tail[misaligned:])
    cut = min((i for i in (text.find("\n"), text.find("\r")) if i >= 0), default=-1)
    return text[cut + 1 :] if cut >= 0 else None


def _skips_initial_space(text: str, detected: DetectedDialect) -> bool:
    """Whether (nearly) every delimiter outside quotes has a blank or a line end behind it."""
    mark = re.escape(detected.delimiter)
    if detected.delimiter.isspace() or detected.delimiter == RUN_OF_BLANKS:
        return False
    text = text[:_SPACED_CHARS]
    if detected.quote:
        quote = re.escape(detected.quote)
        text = re.sub(rf"{quote}[^{quote}]*+{quote}", "", text)
    all_of_them, before_blank = text.count(detected.delimiter), len(re.findall(f"{mark} ", text))
    followed = before_blank + len(re.findall(rf"{mark}[\r\n]", text))
    return 2 * before_blank > all_of_them and followed >= _NEARLY_ALL * all_of_them


def _dialect(detected: DetectedDialect, layout: TableLayout, text: str) -> Dialect:
    crlf = text.count("\r\n")
    ends = Counter({"\n": text.count("\n") - crlf, "\r\n": crlf, "\r": text.count("\r") - crlf})
    return Dialect(
        delimiter=detected.delimiter,
        quote=detected.quote,
        escape=detected.escape,
        skip_initial_space=_skips_initial_space(text, detected),
        header_row=layout.header_row,
        header_rows=max(layout.header_rows, 1),
        preamble_lines=layout.preamble_lines,
        footer_lines=layout.footer_lines,
        comment=layout.comment,
        line_end=max(ends, key=lambda end: ends[end]),
    )


def _warnings(layout: TableLayout) -> list[ProfileWarning]:
    found: list[ProfileWarning] = []
    if layout.header_row is None:
        found.append(warning("W_NO_HEADER"))
    else:
        named = Counter(name for name in layout.names if name)
        repeated = sum(count > 1 for count in named.values())
        if repeated:
            found.append(warning("W_HEADER_REPEATED", f"{repeated} of them."))
        unnamed = layout.names.count("")
        if unnamed:
            found.append(warning("W_UNNAMED_COLUMNS", f"{unnamed} of {len(layout.names)}."))
    if layout.header_rows > 1:
        found.append(warning("W_HEADER_ROWS", f"{layout.header_rows} of them."))
    if layout.repeated_names:
        found.append(warning("W_HEADER_AGAIN", f"{layout.repeated_names} of those looked at."))
    if layout.next_table is not None:
        found.append(
            warning("W_SEVERAL_TABLES", f"The next begins on line {layout.next_table + 1}.")
        )
    elif layout.is_below:
        found.append(warning("W_SEVERAL_TABLES", "Another stands above it."))
    if layout.is_beside:
        found.append(warning("W_TABLES_BESIDE"))
    if layout.preamble_lines:
        found.append(warning("W_PREAMBLE", f"{layout.preamble_lines} of them."))
    if layout.footer_lines:
        found.append(warning("W_FOOTER", f"{layout.footer_lines} of them."))
    if layout.comment:
        found.append(warning("W_COMMENTS"))
    return found


def _no_rows(rejected: int, place: str) -> SourceError:
    if rejected:
        message = f"None of the {rejected} rows has the cells of the table."
        hint = "Check the delimiter and the quotes."
    else:
        message, hint = "There is one name and no row.", "Check how the file was made."
    return SourceError(message, code="E_NO_ROWS", location=place, hint=hint)

"""Text in columns of fixed width: whether it is that, and where the columns begin."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.fixed_width_reader import RULE, cells_of, read_fixed_width
from ai_data_engineer.profiling.encodings.encoding import Encoding
from ai_data_engineer.profiling.layout.delimited import beginning_of_lines
from ai_data_engineer.profiling.layout.dialect_detection import detect_dialect
from ai_data_engineer.profiling.layout.header import find_layout
from ai_data_engineer.profiling.layout.written_cells import WRITTEN, written
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.profile import ProfileWarning
from ai_data_engineer.profiling.sampled_table import SampledTable, rejection_warnings, take
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.sources.dialect import Dialect
from ai_data_engineer.sources.sample import Sample

_LINES = 1000
_SCREENED = 100
"""Lines that tell most texts from aligned ones."""
_FEWEST = 4
"""Lines of data that it takes: by chance alone, a few have blanks at the same places."""
_PREAMBLE = 12
_ALIGNED = 0.9
_MOST = 0.6
_DELIMITERS = ",;|~^"
_LINE_END = re.compile(r"\r\n|\n|\r")
_PADDING = re.compile(r"\S {2,}\S")


@dataclass(frozen=True)
class FixedWidth:
    """Where the columns begin, in characters, and the names and lines around the data."""

    starts: tuple[int, ...]
    names: tuple[str, ...]
    header_row: int | None
    preamble_lines: int


def find_fixed_width(text: str) -> FixedWidth | None:
    """Return the columns of a text; None where runs of blanks or a delimiter split it as well.

    What tells: places that are blank on every line, cells aligned at them, and lines that blanks
    do not split evenly, for cells are empty or hold blanks themselves.
    """
    if not _PADDING.search(text):
        return None  # most texts: looking closer takes its time
    written = _LINE_END.split(text)[:_LINES]
    lines = [line.expandtabs().rstrip() for line in written]
    ruled = _ruled(lines)
    if ruled is not None:
        starts, first = ruled
        header = first - 2
        if len(starts) > 1 and header >= 0:
            return _described(lines, starts, header, header)
    glance = _aligned(lines[:_SCREENED])
    if glance is None or _is_delimited(text, written[glance[1] : _SCREENED], glance[0]):
        return None
    found = _aligned(lines)
    if found is None or _is_delimited(text, written[found[1] :], found[0]):
        return None
    starts, first = found
    body = [line for line in lines[first:] if line]
    filled = (
        sum(map(bool, column)) for column in zip(*(cells_of(b, starts) for b in body), strict=True)
    )
    if sum(2 * count > len(body) for count in filled) < 2:
        return None  # such as the marks of a list
    if len({len(line.split()) for line in body}) == 1:
        return None  # runs of blanks say the same
    above = lines[first - 1].split("  ") if first else []
    names = [part.strip() for part in above if part.strip()]
    if first and len(names) == len(starts) and all(name[:1].isalpha() for name in names):
        return FixedWidth(starts, tuple(names), first - 1, first - 1)
    return _described(lines, starts, first, None)


def _ruled(lines: Sequence[str]) -> tuple[tuple[int, ...], int] | None:
    """Return where the dashes of a rule below a header begin, and the number of the next line."""
    for number, line in enumerate(lines[: _PREAMBLE + 2]):
        if number and lines[number - 1] and RULE.fullmatch(line.strip()) and " " in line.strip():
            return tuple(found.start() for found in re.finditer(r"\S+", line)), number + 1
    return None


def _aligned(lines: Sequence[str]) -> tuple[tuple[int, ...], int] | None:
    """Return where aligned columns begin, and the number of their first line.

    Lines above them go until nothing is won by it.
    """
    best: tuple[tuple[int, ...], int] | None = None
    for first in range(min(_PREAMBLE, len(lines))):
        body = [line for line in lines[first:] if line]
        if len(body) < _FEWEST:
            break
        if not lines[first]:
            continue
        starts = _starts(body)
        if len(starts) > (len(best[0]) if best else 1):
            best = starts, first
    return best


def _starts(body: Sequence[str]) -> tuple[int, ...]:
    """Return where the columns of lines begin; empty where not all are aligned."""
    width = max(map(len, body))
    filled = bytearray(width)
    for line in body:
        for found in re.finditer(r"\S+", line):
            filled[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    blocks: list[tuple[int, int]] = []
    for block in re.finditer(rb"\x01+", bytes(filled)):
        if blocks and _goes_on(body, blocks[-1], block.span()):
            blocks[-1] = blocks[-1][0], block.end()
        else:
            blocks.append(block.span())
    starts: list[int] = []
    before = 0
    for begin, end in blocks:
        cells = [line[begin:end] for line in body if line[begin:end].strip()]
        left = sum(cell[0] != " " for cell in cells)
        right = sum(len(cell) == end - begin for cell in cells)
        if max(left, right) < _ALIGNED * len(cells):
            return ()
        # Longer numbers need room on their left, longer texts on their right.
        starts.append(begin if left >= right or not starts else before + 1)
        before = end
    if starts:
        starts[0] = 0
    return tuple(starts)


def _goes_on(body: Sequence[str], left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether what stands on the right are further words of some long texts on the left."""
    if right[0] - left[1] > 1:
        return False
    longer = [line for line in body if line[right[0] : right[1]].strip()]
    return 2 * len(longer) < len(body) and all(line[left[1] - 1] != " " for line in longer)


def _is_delimited(text: str, body: Sequence[str], starts: tuple[int, ...]) -> bool:
    """Whether another mark than blanks splits the lines.

    It does where all lines have as many of it, and where most have some and it is none of the
    commas of `Lund, Anna`: no blank follows, or it stands alone in a column.
    """
    lines = [line for line in body if line.strip()]
    detected = detect_dialect(text).delimiter
    # Marks such as the dash of dates stand at the same places on all lines too.
    for mark in {"\t", detected} if detected in _DELIMITERS else {"\t"}:
        counts = [line.count(mark) for line in lines]
        if len(set(counts)) == 1 and counts[0]:
            return True
        if sum(count > 0 for count in counts) >= _MOST * len(counts):
            tight = sum(len(re.findall(rf"{re.escape(mark)}\S", line)) for line in lines)
            cells = zip(*(cells_of(line.expandtabs(), starts) for line in lines), strict=True)
            if 2 * tight >= sum(counts) or any(set(column) <= {mark, ""} for column in cells):
                return True
    return False


def _described(
    lines: Sequence[str], starts: tuple[int, ...], first: int, header: int | None
) -> FixedWidth:
    """Find header and footer among the cells; `header` is its line where that is known."""
    cells = [
        cells_of(line, starts) if line and not RULE.fullmatch(line.strip()) else []
        for line in lines[first:]
    ]
    layout = find_layout(written(cells), WRITTEN, end=None)
    if header is not None:
        names = tuple(" ".join(cell.split()) for cell in cells_of(lines[header], starts))
        return FixedWidth(starts, names, header, header)
    names = (*layout.names, *[""] * len(starts))[: len(starts)]
    row = None if layout.header_row is None else layout.header_row + first
    return FixedWidth(starts, names, row, layout.preamble_lines + first)


def sample_fixed_width(sample: Sample, encoding: Encoding, max_rows: int) -> SampledTable:
    """Read the first rows.

    Raises:
        SourceError: `E_NO_ROWS` when no line is a row, and what `read_fixed_width` raises.
    """
    found = find_fixed_width(beginning_of_lines(sample, encoding))
    assert found is not None, "what is identified as fixed-width is"
    names = safe_names(found.names)
    dialect = Dialect(
        quote=None,
        header_row=found.header_row,
        preamble_lines=found.preamble_lines,
        column_starts=found.starts,
    )
    options = dialect.fixed_width_options()
    taken = take(
        read_fixed_width(io.BytesIO(sample.data), columns=names, encoding=encoding.name, **options),
        max_rows,
        last_is_cut=not sample.complete,
    )
    if taken.rows.height == 0:
        raise SourceError(
            "No line has the columns of the table.",
            code="E_NO_ROWS",
            location=sample.place,
            hint="Check how the file was made.",
        )
    return SampledTable(
        taken,
        [ColumnSource(name, title) for name, title in zip(names, found.names, strict=True)],
        encoding=encoding.name,
        encoding_confidence=encoding.confidence,
        dialect=dialect,
        warnings=[*_warnings(found), *rejection_warnings(taken)],
    )


def _warnings(found: FixedWidth) -> list[ProfileWarning]:
    warnings = []
    if found.header_row is None:
        warnings.append(warning("W_NO_HEADER"))
    elif unnamed := found.names.count(""):
        warnings.append(warning("W_UNNAMED_COLUMNS", f"{unnamed} of {len(found.names)}."))
    if found.preamble_lines:
        warnings.append(warning("W_PREAMBLE", f"{found.preamble_lines} of them."))
    return warnings

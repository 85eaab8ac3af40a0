"""Where the table lies in a delimited text: preamble, header, comment lines, footer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.csv_records import RecordSplitter
from ai_data_engineer.profiling.cell_kinds import CellKind, cell_kind
from ai_data_engineer.profiling.dialect_detection import DetectedDialect, split_records

_RECORDS = 1000
_BODY = 200
_PREAMBLE_RECORDS = 100
_FOOTER_RECORDS = 20
_FOOTER_CHARS = 64 * 1024
_LIKELY_HEADER = -0.02
_CERTAIN_HEADER = 0.3
_LINE_END = re.compile(r"\r\n|\n|\r")
_COMMENTS = ("#", "//", "%", "--", "!")
_TOTALS = re.compile(
    r"(?i)(grand\s*|sub-?\s*)?(totals?|sum|summe|gesamt|insgesamt|somme|totale?s?|итого|всего|合计)\b\W*"
)
_NOTE = re.compile(
    r"(?i)(source|note|notes|\*|\(|©|copyright|quelle|generated|exported|end of|prepared|retrieved"
    r"|last updated|updated|records?:|rows?:)"
)
_NAME_LIKE = re.compile(r"[^\W\d]\w*([ _./-][^\W\d]\w*){0,3}\s*(\([^)]*\)|\[[^\]]*\])?")
# fmt: off
_USUAL_NAMES = frozenset({
    "id", "key", "name", "title", "date", "time", "datetime", "timestamp", "year", "month", "day",
    "type", "kind", "status", "code", "value", "amount", "price", "quantity", "qty", "count",
    "total", "country", "city", "state", "region", "address", "street", "zip", "postcode",
    "email", "phone", "url", "lat", "lon", "latitude", "longitude", "description", "comment",
    "category", "group", "level", "number", "first_name", "last_name", "firstname", "lastname",
    "symbol", "index", "nr", "no", "label", "notes", "gender", "age",
})
# fmt: on


@dataclass(frozen=True)
class TableLayout:
    """The place of a table in its text; lines are physical and counted from 0.

    `names` are as found, one for each column, empty where there is none.
    """

    names: tuple[str, ...]
    header_row: int | None
    preamble_lines: int
    footer_lines: int
    comment: str | None
    records: int
    """Records behind the header, among those looked at."""


_Record = tuple[int, list[str]]


def find_layout(text: str, dialect: DetectedDialect, *, end: str | None) -> TableLayout:
    """Find the table in the beginning of a text.

    Args:
        text: The beginning, cut behind a line.
        dialect: How its records split.
        end: The end of the text (the same as `text` for a short one); None: not known.
    """
    split = split_records(text, dialect.delimiter, dialect.quote, dialect.escape)
    widths = [cells for _, cells in islice(split, _RECORDS) if any(c.strip() for c in cells)]
    if not widths:
        return TableLayout((), None, 0, 0, None, 0)
    width = _table_width(widths)
    found = list(islice(_records(text, dialect, width), _RECORDS))
    start = _table_start(found, width)
    comment = _comment(found[start + 1 :], width) if width > 1 else None
    if comment and _begins(found[start][1], comment):
        comment = None  # the names themselves stand behind the mark: it is no comment here
    body = [r for r in found[start + 1 :] if not (comment and _begins(r[1], comment))]
    line, first = found[start]
    if _is_header(first, [cells for _, cells in body[:_BODY]], width):
        names, header_row = _names(first, width, body), line
    else:
        names, header_row, body = ("",) * width, None, found[start:]
    names = _without_empty_columns(names, body)
    footer = _footer(end, dialect, len(names), body) if end is not None else 0
    return TableLayout(names, header_row, line, footer, comment, len(body))


def _records(text: str, dialect: DetectedDialect, width: int) -> Iterator[_Record]:
    """Split as the reader will, whom a stray quote does not mislead."""
    marks = Marks(dialect.delimiter, dialect.quote, dialect.escape, None)
    splitter = RecordSplitter(marks, width)
    data = text.encode("utf-8", "replace")
    position = line = 0
    while position < len(data):
        record = splitter.next(data, position, final=True)
        assert record is not None
        cells = [cell.decode("utf-8", "replace") for cell in record.cells]
        if any(c.strip() for c in cells):
            yield line, cells
        position, line = record.end, line + record.lines


def _fill(cells: Sequence[str]) -> int:
    return sum(1 for c in cells if c.strip())


def _begins(cells: Sequence[str], mark: str) -> bool:
    return bool(cells) and cells[0].startswith(mark)


def _table_width(records: list[list[str]]) -> int:
    """The width of most cells; no row counts for more than four, so a freak cannot win."""
    unmarked = [cells for cells in records if not _begins(cells, "#")]
    counts = Counter(len(cells) for cells in unmarked or records)
    return max(counts, key=lambda w: counts[w] * min(w, 4))  # of two tables alike the first


def _table_start(found: list[_Record], width: int) -> int:
    """Return the index of the first record of the table: its header, if it has one.

    Lines before it have another width, or as many cells of which most are empty, as spreadsheets
    write their titles.
    """
    if width == 1:
        return 0
    table = [cells for _, cells in found if len(cells) == width]
    usual_fill = sorted(_fill(cells) for cells in table)[len(table) // 2]
    for index, (_, cells) in enumerate(found[:_PREAMBLE_RECORDS]):
        if len(cells) < width:
            following = found[index + 1][1] if index + 1 < len(found) else []
            if not (len(following) == width and _is_short_header(cells, following, width)):
                continue
        sparse = _fill(cells) <= max(1, 0.5 * usual_fill) and width >= 3
        if sparse and _a_header_follows(found[index + 1 :], width, usual_fill):
            continue
        if _begins(cells, "#") and (
            _fill(cells) < width or _an_unmarked_header_follows(found[index:], width)
        ):
            continue
        return index
    return next(i for i, (_, cells) in enumerate(found) if len(cells) == width)


def _is_short_header(cells: list[str], following: list[str], width: int) -> bool:
    """A header without a name for every column, as R writes it above its row names."""
    if len(cells) < max(2, width - 2) or not all(_NAME_LIKE.fullmatch(c.strip()) for c in cells):
        return False
    return any(cell_kind(c) in ("number", "moment") for c in following)


def _a_header_follows(records: list[_Record], width: int, usual_fill: int) -> bool:
    for _, cells in records[:_FOOTER_RECORDS]:
        if len(cells) >= width and _fill(cells) > max(1, 0.5 * usual_fill):
            return not any(cell_kind(c) in ("number", "moment") for c in cells if not _is_year(c))
    return False


def _an_unmarked_header_follows(records: list[_Record], width: int) -> bool:
    """Whether the first record without the mark is a header, and more like one than this one."""
    cells = [cells for _, cells in records[: _BODY + 1]]
    first = next((i for i, c in enumerate(cells) if not _begins(c, "#")), len(cells) - 1)
    evidence = _header_evidence(cells[first], cells[first + 1 :], width)
    marked = _header_evidence(cells[0], cells[first + 1 :], width)
    return evidence > _CERTAIN_HEADER and evidence >= marked


def _comment(records: list[_Record], width: int) -> str | None:
    """A mark at the beginning of lines that stand among the rows and are none."""
    for mark in _COMMENTS:
        marked = [cells for _, cells in records if _begins(cells, mark)]
        odd = [cells for cells in marked if len(cells) != width]
        few = len(marked) <= 0.5 * len(records)
        if marked and few and (odd if mark == "#" else len(odd) == len(marked)):
            return mark
    return None


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(1[89]|20)\d\d", text.strip()) is not None


def _is_header(first: list[str], body: list[list[str]], width: int) -> bool:
    return _header_evidence(first, body, width) > _LIKELY_HEADER


def _header_evidence(first: list[str], body: list[list[str]], width: int) -> float:
    """Weigh the first record against those behind it, column by column, from -1.5 to 1.5."""
    cells = [c.strip() for c in first]
    filled = [c for c in cells if c]
    if not filled:
        return -1.0
    years = [int(c) for c in filled if _is_year(c)]
    running = len(years) > 1 and len({b - a for a, b in pairwise(years)}) == 1
    if not body:
        return -1.0 if any(cell_kind(c) in ("number", "moment", "address") for c in filled) else 0.0
    rows = [row for row in body if len(row) == width] or body
    evidence = 0.0
    for index, cell in enumerate(cells[:width]):
        column = [row[index].strip() for row in rows if index < len(row) and row[index].strip()]
        if running and _is_year(cell):
            evidence += 0.5
        else:
            evidence += _column_evidence(cell, column, first=index == 0)
    evidence /= max(1, min(len(cells), width))
    repeated = len(filled) - len({c.lower() for c in filled})
    evidence -= 0.5 * repeated / len(filled)
    usual = sum(c.lower().replace(" ", "_") in _USUAL_NAMES for c in filled)
    return evidence + 0.5 * usual / len(filled)


def _column_evidence(cell: str, column: list[str], *, first: bool) -> float:
    """From -1 (a value like those below) to 1 (certainly a name)."""
    if not cell:
        return 0.0 if first or not column else -0.2
    kind = cell_kind(cell)
    if not column:
        return -0.5 if kind in ("number", "moment") else 0.05
    kinds = Counter(cell_kind(value) for value in column)
    typed: tuple[CellKind, ...] = ("number", "moment", "address")
    for candidate in typed:
        if kinds[candidate] + kinds["null"] >= 0.8 * len(column) and kinds[candidate]:
            return -1.0 if kind == candidate else 0.0 if kind in ("null", "number") else 1.0
    if kind in ("number", "moment"):
        return -0.5
    if cell in column:
        return -0.7
    lengths = {len(value) for value in column}
    if len(column) >= 3 and len(lengths) == 1:
        if len(cell) not in lengths:
            return 0.5
        return -0.3 if cell.isupper() == column[0].isupper() else 0.3
    if len(column) >= 6 and len(set(column)) <= 0.5 * len(column):
        return 0.5  # a category that never comes again
    if _NAME_LIKE.fullmatch(cell) is None:
        return -0.2
    median = sorted(len(value) for value in column)[len(column) // 2]
    return 0.2 if len(cell) < 0.5 * median or "_" in cell else 0.05


def _names(first: list[str], width: int, body: list[_Record]) -> tuple[str, ...]:
    names = [" ".join(c.split()) for c in first]
    ends_empty = all(not cells[-1].strip() for _, cells in body if len(cells) == width)
    if len(names) == width - 1 and not ends_empty and _differ(cells[0] for _, cells in body):
        names = ["", *names]  # R leaves out the name of its row names, which are unique
    names[0] = names[0].removeprefix("#").strip() if names else ""
    return tuple((names + [""] * width)[:width])


def _differ(values: Iterable[str]) -> bool:
    listed = list(values)
    return len(set(listed)) == len(listed)


def _without_empty_columns(names: tuple[str, ...], body: list[_Record]) -> tuple[str, ...]:
    """Cut columns at the end that have neither name nor value: a delimiter at each line's end."""
    used = max(
        (i + 1 for _, cells in body for i, c in enumerate(cells[: len(names)]) if c),
        default=len(names),
    )
    while len(names) > max(used, 1) and not names[-1]:
        names = names[:-1]
    return names


def _footer(end: str, dialect: DetectedDialect, width: int, body: list[_Record]) -> int:
    """Count the physical lines at the end that hold totals or notes."""
    if width == 1 or not body:
        return 0
    if len(end) > _FOOTER_CHARS:
        cut = _LINE_END.search(end, len(end) - _FOOTER_CHARS)
        end = end[cut.end() :] if cut else end
    lines = len(_LINE_END.findall(end)) + (not end.endswith(("\n", "\r")))
    usual_fill = sorted(_fill(cells) for _, cells in body)[len(body) // 2]
    records = list(_records(end, dialect, width))
    begins: int | None = None
    for line, cells in reversed(records[-_FOOTER_RECORDS:][-len(body) + 1 :]):
        if not _is_footer(cells, width, usual_fill):
            break
        begins = line
    return 0 if begins is None else lines - begins


def _is_footer(cells: list[str], width: int, usual_fill: int) -> bool:
    filled = [c.strip() for c in cells if c.strip()]
    if _TOTALS.fullmatch(filled[0]) and all(cell_kind(c) in ("number", "null") for c in filled[1:]):
        return True
    if len(filled) > 1 or (len(cells) == width and usual_fill < 3):
        return False
    return bool(_NOTE.match(filled[0])) or cell_kind(filled[0]) in ("words", "other", "address")

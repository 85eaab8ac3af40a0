"""Where the table lies in a delimited text: preamble, header rows, comment lines, footer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ai_data_engineer.io.csv_header import join_names, without_gaps
from ai_data_engineer.profiling.layout.cell_kinds import cell_kind
from ai_data_engineer.profiling.layout.dialect_detection import DetectedDialect, front_matter
from ai_data_engineer.profiling.layout.footer import count_lines, footer_lines
from ai_data_engineer.profiling.layout.header_evidence import (
    CERTAIN,
    header_evidence,
    is_header,
    is_name_like,
)
from ai_data_engineer.profiling.layout.header_rows import find_header, is_prose
from ai_data_engineer.profiling.layout.other_tables import (
    are_beside,
    names_again,
    next_table,
    table_before,
)
from ai_data_engineer.profiling.layout.table_records import (
    Row,
    begins,
    fill,
    fits,
    read_rows,
    texts_above_values,
    typed_columns,
    usual_fill,
)

_RECORDS = 1000
_BODY = 200
_PREAMBLE_RECORDS = 100
_FOOTER_CHARS = 64 * 1024
_MANY = 4
"""So many rows of several cells each are no preamble."""
_MOST = 0.8
_COMMENTS = ("#", "//", "%", "--", "!")
_MOSTLY = 0.9
_NEARLY = 0.7
_TELLING = 4
"""More cells in a row do not make it weigh more."""


@dataclass(frozen=True)
class TableLayout:
    """The place of a table in its text; lines are physical and counted from 0.

    `names` are as found, one for each column, empty where there is none.
    """

    names: tuple[str, ...]
    header_row: int | None
    header_rows: int
    preamble_lines: int
    footer_lines: int
    comment: str | None
    records: int
    """Records behind the header, among those looked at."""
    next_table: int | None = None
    """Line where another table begins below this one."""
    is_below: bool = False
    """Another table stands above this one."""
    is_beside: bool = False
    """An empty column parts the columns into two tables."""
    repeated_names: int = 0
    """Records that repeat the names, among those looked at."""


def find_layout(text: str, dialect: DetectedDialect, *, end: str | None) -> TableLayout:
    """Find the table in the beginning of a text.

    Args:
        text: The beginning, cut behind a line.
        dialect: How its records split.
        end: The end of the text (the same as `text` for a short one); None: not known.
    """
    skipped = front_matter(text)
    offset = count_lines(text[:skipped])
    found = list(islice(read_rows(text[skipped:], dialect), _RECORDS))
    width = _table_width(found) if found else 0
    found = list(islice(read_rows(text[skipped:], dialect, width), _RECORDS)) if width else []
    if not found:
        return TableLayout((), None, 0, 0, 0, None, 0)
    start = _table_start(found, width)
    comment = _comment(found[start + 1 :], width) if width > 1 else None
    if comment and begins(found[start].cells, comment):
        comment = None  # the names themselves stand behind the mark: it is no comment here
    found[start] = found[start]._replace(cells=without_gaps(found[start].cells, width))
    rows = [
        row
        for row in found[start:]
        if row is found[start] or not (comment and begins(row.cells, comment))
    ]
    header = find_header(rows, width)
    head, body = rows[header.begin : header.end], rows[header.end :]
    line = rows[header.begin].line
    names = _names([row.cells for row in head], width, body) if head else ("",) * width
    names = _without_empty_columns(names, body)
    other = next_table(body, names, width) if width > 1 else None
    if other is not None:
        body = [row for row in body if row.line < other]
    footer = 0
    if other is not None and end == text:
        footer = count_lines(text[skipped:]) - other
    elif end is not None:
        end = _last_lines(end)
        footer = footer_lines(end, list(read_rows(end, dialect, width)), len(names), body)
    return TableLayout(
        names=names,
        header_row=line + offset if head else None,
        header_rows=len(head),
        preamble_lines=line + offset,
        footer_lines=footer,
        comment=comment,
        records=len(body),
        next_table=None if other is None else other + offset,
        is_below=width > 1 and table_before(found[: found.index(rows[header.begin])], width),
        is_beside=are_beside(names, body),
        repeated_names=names_again(body, names) if head else 0,
    )


def _last_lines(text: str) -> str:
    """Return so many characters at the end as a footer may have, from the beginning of a line."""
    if len(text) <= _FOOTER_CHARS:
        return text
    end = text[-_FOOTER_CHARS:]
    return end[max(end.find("\n"), end.find("\r")) + 1 :]


def _table_width(found: list[Row]) -> int:
    """The width that fits most cells; no row counts for more than four, so a freak cannot win."""
    unmarked = [row.cells for row in found if not begins(row.cells, "#")]
    records = unmarked or [row.cells for row in found]
    counts = Counter(len(cells) for cells in records)
    fitting = dict(counts)
    for cells in records:
        filled = next(i for i in range(len(cells), 0, -1) if cells[i - 1].strip())
        for width in range(filled, len(cells)):
            if width in fitting:
                fitting[width] += 1
    width = max(fitting, key=lambda w: fitting[w] * min(w, _TELLING))  # of two alike the first
    while width - 1 in counts and not any(any(map(str.strip, c[width - 1 :])) for c in records):
        width -= 1  # nothing stands in the last column
    first = len(records[0])
    # Where hardly two rows are as wide as one another, the names tell.
    if counts[width] * 3 <= len(records) and first > 1 and all(map(_is_label, records[0])):
        return first
    return width


def _is_label(cell: str) -> bool:
    return not cell.strip() or is_name_like(cell)


def _table_start(found: list[Row], width: int) -> int:
    """Return the index of the first record of the table: its header, if it has one.

    Lines before it have another width, or as many cells of which only the first ones hold
    something, as spreadsheets write titles, or stand in a smaller block of their own.
    """
    if width == 1:
        return 0
    start = _first_full_row(found, width)
    typed = typed_columns(found[start:], width)
    above = _rows_above(found, start)
    if above is not None and not texts_above_values(found[start].cells, typed):
        return above
    for index in range(start + 1, min(len(found), _PREAMBLE_RECORDS)):
        row = found[index]
        if not row.after_blank or not fits(row.cells, width) or row.cells == found[start].cells:
            continue
        before = [r.cells for r in found[start:index] if fits(r.cells, width)]
        behind = [r.cells for r in found[index + 1 : index + _BODY] if fits(r.cells, width)]
        if len(before) >= len(behind):
            break
        named = header_evidence(row.cells, behind, width) > CERTAIN
        if named and texts_above_values(row.cells, typed):
            start = index
    return start


def _rows_above(found: list[Row], start: int) -> int | None:
    """Return the first of many rows right above that have several cells: they are no preamble."""
    if any(row.after_blank for row in found[1 : start + 1]):
        return None
    several = [i for i, row in enumerate(found[:start]) if fill(row.cells) > 1]
    several = [i for i in several if not begins(found[i].cells, "#")]
    return several[0] if len(several) >= max(_MANY, _MOST * start) else None


def _first_full_row(found: list[Row], width: int) -> int:
    usual = usual_fill([row for row in found if fits(row.cells, width)])
    marked: int | None = None
    for index in range(_marked_lines(found), min(len(found), _PREAMBLE_RECORDS)):
        cells = found[index].cells
        if not fits(cells, width):
            if _is_odd_header(found, index, width):
                return index
            if begins(cells, "#"):
                marked = index
        elif _is_title(found, index, width, usual) or _stands_alone(found, index, width):
            continue
        elif begins(cells, "#") and (
            fill(cells) < width or _an_unmarked_header_follows(found[index:], width)
        ):
            marked = index
        else:
            return _of_marked_names(found, marked, index, width)
    return next((i for i, row in enumerate(found) if len(row.cells) == width), 0)


def _stands_alone(found: list[Row], index: int, width: int) -> bool:
    """Whether a line has the width of the table by chance, its commas being those of a sentence."""
    rest = found[index + 1 :]
    if not rest:
        return False
    cells = found[index].cells
    if rest[0].after_blank and is_prose(cells, rest):
        return True
    next_one = next((i for i, row in enumerate(rest) if fits(row.cells, width)), 0)
    between = rest[:next_one]
    if not between or any(begins(r.cells, "#") or fill(r.cells) > 1 for r in between):
        return False
    behind = [row.cells for row in rest[next_one:] if fits(row.cells, width)]
    if len(behind) < _MOSTLY * len(rest[next_one:]):
        return False
    return header_evidence(behind[0], behind[1:_BODY], width) > CERTAIN or (
        header_evidence(cells, behind[:_BODY], width) <= CERTAIN
    )


def _marked_lines(found: list[Row]) -> int:
    """Count the lines at the beginning that one comment mark begins and no line behind them."""
    for mark in _COMMENTS[1:]:
        count = next((i for i, r in enumerate(found) if not begins(r.cells, mark)), 0)
        if count and not any(begins(row.cells, mark) for row in found[count:]):
            return count
    return 0


def _of_marked_names(found: list[Row], marked: int | None, start: int, width: int) -> int:
    """Return the line above the table where that names the columns behind a mark."""
    if marked is None or marked != start - 1 or found[start].after_blank:
        return start
    behind = [row.cells for row in found[start : start + _BODY]]
    names = fill(found[marked].cells)
    if names < 2 or names < _NEARLY * fill(behind[0]) or is_header(behind[0], behind[1:], width):
        return start
    return marked


def _is_title(found: list[Row], index: int, width: int, usual: int) -> bool:
    """Whether only the first cells hold something, or a single one above a blank line."""
    cells, rest = found[index].cells, found[index + 1 :]
    filled = fill(cells)
    if filled >= usual or not any(fits(r.cells, width) and fill(r.cells) > 1 for r in rest):
        return False
    first = all(c.strip() for c in cells[:filled])
    return filled <= max(1, usual // 2) and (first or (filled == 1 and rest[0].after_blank))


def _is_odd_header(found: list[Row], index: int, width: int) -> bool:
    """A header without a name for every column, as R writes it above its row names, or with more.

    Values must follow at once.
    """
    cells = found[index].cells
    following = found[index + 1] if index + 1 < len(found) else None
    if following is None or following.after_blank or not fits(following.cells, width):
        return False
    if index and not found[index].after_blank and len(found[index - 1].cells) == len(cells):
        return False
    if len(without_gaps(cells, width)) == width:
        return all(is_name_like(c.removeprefix("#")) for c in cells if c.strip())
    if not any(cell_kind(c) in ("number", "moment") for c in following.cells):
        return len(cells) > width and all(is_name_like(c.removeprefix("#")) for c in cells)
    if len(cells) == width - 1 > 1:
        return not any(cell_kind(c) in ("number", "moment", "empty") for c in cells)
    return len(cells) >= max(2, width - 2) and all(is_name_like(c.removeprefix("#")) for c in cells)


def _an_unmarked_header_follows(records: list[Row], width: int) -> bool:
    """Whether the first record without the mark is a header, and more like one than this one."""
    cells = [row.cells for row in records[: _BODY + 1]]
    if len(cells) > 1 and begins(cells[1], "#"):
        return True
    first = next((i for i, c in enumerate(cells) if not begins(c, "#")), len(cells) - 1)
    evidence = header_evidence(cells[first], cells[first + 1 :], width)
    marked = header_evidence(cells[0], cells[first + 1 :], width)
    return evidence > CERTAIN and evidence >= marked


def _comment(records: list[Row], width: int) -> str | None:
    """A mark at the beginning of lines that stand among the rows and are none."""
    for mark in _COMMENTS:
        marked = [row.cells for row in records if begins(row.cells, mark)]
        odd = [cells for cells in marked if len(cells) != width]
        few = len(marked) <= 0.5 * len(records)
        if marked and few and (odd if mark == "#" else len(odd) == len(marked)):
            return mark
    return None


def _names(head: list[list[str]], width: int, body: list[Row]) -> tuple[str, ...]:
    names = join_names(head, width if len(head) > 1 else len(head[0]))
    ends_empty = all(not row.cells[-1].strip() for row in body if len(row.cells) == width)
    if len(names) == width - 1 and not ends_empty and _differ(row.cells[0] for row in body):
        names = ["", *names]  # R leaves out the name of its row names, which are unique
    names[0] = names[0].removeprefix("#").strip() if names else ""
    return tuple((names + [""] * width)[:width])


def _differ(values: Iterable[str]) -> bool:
    listed = list(values)
    return len(set(listed)) == len(listed)


def _without_empty_columns(names: tuple[str, ...], body: list[Row]) -> tuple[str, ...]:
    """Cut columns at the end that have neither name nor value: a delimiter at each line's end."""
    used = 0 if any(map(any, (row.cells[: len(names)] for row in body))) else len(names)
    while len(names) > max(used, 1) and not names[-1]:
        if any(row.cells[len(names) - 1] for row in body if len(row.cells) >= len(names)):
            break
        names = names[:-1]
    return names

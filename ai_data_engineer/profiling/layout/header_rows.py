"""Which of a table's first rows name its columns: none, one or several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ai_data_engineer.profiling.layout.cell_kinds import CellKind, cell_kind
from ai_data_engineer.profiling.layout.header_evidence import (
    CERTAIN,
    are_running_years,
    header_evidence,
    is_header,
    is_name_like,
    is_scale,
    is_year,
)
from ai_data_engineer.profiling.layout.table_records import (
    Row,
    fill,
    fits,
    texts_above_values,
    typed_columns,
    usual_fill,
)

_SEARCHED = 12
"""Rows among which the names are looked for."""
_NUMBERS_AS_NAMES = (are_running_years, is_scale)
_MOST = 6
"""Rows of names."""
_BODY = 200
_UNIT = re.compile(
    r"[(\[].{1,20}[)\]]|%|‰|[€$£¥]|(?i:°[cfk]?|deg ?[cfk]|[kmcµnd]?m[²³23]?|[kmµ]?g|km/h|m/s|mph"
    r"|k?pa|hpa|mbar|[kmg]?wh?|k?v|m?a|[mn]?s|sec|min|hours?|h|days?|years?|mm|in|ft|lbs?|oz|usd|eur|gbp"
    r"|chf|jpy|units?|pcs|stk|t|ha|[km]?l|[kmg]?hz|[kmg]?b|ppm|ppb|mol|k)"
)


class Header(NamedTuple):
    """Rows of names, from `begin` to before `end` among the rows of a table; the same: none."""

    begin: int
    end: int


def find_header(rows: Sequence[Row], width: int) -> Header:
    """Return which rows name the columns; what stands before them belongs to no table."""
    if width == 1:
        return Header(0, int(is_header(rows[0].cells, _cells(rows[1:]), 1)))
    typed = typed_columns(rows, width)
    first = _first_of_data(rows, width, typed)
    if first == 0:
        late = _late_names(rows, width, typed)
        return Header(late, late + 1) if late else Header(0, 0)
    names = _names_row(rows[:first], rows[first:_BODY], width, typed)
    begin = _begin(rows, names, width)
    end = _end(rows, names, first, width, typed)
    if end - begin == 1 and not is_header(rows[names].cells, _cells(rows[names + 1 :]), width):
        return Header(_first_row(rows, names), _first_row(rows, names))
    return Header(begin, end)


def _cells(rows: Sequence[Row]) -> list[list[str]]:
    return [row.cells for row in rows[:_BODY]]


def _first_of_data(rows: Sequence[Row], width: int, typed: Mapping[int, CellKind]) -> int:
    """Return the index of the first row that has a value where the rows below have such."""
    for index, row in enumerate(rows[:_SEARCHED]):
        values = _values(row.cells, typed) if fits(row.cells, width) else 0
        if values and values >= len(texts_above_values(row.cells, typed)):
            following = rows[index + 1].cells if index + 1 < len(rows) else []
            if any(is_so(row.cells) and not is_so(following) for is_so in _NUMBERS_AS_NAMES):
                continue
            return index
    return 1 if not typed else min(len(rows), _SEARCHED)


def _values(cells: Sequence[str], typed: Mapping[int, CellKind]) -> int:
    return sum(c < len(cells) and cell_kind(cells[c]) == kind for c, kind in typed.items())


def _names_row(
    rows: Sequence[Row], behind: Sequence[Row], width: int, typed: Mapping[int, CellKind]
) -> int:
    """Return the row with the most different texts, those above values counted twice."""

    def weight(index: int) -> tuple[int, int]:
        cells = [c.strip() for c in rows[index].cells]
        different = len({*cells} - {""})
        years = sum(map(is_year, cells)) if are_running_years(cells) else 0
        names = sum(map(is_name_like, cells))
        above = texts_above_values(cells, typed)
        prose = len(cells) if is_prose(rows[index].cells, behind) else 0
        return different + len(above) + years + names - prose, -index

    return max((i for i, row in enumerate(rows) if i == 0 or fits(row.cells, width)), key=weight)


def is_prose(cells: Sequence[str], behind: Sequence[Row]) -> bool:
    """Whether blanks follow the delimiters, as in a sentence, and do not in the rows behind."""
    spaced = sum(any(c.startswith(" ") for c in row.cells[1:]) for row in behind)
    return any(c.startswith(" ") for c in cells[1:]) and spaced * 2 < len(behind)


def _begin(rows: Sequence[Row], names: int, width: int) -> int:
    """Return the first of the rows of groups that stand right above the names."""
    begin = names
    while begin > 0 and names - begin < _MOST - 1 and not rows[begin].after_blank:
        above = rows[begin - 1].cells
        if not fits(above, width) or not _are_groups(above):
            break
        begin -= 1
    return begin


def _are_groups(cells: Sequence[str]) -> bool:
    filled = [i for i, c in enumerate(cells) if c.strip()]
    if not filled or any(
        cell_kind(cells[i]) in ("number", "moment") and not is_year(cells[i]) for i in filled
    ):
        return False
    if len({cells[i] for i in filled}) < len(filled):
        return True
    # Texts in the first cells alone are a title, or a setting and its value.
    return len(filled) < len(cells) and filled != list(range(len(filled)))


def _end(
    rows: Sequence[Row], names: int, first: int, width: int, typed: Mapping[int, CellKind]
) -> int:
    """Return the row behind those of units, tags or further names that stand below the names."""
    end = names + 1
    limit = min(len(rows), names + _MOST)
    while end < limit and not rows[end].after_blank and fits(rows[end].cells, width):
        cells = rows[end].cells
        filled = [c.strip() for c in cells if c.strip()]
        if end >= first and not all(c.startswith("#") for c in filled):
            break
        if not (all(c.startswith("#") for c in filled) or _are_units(rows, end, typed)):
            break
        end += 1
    return end


def _are_units(rows: Sequence[Row], index: int, typed: Mapping[int, CellKind]) -> bool:
    """Whether a row has texts above values: units, or two texts at least that never come again."""
    cells = rows[index].cells
    above = texts_above_values(cells, typed)
    if above and all(_UNIT.fullmatch(cells[c].strip()) for c in above):
        return True
    if len(above) < 2 or len(above) * 2 < len(typed):
        return False
    below = [row.cells for row in rows[index + 1 : index + _BODY]]
    return not any(c < len(row) and row[c] == cells[c] for c in above for row in below)


def _late_names(rows: Sequence[Row], width: int, typed: Mapping[int, CellKind]) -> int | None:
    """Return the row of names that rows of values, such as sums, stand above."""
    usual = usual_fill(rows)
    for index, row in enumerate(rows[1:_MOST], 1):
        cells = [c.strip() for c in row.cells]
        texts = len(texts_above_values(cells, typed))
        if texts < max(2, 0.8 * len(typed)) or fill(cells) < usual or not fits(cells, width):
            continue
        if header_evidence(cells, _cells(rows[index + 1 :]), width) > CERTAIN:
            return index
    return None


def _first_row(rows: Sequence[Row], names: int) -> int:
    """Return the first row of a table without names, behind titles as wide as it."""
    usual = usual_fill(rows)
    for index, row in enumerate(rows[: names + 1]):
        text = next((c for c in row.cells if c.strip()), "")
        if fill(row.cells) > 1 or usual < 2 or cell_kind(text) not in ("words", "other"):
            return index
    return names

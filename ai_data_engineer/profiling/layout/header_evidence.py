"""How much a record looks like names above the values below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ai_data_engineer.profiling.layout.cell_kinds import CellKind, cell_kind

TYPED: tuple[CellKind, ...] = ("number", "moment", "address")
CERTAIN = 0.3
_LIKELY = -0.02
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


def is_header(first: Sequence[str], body: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the first record of a table names its columns."""
    return header_evidence(first, body, width) > _LIKELY


def header_evidence(first: Sequence[str], body: Sequence[Sequence[str]], width: int) -> float:
    """Weigh the first record against those behind it, column by column, from -1.5 to 1.5."""
    cells = [c.strip() for c in first]
    filled = [c for c in cells if c]
    if not filled:
        return -1.0
    if is_scale(cells) and body and not any(is_scale(row) for row in body):
        return 1.0
    running = are_running_years(filled)
    if not body:
        return -1.0 if any(cell_kind(c) in ("number", "moment", "address") for c in filled) else 0.0
    rows = [row for row in body if len(row) == width] or body
    evidence = 0.0
    for index, cell in enumerate(cells[:width]):
        column = [row[index].strip() for row in rows if index < len(row) and row[index].strip()]
        if running and is_year(cell):
            evidence += 0.5
        else:
            evidence += _column_evidence(cell, column, first=index == 0)
    evidence /= max(1, min(len(cells), width))
    repeated = len(filled) - len({c.lower() for c in filled})
    evidence -= 0.5 * repeated / len(filled)
    usual = sum(c.lower().replace(" ", "_") in _USUAL_NAMES for c in filled)
    return evidence + 0.5 * usual / len(filled)


def is_name_like(cell: str) -> bool:
    """Whether a cell is a few words, with a remark in brackets at most."""
    return _NAME_LIKE.fullmatch(cell.strip()) is not None


def is_year(text: str) -> bool:
    """Whether a cell is a year from 1800 to 2099."""
    return re.fullmatch(r"(1[89]|20)\d\d", text.strip()) is not None


def are_running_years(cells: Sequence[str]) -> bool:
    """Whether several years follow one another at the same distance, as names of columns do."""
    years = [int(cell) for cell in cells if is_year(cell)]
    return len(years) > 1 and len({b - a for a, b in pairwise(years)} - {0}) == 1


def is_scale(cells: Sequence[str]) -> bool:
    """Whether growing numbers stand behind an empty first cell, as above a cross table."""
    if len(cells) < 3 or cells[0].strip():
        return False
    try:
        numbers = [float(cell) for cell in cells[1:]]
    except ValueError:
        return False
    return all(a < b for a, b in pairwise(numbers))


def _column_evidence(cell: str, column: list[str], *, first: bool) -> float:
    """From -1 (a value like those below) to 1 (certainly a name)."""
    if not cell:
        return 0.0 if first or not column else -0.2
    kind = cell_kind(cell)
    if not column:
        return -0.5 if kind in ("number", "moment") else 0.05
    kinds = Counter(cell_kind(value) for value in column)
    for candidate in TYPED:
        if kinds[candidate] + kinds["null"] >= 0.8 * len(column) and kinds[candidate]:
            return -1.0 if kind == candidate else 0.0 if kind in ("null", "number") else 1.0
    if kind in ("number", "moment"):
        return 0.3 if len(column) >= 3 and not kinds[kind] else -0.5
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

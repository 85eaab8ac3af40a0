"""The lines below a table: totals and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_data_engineer.profiling.layout.cell_kinds import cell_kind
from ai_data_engineer.profiling.layout.table_records import Row, fill, fits, usual_fill

_LINES = 20
_LINE_END = re.compile(r"\r\n|\n|\r")
_TOTALS = re.compile(
    r"(?i)(grand\s*|sub-?\s*|overall\s*)?"
    r"(totals?|sum|summe|gesamt|gesamtsumme|insgesamt|somme|totale?s?|итого|всего|合计|总计|合計)\b\W*"
)
_NOTE = re.compile(
    r"(?i)\W*(source|sources|quelle|fuente|fonte|note|notes|nb|remarks?|copyright|generated|exported"
    r"|end of|prepared|retrieved|last updated|updated|records?:|rows?:|total records)\b"
    r"|\s*(\*|\(|©|\d\))"
)
_SAID = re.compile(r"(?i)\W*(source|sources|quelle|fuente|fonte|note|notes|nb|remarks?)\s*:")


def count_lines(text: str) -> int:
    """Return the physical lines of a text."""
    return len(_LINE_END.findall(text)) + (bool(text) and not text.endswith(("\n", "\r")))


def footer_lines(end: str, records: Sequence[Row], width: int, body: Sequence[Row]) -> int:
    """Count the physical lines at the end that hold totals or notes.

    Args:
        end: The end of the text.
        records: The records in it.
        width: Columns of the table.
        body: Rows of the table, for comparison.
    """
    if width == 1 or not body:
        return 0
    usual = usual_fill([row for row in body if fits(row.cells, width)])
    tail = records[max(len(records) - min(_LINES, len(body) - 1), 0) :]
    begin: int | None = None
    sparse = sum(fill(row.cells) == 1 for row in body[: -len(tail)] or body[:1])
    for row in reversed(tail):
        if not _is_footer(row.cells, width, usual, sparse_is_usual=sparse > 0):
            break
        begin = row.line
    return 0 if begin is None else count_lines(end) - begin


def _is_footer(cells: list[str], width: int, usual: int, *, sparse_is_usual: bool) -> bool:
    filled = [c.strip() for c in cells if c.strip()]
    if _TOTALS.fullmatch(filled[0]) and all(cell_kind(c) in ("number", "null") for c in filled[1:]):
        return True
    if len(filled) > 1:
        # A note whose commas split it.
        return bool(cells[0].strip()) and bool(
            _SAID.match(filled[0]) or (len(cells) != width and _NOTE.match(filled[0]))
        )
    if _NOTE.match(filled[0]):
        return usual > 1
    if len(cells) == width and (usual < 2 or sparse_is_usual or not cells[0].strip()):
        return False
    kinds = ("words", "other", "address") if len(cells) == 1 else ("words", "other")
    return cell_kind(filled[0]) in kinds

"""The measures of Pollock: what of a file's header, records and cells a reader found.

Vitagliano et al., *Pollock: A Data Loading Benchmark*, PVLDB 16(8), 2023, section 5, and the
authors' code. Ten measures from 0 to 1 are added up: success, and precision, recall and F1 of the
header's cells, of the records (their cells joined, the header left aside) and of all cells, each
as multisets.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from dateutil.parser import ParserError, parse

from benchmarks.polluting import Grid

WEIGHTS = {
    "source": 1.0,
    "file_no_payload": 15.0,
    "file_no_trailing_newline": 184.0,
    "file_double_trailing_newline": 5.0,
    "file_no_header": 470.0,
    "file_header_multirow_2": 47.0,
    "file_header_multirow_3": 47.0,
    "file_preamble": 282.0,
    "file_multitable_less": 188 / 3,
    "file_multitable_same": 188 / 3,
    "file_multitable_more": 188 / 3,
    "file_header_only": 3.0,
    "file_one_data_row": 4.0,
    "file_record_delimiter_0xA": 1691.0,
    "file_record_delimiter_0xD": 7.0,
    "file_field_delimiter_0x3B": 834.0,
    "file_field_delimiter_0x9": 4.0,
    "file_field_delimiter_0x20": 4.0,
    "file_field_delimiter_0x2C_0x20": 101.0,
    "file_quotation_char_0x27": 11.0,
    "file_escape_char_0x5C": 1.0,
    "file_escape_char_none": 7.0,
    "row_less_sep": 672 * 0.36775106,
    "row_more_sep": 756 * 0.36775106,
    "row_field_delimiter": 84 / 7,
    "row_extra_quote": 756 / 108,
}
"""How often Pollock's survey of 3,712 files met a pollution: that of a kind with a file for each
position is the sum over Pollock's files of the kind."""


def score(clean: Grid, loaded: Grid | None) -> float:
    """Return the sum of the ten measures; None: the reader failed."""
    if loaded is None:
        return 0.0
    if not clean:
        return 10.0
    normal_clean = [[_normal(cell) for cell in row] for row in clean]
    normal_loaded = [[_normal(cell) for cell in row] for row in loaded]
    header = _measures(normal_clean[0], normal_loaded[0] if loaded else [])
    records = _measures(_joined(normal_clean[1:]), _joined(normal_loaded[1:]))
    cells = _measures([c for row in clean for c in row], [c for row in loaded for c in row])
    return 1.0 + header + records + cells


def _measures(expected: Sequence[str], found: Sequence[str]) -> float:
    """Return precision + recall + F1; nothing expected counts as found."""
    if not expected:
        return 3.0
    common = (Counter(expected) & Counter(found)).total()
    if not common:
        return 0.0
    precision, recall = common / len(expected), common / len(found)
    return precision + recall + 2 * precision * recall / (precision + recall)


def _joined(rows: Grid) -> list[str]:
    return ["".join(row) for row in rows]


_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")


@lru_cache(maxsize=1 << 16)
def _normal(cell: str) -> str:
    """Return a value in one spelling: readers may give types, whose text is another."""
    if cell in ("True", "true", "False", "false"):
        return "1" if cell in ("True", "true") else "0"
    if _NUMBER.fullmatch(cell):
        return str(float(cell))
    with contextlib.suppress(ParserError, OverflowError, TypeError, ValueError):
        return str(parse(cell)) if any(map(str.isdigit, cell)) else cell.lower()
    return cell.lower()

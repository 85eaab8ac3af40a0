"""Which delimiter, quote and escape a delimited text uses.

Whole dialects are tried on the beginning of the text. The one whose table is the most even and
whose cells look the most like values wins: the consistency measure of van den Burg et al.
(*Wrangling messy CSV files by detecting row and type patterns*, 2019) with the table uniformity
of García (*Detecting CSV file dialects by table uniformity measurement and data type inference*,
2024).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ai_data_engineer.io.csv_marks import RUN_OF_BLANKS
from ai_data_engineer.profiling.layout.cell_kinds import CellKind, cell_kind
from ai_data_engineer.profiling.layout.dialect_candidates import (
    QUOTE_PRIOR,
    USUAL,
    delimiters,
    escapes,
    prior,
    quotes,
    was_chosen,
)

_SAMPLE_CHARS = 64 * 1024
_TYPED_ROWS = 200
_STAND_IN = "\ue000"
"""A private-use character that takes the place of a delimiter of several characters."""
_NONE = "\ue001"
"""A delimiter that occurs nowhere: one column."""

# What a cell adds when it comes of splitting, and when it is the whole line: a date, a number or a
# URL in one piece says that there is nothing to split.
_IN_TABLE: dict[CellKind, float] = {
    "number": 1.0, "moment": 1.0, "address": 1.0, "token": 0.9, "null": 0.9, "words": 0.8,
    "document": 0.8, "empty": 0.6, "other": 0.55, "quoted": 0.1,
}  # fmt: skip
_BETWEEN_BLANKS = _IN_TABLE | {"token": 0.6}
"""Every text falls into words at its blanks."""
_ALONE: dict[CellKind, float] = {
    "number": 0.95, "moment": 0.95, "address": 0.95, "token": 0.55, "null": 0.55, "words": 0.5,
    "document": 0.6, "empty": 0.2, "other": 0.25, "quoted": 0.1,
}  # fmt: skip
_TWO_NUMBERS = 0.6
"""A whole line such as `1,25` may be two numbers."""
_TELLING = 4
"""More cells in a row do not make it weigh more."""
_TYPED: tuple[CellKind, ...] = ("number", "moment", "address")
_TITLE = 0.9
"""The first line splits into another number of cells, as a title does."""
_NAMES_DIFFER = 0.7
"""It does, and values follow at once: that was no title, but the names."""
_NAMES_SPLIT = 0.6
"""A mark that every line has as often as the first, which names what the others hold."""


@dataclass(frozen=True)
class DetectedDialect:
    """The part of a dialect that says how records split; `score` is comparable within a text."""

    delimiter: str
    quote: str | None
    escape: str | None
    score: float


def detect_dialect(text: str) -> DetectedDialect:
    """Return the most likely dialect of the beginning of a delimited text.

    A text of one column gets a comma, or another mark that does not split it, and double quotes.
    """
    text = _line_ends(_beginning(text))
    if told := re.match(r'"?sep=(.)"?\n', text):
        return DetectedDialect(told[1], '"', None, 1.0)
    text = _without_comments(text)
    found = delimiters(text)
    best = _one_column(text, found)
    for delimiter in found:
        for quote in quotes(text, delimiter):
            for escape in escapes(text, delimiter, quote):
                records = _split(text, delimiter, quote, escape)
                if len(records) < 2 and delimiter not in USUAL:
                    continue  # one line proves no unusual delimiter
                if delimiter == "," and records and _are_fractions(records[:_TYPED_ROWS]):
                    continue
                score = _score(records, _worth(delimiter))
                score *= prior(delimiter) * QUOTE_PRIOR[quote]
                if score > best.score:
                    best = DetectedDialect(delimiter, quote, escape, score)
    return best


def split_records(
    text: str, delimiter: str, quote: str | None, escape: str | None
) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the 0-based physical line where it begins.

    Line ends of all three kinds count; a quote that is never closed ends with the text.
    """
    if delimiter == RUN_OF_BLANKS:
        text = re.sub(r"[ \t]+", " ", re.sub(r"(?m)^[ \t]+|[ \t]+$", "", _line_ends(text)))
        delimiter = " "
    elif len(delimiter) > 1:
        text, delimiter = text.replace(delimiter, _STAND_IN), _STAND_IN
    if quote and not delimiter.isspace():
        # Blanks before an opening quote are passed over; a doubled quote is inside a cell.
        mark, edge = re.escape(quote), re.escape(delimiter)
        opening = rf"{mark}(?!{mark})|{mark}{mark} *(?:{edge}|[\r\n]|\Z)"
        text = re.sub(rf"({edge}) +(?={opening})", r"\1", text)
    reader = csv.reader(
        io.StringIO(text.replace("\0", ""), newline=""),
        delimiter=delimiter,
        quotechar=quote,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape,
    )
    line = 0
    while True:
        try:
            record = next(reader)
        except (csv.Error, StopIteration):
            return  # a cell larger than csv's limit
        yield line, record
        line = reader.line_num


def _beginning(text: str) -> str:
    if len(text) <= _SAMPLE_CHARS:
        return text
    cut = text[:_SAMPLE_CHARS]
    return cut[: max(cut.rfind("\n"), cut.rfind("\r")) + 1] or cut


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def front_matter(text: str) -> int:
    """Return the characters of a block of YAML between lines of `---`, as CSVY has it, or 0."""
    found = re.match(
        r"#?---[ \t]*(?:\r\n|\n|\r).*?(?:\r\n|\n|\r)#?---[ \t]*(?:\r\n|\n|\r)", text, re.S
    )
    return found.end() if found else 0


def _without_comments(text: str) -> str:
    """Leave out front matter and lines that begin with `#`, unless nearly all do."""
    text = text[front_matter(text) :]
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("#")]
    return "".join(kept) if len(kept) > 1 else text


def _are_fractions(records: Sequence[list[str]]) -> bool:
    """Whether commas split one column of decimal numbers under its name."""
    (first, *rows) = records
    return (
        len(rows) > 0
        and len(first) == 1
        and cell_kind(first[0]) not in _TYPED
        and all(re.fullmatch(r"[-+]?\d+,\d{1,4}", ",".join(row)) for row in rows)
    )


def _worth(delimiter: str) -> dict[CellKind, float]:
    return _BETWEEN_BLANKS if delimiter == " " else _IN_TABLE


def _one_column(text: str, marks: Sequence[str]) -> DetectedDialect:
    """Return the dialect of a text whose lines are cells, with its score."""
    best = DetectedDialect(",", '"', None, 0.0)
    for quote in quotes(text, _NONE):
        # What follows a closing quote on its line shows that more than one cell stands there.
        if quote and re.search(rf"(?m)^{quote}[^{quote}\n]*+{quote}[^{quote}\n]", text):
            continue
        score = _score(_split(text, _NONE, quote, None), _ALONE) * QUOTE_PRIOR[quote]
        if score > best.score:
            best = DetectedDialect(",", quote or '"', None, score)
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 2 and _names_split(lines[:_TYPED_ROWS], marks):
        best = replace(best, score=best.score * _NAMES_SPLIT)
    return replace(best, delimiter=_splits_nothing(text, best.quote))


def _splits_nothing(text: str, quote: str | None) -> str:
    """Return a comma where it leaves the lines whole, else a mark that does."""
    for delimiter in (",", ";", "\t", "|"):
        if delimiter not in text or all(len(r) == 1 for r in _split(text, delimiter, quote, None)):
            return delimiter
    return "\x1f"


def _names_split(lines: Sequence[str], marks: Sequence[str]) -> bool:
    """Whether a mark splits the first line, none of the values below it, as it splits those."""
    if cell_kind(lines[0]) in _TYPED:
        return False
    for mark in filter(was_chosen, marks):
        count = lines[0].count(mark)
        if count and all(line.count(mark) == count for line in lines):
            return True
    return False


def _split(text: str, delimiter: str, quote: str | None, escape: str | None) -> list[list[str]]:
    records = split_records(text, delimiter, quote, escape)
    return [record for _, record in records if any(map(str.strip, record))]


def _worth_alone(cell: str) -> float:
    kind = cell_kind(cell)
    return _TWO_NUMBERS if kind == "number" and "," in cell else _ALONE[kind]


def _score(records: Sequence[list[str]], worth: dict[CellKind, float]) -> float:
    """Evenness × likeness of the cells to values × a bonus for width, each from 0 to 1."""
    if not records:
        return 0.0
    widths = [len(record) for record in records]
    # A wide row tells more than a narrow one, up to a point: titles and notes are narrow.
    weights = [min(width, _TELLING) for width in widths]
    weighed: Counter[int] = Counter()
    for width, weight in zip(widths, weights, strict=True):
        weighed[width] += weight
    usual = max(weighed, key=lambda width: (weighed[width], width))
    if usual == 1 and worth is not _ALONE:
        return 0.0
    # Lines before and behind the table cost less than lines inside it.
    first, last = widths.index(usual), len(widths) - widths[::-1].index(usual)
    inside = last - first
    counts = Counter(widths[first:last])
    evenness = sum((n / inside) ** 2 for n in counts.values())
    evenness *= sum(weights[first:last]) / sum(weights)
    typed = records[first : last : max(1, inside // _TYPED_ROWS)]
    if worth is _ALONE:
        value = sum(_worth_alone(cell) for record in typed for cell in record[:1]) / len(typed)
    else:
        of_kind = worth.__getitem__
        value = sum(sum(map(of_kind, map(cell_kind, r))) / len(r) for r in typed) / len(typed)
    begin = 1.0
    if first:
        values = any(cell_kind(cell) in ("number", "moment") for cell in records[first])
        begin = _NAMES_DIFFER if values and widths[0] <= usual // 2 else _TITLE
    breadth = 1.0 if worth is _ALONE else (1 - 1 / (1 + sum(widths) / len(widths))) ** 0.5
    return evenness * value * breadth * begin

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
from dataclasses import dataclass

from ai_data_engineer.profiling.cell_kinds import CellKind, cell_kind

RUN_OF_BLANKS = r"\s+"
"""The delimiter of columns that are aligned with blanks, as the readers write it."""
_SAMPLE_CHARS = 64 * 1024
_TYPED_ROWS = 200
_USUAL = ",;\t|"
_OTHERS = 8
_STAND_IN = "\ue000"
"""A private-use character that takes the place of a delimiter of several characters."""
_NONE = "\ue001"
"""A delimiter that occurs nowhere: one column."""

# How much a delimiter is believed before anything is seen.
_PRIOR = {",": 1.0, ";": 0.98, "\t": 0.98, "|": 0.96, " ": 0.6, RUN_OF_BLANKS: 0.7}
_PRIOR_RARE = 0.7
_PRIOR_QUOTE = {'"': 1.0, "'": 0.99, "`": 0.9, "~": 0.9, None: 0.9}
# What a cell adds when it comes of splitting, and when it is the whole line: a date, a number or a
# URL in one piece says that there is nothing to split.
_IN_TABLE: dict[CellKind, float] = {
    "number": 1.0, "moment": 1.0, "address": 1.0, "token": 0.9, "null": 0.9, "words": 0.8,
    "document": 0.8, "empty": 0.6, "other": 0.55, "quoted": 0.1,
}  # fmt: skip
_ALONE: dict[CellKind, float] = {
    "number": 0.95, "moment": 0.95, "address": 0.95, "token": 0.55, "null": 0.55, "words": 0.5,
    "document": 0.6, "empty": 0.2, "other": 0.25, "quoted": 0.1,
}  # fmt: skip


@dataclass(frozen=True)
class DetectedDialect:
    """The part of a dialect that says how records split; `score` is comparable within a text."""

    delimiter: str
    quote: str | None
    escape: str | None
    score: float


def detect_dialect(text: str) -> DetectedDialect:
    """Return the most likely dialect of the beginning of a delimited text.

    A text of one column gets a comma and double quotes.
    """
    text = _beginning(text)
    if told := re.match(r'"?sep=(.)"?\r?\n', text):
        return DetectedDialect(told[1], '"', None, 1.0)
    text = _without_comments(text)
    best = DetectedDialect(",", '"', None, _score(_split(text, _NONE, '"', None), _ALONE))
    for delimiter in _delimiters(text):
        for quote in _quotes(text, delimiter):
            for escape in _escapes(text, delimiter, quote):
                score = _score(_split(text, delimiter, quote, escape), _IN_TABLE)
                score *= _PRIOR.get(delimiter, _PRIOR_RARE) * _PRIOR_QUOTE[quote]
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
        text, delimiter = re.sub(r"[ \t]+", " ", re.sub(r"(?m)^[ \t]+|[ \t]+$", "", text)), " "
    elif len(delimiter) > 1:
        text, delimiter = text.replace(delimiter, _STAND_IN), _STAND_IN
    if quote and not delimiter.isspace():
        text = re.sub(rf"({re.escape(delimiter)}) +(?={re.escape(quote)})", r"\1", text)
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


def _without_comments(text: str) -> str:
    """Leave out lines that begin with `#`, unless nearly all do."""
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("#")]
    return "".join(kept) if len(kept) > 1 else text


def _delimiters(text: str) -> list[str]:
    counts = Counter(re.sub(r"[\w\r\n\"'`.\\\0]+", "", text))
    several = _several_characters(text)
    # A character that comes in such runs only is no delimiter by itself.
    parts = {c for d in several for c in d if text.count(c) == d.count(c) * text.count(d)}
    single = [c for c in _USUAL if c in counts]
    single += [c for c, _ in counts.most_common(_OTHERS + len(single)) if c not in _USUAL][:_OTHERS]
    runs = [RUN_OF_BLANKS] if re.search(r"\S {2,}\S", text) else []
    return [c for c in single if c not in parts] + several + runs


def _several_characters(text: str) -> list[str]:
    """Runs of two to four marks, such as `||` or `|~|`, that stand on nearly every line."""
    lines = [line for line in text.splitlines() if line.strip()]
    runs: Counter[str] = Counter()
    for line in lines:
        runs.update(set(re.findall(r"[|~^#@:*&%$!=+]{2,4}", line)))
    return [
        run for run, count in runs.most_common(2) if count > 0.8 * len(lines) and len(lines) > 1
    ]


def _quotes(text: str, delimiter: str) -> list[str | None]:
    """Double quotes always, others where they enclose a cell, none where double ones may stray."""
    edge = re.escape(delimiter)
    quotes: list[str | None] = ['"']
    for q in "'`~":
        if q == delimiter or q not in text:
            continue
        enclosed = rf"(?:^|{edge})\s*{q}(?:[^{q}\r\n]|{q}{q}|\\{q})+{q}\s*(?:{edge}|$)"
        if re.search(enclosed, text, re.MULTILINE):
            quotes.append(q)
    if "\\'" in text and '"' not in text:
        return ["'"]  # only a quote needs an escape
    if '"' in text:
        quotes.append(None)
    return quotes


def _escapes(text: str, delimiter: str, quote: str | None) -> tuple[str | None, ...]:
    """A backslash first where one stands before a mark: on a tie, it has a purpose."""
    marks = (delimiter, quote) if quote else (delimiter,)
    return ("\\", None) if any(f"\\{mark}" in text for mark in marks) else (None,)


def _split(text: str, delimiter: str, quote: str | None, escape: str | None) -> list[list[str]]:
    records = split_records(text, delimiter, quote, escape)
    return [record for _, record in records if any(cell.strip() for cell in record)]


def _score(records: Sequence[list[str]], worth: dict[CellKind, float]) -> float:
    """Evenness × likeness of the cells to values × a bonus for width, each from 0 to 1."""
    if not records:
        return 0.0
    widths = [len(record) for record in records]
    usual = Counter(widths).most_common(1)[0][0]
    if usual == 1 and worth is _IN_TABLE:
        return 0.0
    # Lines before and behind the table cost less than lines inside it.
    first, last = widths.index(usual), len(widths) - widths[::-1].index(usual)
    inside = last - first
    counts = Counter(widths[first:last])
    evenness = sum((n / inside) ** 2 for n in counts.values()) * inside / len(widths)
    typed = records[first : last : max(1, inside // _TYPED_ROWS)]
    value = sum(sum(worth[cell_kind(c)] for c in r) / len(r) for r in typed) / len(typed)
    width = 1.0 if worth is _ALONE else (1 - 1 / (1 + sum(widths) / len(widths))) ** 0.5
    return evenness * value * width

"""Which delimiters, quotes and escapes a text may use, and how much each is believed at first."""

from __future__ import annotations

import re
from collections import Counter

from ai_data_engineer.io.csv_marks import RUN_OF_BLANKS

USUAL = ",;\t|"
_OTHERS = 8
"""So many other marks are tried, the most frequent ones."""
_PRIOR = {",": 1.0, ";": 0.98, "\t": 0.98, "|": 0.96, " ": 0.7, RUN_OF_BLANKS: 0.75, ":": 0.7}
_CHOSEN = "^~#*!§¦¬\x01\x02\x1c\x1d\x1e\x1f"
"""Rare delimiters that somebody chose as one; other marks come from the contents."""
_PRIOR_CHOSEN = 0.85
_PRIOR_OTHER = 0.5
_MARKS = frozenset(_CHOSEN + ":-/=&@%+$?_¤·•\uff0c\uff1b\u3001\uff5c")
"""All that can delimit besides the usual ones; other signs of the scripts belong to texts."""
QUOTE_PRIOR = {'"': 1.0, "'": 0.995, "`": 0.9, "~": 0.9, None: 0.9}


def delimiters(text: str) -> list[str]:
    """Return what may delimit a text with LF line ends, the usual ones first."""
    counts = Counter(re.sub(r"[\w\n\"'`.\\\0]+", "", text))
    several = _several_characters(text)
    # A character that comes in such runs nearly always is no delimiter by itself.
    parts = {c for d in several for c in d if d.count(c) * text.count(d) > 0.7 * text.count(c)}
    single = [c for c in USUAL if c in counts]
    rare = [c for c, _ in counts.most_common() if c in _MARKS]
    single += [" "] if " " in counts else []
    runs = [RUN_OF_BLANKS] if re.search(r"\S {2,}\S", text) else []
    return [c for c in (*single, *rare[:_OTHERS]) if c not in parts] + several + runs


def prior(delimiter: str) -> float:
    """Return how much a delimiter is believed before anything is read, from 0 to 1."""
    chosen = delimiter in _CHOSEN or len(delimiter) > 1
    return _PRIOR.get(delimiter, _PRIOR_CHOSEN if chosen else _PRIOR_OTHER)


def was_chosen(delimiter: str) -> bool:
    """Whether a mark is one that people choose to delimit, and texts hold seldom."""
    return prior(delimiter) >= _PRIOR_CHOSEN


def _several_characters(text: str) -> list[str]:
    """Runs of two to four marks, such as `||` or `|~|`, that stand on nearly every line."""
    lines = [line for line in text.splitlines() if line.strip()]
    runs: Counter[str] = Counter()
    for line in lines:
        runs.update(set(re.findall(r"[|~^#@:*&%$!=+]{2,4}", line)))
    # The lines of a cell that holds several may have none.
    return [
        run for run, count in runs.most_common(2) if count > 0.4 * len(lines) and len(lines) > 1
    ]


def quotes(text: str, delimiter: str) -> list[str | None]:
    """Double quotes always, others where they enclose a cell, none where double ones may stray."""
    edge = r"[ \t]+" if delimiter == RUN_OF_BLANKS else re.escape(delimiter)
    found: list[str | None] = ['"']
    for q in "'`~":
        if q in delimiter or q not in text:
            continue
        enclosed = rf"(?:^|{edge})[ \t]*{q}(?:[^{q}\n\\]|{q}{q}|\\.)++{q}[ \t]*(?:{edge}|$)"
        if re.search(enclosed, text, re.MULTILINE):
            found.append(q)
    if "\\'" in text and '"' not in text:
        return ["'"]  # only a quote needs an escape
    if '"' in text:
        found.append(None)
    return found


def escapes(text: str, delimiter: str, quote: str | None) -> tuple[str | None, ...]:
    """A backslash first where one stands before a mark: on a tie, it has a purpose."""
    marks = (delimiter, quote) if quote else (delimiter,)
    return ("\\", None) if any(f"\\{mark}" in text for mark in marks) else (None,)

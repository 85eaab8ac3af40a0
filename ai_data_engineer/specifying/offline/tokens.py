"""A goal as tokens: words, names, numbers, dates, quoted texts and marks, each with its place."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "number", "date", "quoted", "file", "clock", "compare", "mark"]

_TOKEN = re.compile(
    r"""
      (?P<quoted>"[^"]*"|'[^']*'|`[^`]*`|“[^”]*”|‘[^’]*’)
    | (?P<file>[\w./-]*[\w*]\.(?:csv|tsv|parquet|ndjson|jsonl|json|xml|txt)(?:\.gz|\.zst)?\b)
    | (?P<date>(?:\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{2}:\d{2}(?::\d{2})?Z?)?
        |\d{1,2}[./]\d{1,2}[./]\d{4})(?!\w))
    | (?P<clock>(?:\d{1,2}[:.]\d{2}\s?(?:am|pm)|\d{1,2}\s?(?:am|pm)|\d{1,2}:\d{2})(?!\w))
    | (?P<number>(?<![\w])[-+]?[$€£]?\d+(?:,\d{3})*(?:\.\d+)?\s?(?:%|[km](?!\w))?(?![\w-]))
    | (?P<word>[^\W\d][\w]*(?:(?:[.'’/-])[\w]+)*|\d+(?:st|nd|rd|th)\b|\d[\w-]*[^\W\d_][\w-]*)
    | (?P<compare><=|>=|<>|!=|==|=|<|>|≤|≥|≠)
    | (?P<mark>\n+|\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50,
    "hundred": 100, "thousand": 1000, "zero": 0,
}  # fmt: skip

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A piece of the goal. `start` and `end` are its place in the text."""

    text: str
    kind: Kind
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The text in lower case; of a quoted text what is inside."""
        return self.value.lower().replace("’", "'")

    @property
    def value(self) -> str:
        """The text, of a quoted one what is inside."""
        return self.text[1:-1] if self.kind == "quoted" else self.text

    @property
    def number(self) -> int | float | None:
        """The number that it is, in digits (`1,200`, `$5`, `10k`) or in words, without its `%`."""
        if self.kind == "word":
            return _NUMBER_WORDS.get(self.lower)
        if self.kind != "number":
            return None
        plain = re.sub(r"[,$€£%\s+]", "", self.text.lower())
        factor = {"k": 1_000, "m": 1_000_000}.get(plain[-1:], 1)
        plain = plain.rstrip("km")
        if len(plain) > 30:
            return None
        return float(plain) * factor if "." in plain else int(plain) * factor

    @property
    def date(self) -> dt.date | dt.datetime | None:
        """The date or moment that it is: ISO, or day first where it cannot be month first."""
        if self.kind not in ("date", "quoted"):
            return None
        try:
            if "." in self.value or "/" in self.value:
                return _written_date(self.value)
            if len(self.value) > 10:
                return dt.datetime.fromisoformat(self.value.rstrip("Zz"))
            return dt.date(*map(int, self.value.split("-")))
        except (ValueError, TypeError):
            return None

    @property
    def month(self) -> int | None:
        """The month that it names, 1 to 12; `may` only with its capital."""
        if self.kind != "word" or (self.lower == "may" and self.text != "May"):
            return None
        for number, name in enumerate(_MONTHS, 1):
            if self.lower == name or (
                self.text[:1].isupper() and self.lower in (name[:3], name[:4])
            ):
                return number
        return None

    @property
    def clock(self) -> tuple[int, int] | None:
        """The time of day that it is: hour and minute."""
        if self.lower in ("midnight", "noon"):
            return (0 if self.lower == "midnight" else 12), 0
        if self.kind != "clock":
            return None
        found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)?", self.lower)
        assert found is not None
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        return (hour, minute) if hour < 24 and minute < 60 else None


def _written_date(text: str) -> dt.date:
    first, second, year = (int(p) for p in re.split(r"[./]", text))
    day_first = "." in text or first > 12
    return dt.date(year, second, first) if day_first else dt.date(year, first, second)


def tokenise(goal: str) -> list[Token]:
    """Return the tokens of a goal in their order."""
    return [
        Token(m[0], m.lastgroup or "mark", m.start(), m.end())  # type: ignore[arg-type]
        for m in _TOKEN.finditer(goal)
    ]


@dataclass(frozen=True)
class Sentence:
    """Tokens up to a full stop, a semicolon, a new item or a `then`.

    `turn` counts the `then`s before it: what stands in a later turn happens later.
    """

    tokens: tuple[Token, ...]
    turn: int


_BULLET = re.compile(r"(?:^|\n)[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+")
_AFTERWARDS = (("after", "that"), ("afterwards",), ("finally",), ("then",))


def sentences(goal: str) -> list[Sentence]:
    """Split a goal where one wish ends and the next begins for certain."""
    # A bullet becomes full stops of the same length, so that every place stays where it was.
    goal = _BULLET.sub(lambda m: ";" * len(m[0]), goal)
    found: list[Sentence] = []
    current: list[Token] = []
    turn, skip = 0, 0

    def close() -> None:
        if current:
            found.append(Sentence(tuple(current), turn))
            current.clear()

    tokens = tokenise(goal)
    for at, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        following = tuple(t.lower for t in tokens[at : at + 2])
        if token.kind == "mark" and (token.text in ".;!?•" or token.text.startswith("\n\n")):
            close()
        elif token.kind == "word" and (said := _afterwards(following)):
            # "sorted by region then by amount" is one wish.
            if found or current:
                close()
                turn += 1
            skip = len(said) - 1
        elif not (token.kind == "mark" and token.text.startswith("\n") and not current):
            current.append(token)
    close()
    return found


def _afterwards(following: tuple[str, ...]) -> tuple[str, ...] | None:
    if following == ("then", "by"):
        return None
    return next((a for a in _AFTERWARDS if following[: len(a)] == a), None)

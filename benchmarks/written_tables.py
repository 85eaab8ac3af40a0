"""Texts with a dialect that is known, for they were written in it: many tables × many dialects.

The tables are real ones of `vega_datasets` and made ones of the contents that mislead detectors:
decimal commas, times, paths, URLs, JSON, names with commas, several lines in a cell.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Literal

Table = list[list[str]]
Quoting = Literal["minimal", "all", "text"]

ALIGNED = r"\s+"
"""Columns aligned by blanks."""
_USUAL = [",", ";", "\t", "|"]
_RARE = [":", "^", "~", "#", "§", "¦", "\x01", "\x1f", "*", " ", "||", "::", "|~|", "~^~"]
_WORDS = [
    "river",
    "market",
    "north",
    "stone",
    "bridge",
    "old",
    "garden",
    "quiet",
    "winter",
    "signal",
    "paper",
    "harbour",
    "little",
    "open",
    "copper",
    "field",
    "station",
    "upper",
    "morning",
    "glass",
    "orchard",
    "road",
    "school",
    "mill",
    "tower",
]


@dataclass(frozen=True)
class Written:
    """A text and how it was written; `rows` is what reading must give back."""

    text: str
    delimiter: str
    quote: str
    escape: str | None
    rows: Table
    kind: str
    """The table, for a report by kind."""


def write_all(count: int, seed: int) -> Iterator[Written]:
    """Yield `count` texts, the same for the same seed: half of them rarely delimited."""
    chance = random.Random(seed)
    while count:
        kind = chance.choice([*KINDS, "real", "real", "real"])
        rows = chance.choice([2, 3, 5, 10, 30, 100])
        table = real_table(rows, chance) if kind == "real" else made_table(kind, rows, chance)
        written = _write(table, kind, chance)
        if written is not None:
            count -= 1
            yield written


def _write(table: Table, kind: str, chance: random.Random) -> Written | None:
    """Write a table in some dialect; None when that dialect cannot hold it."""
    delimiter = chance.choice(_USUAL if chance.random() < 0.5 else [*_RARE, ALIGNED])
    quote = chance.choice(['"', '"', '"', "'"])
    escape = chance.choice([None, None, "\\"])
    quoting: Quoting = chance.choice(["minimal", "all", "text"])
    end = chance.choice(["\n", "\n", "\r\n", "\r"])
    if delimiter == ALIGNED:
        return _aligned(table, kind, end)
    if any("\\" in cell for row in table for cell in row):
        escape = None
    lines = []
    for number, row in enumerate(table):
        cells = [_enclosed(c, delimiter, quote, escape, quoting, number == 0) for c in row]
        lines.append(delimiter.join(cells))
    text = end.join(lines) + (end if chance.random() < 0.8 else "")
    return Written(text, delimiter, quote, escape, table, kind)


def _enclosed(
    cell: str, delimiter: str, quote: str, escape: str | None, quoting: Quoting, header: bool
) -> str:
    needed = delimiter in cell or quote in cell or "\n" in cell or "\r" in cell or cell == ""
    needed = needed or cell != cell.strip() or (len(delimiter) > 1 and delimiter[0] in cell)
    if cell == "" and quoting != "all":
        return ""
    wanted = quoting == "all" or (quoting == "text" and (header or not _is_number(cell)))
    if not needed and not wanted:
        return cell
    doubled = cell.replace(quote, escape + quote if escape else quote * 2)
    return f"{quote}{doubled}{quote}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _aligned(table: Table, kind: str, end: str) -> Written | None:
    if any(not c or any(b.isspace() for b in c) or '"' in c for row in table for c in row):
        return None
    if len(table[0]) < 2:
        return None
    widths = [max(len(row[i]) for row in table) + 2 for i in range(len(table[0]))]
    lines = ["".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in table]
    return Written(end.join(lines) + end, ALIGNED, '"', None, table, kind)


def real_table(rows: int, chance: random.Random) -> Table:
    """Return the header and so many rows at most of some columns of a table of `vega_datasets`."""
    return _part(chance.choice(_real_tables()), rows, chance)


@cache
def _real_tables() -> list[Table]:
    data = Path(str(distribution("vega-datasets").locate_file("vega_datasets"))) / "_data"
    tables = []
    for path in sorted(data.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.reader(file)))
    return tables


def _part(table: Table, rows: int, chance: random.Random) -> Table:
    """Return the header, some rows and some of the columns."""
    width = len(table[0])
    columns = sorted(chance.sample(range(width), chance.randint(min(2, width), min(8, width))))
    start = chance.randrange(1, max(2, len(table) - rows))
    chosen = [table[0], *(r for r in table[start : start + rows] if len(r) == width)]
    return [[row[c] for c in columns] for row in chosen]


def made_table(kind: str, rows: int, chance: random.Random) -> Table:
    """Return a header and so many rows of what a kind of table holds."""
    header, cells = _MADE[kind]
    return [list(header), *([make(chance) for make in cells] for _ in range(rows))]


def _number(chance: random.Random) -> str:
    return str(chance.randint(0, 99_999))


def _decimal_comma(chance: random.Random) -> str:
    return f"{chance.uniform(0, 2_000):.2f}".replace(".", ",")


def _thousands(chance: random.Random) -> str:
    return f"{chance.randint(1_000, 5_000_000):,}"


def _date(chance: random.Random) -> str:
    return f"{chance.randint(2001, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def _slashed(chance: random.Random) -> str:
    return f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.randint(2001, 2024)}"


def _time(chance: random.Random) -> str:
    return f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}"


def _instant(chance: random.Random) -> str:
    return f"{_date(chance)}T{_time(chance)}+02:00"


def _word(chance: random.Random) -> str:
    return chance.choice(_WORDS)


def _name(chance: random.Random) -> str:
    return f"{_word(chance).title()}, {_word(chance).title()} {chance.choice('ABCDE')}."


def _sentence(chance: random.Random) -> str:
    words = [_word(chance) for _ in range(chance.randint(4, 18))]
    words[chance.randrange(len(words))] += chance.choice([",", ";", ":", " -", "|", "'s", " (so)"])
    return " ".join(words).capitalize() + chance.choice([".", "!", "?", "..."])


def _lines(chance: random.Random) -> str:
    return "\n".join(_sentence(chance) for _ in range(chance.randint(1, 3)))


def _said(chance: random.Random) -> str:
    return f'the "{_word(chance)}" {_word(chance)}' if chance.random() < 0.5 else _word(chance)


def _inches(chance: random.Random) -> str:
    return f"{chance.randint(1, 30)}'{chance.randint(0, 11)}\""


def _json(chance: random.Random) -> str:
    return f'{{"{_word(chance)}": {chance.randint(1, 9)}, "at": ["{_word(chance)}", 2]}}'


def _url(chance: random.Random) -> str:
    return f"https://{_word(chance)}.example/{_word(chance)}?a={_number(chance)}&b={_word(chance)}"


def _path(chance: random.Random) -> str:
    return f"C:\\{_word(chance)}\\{_word(chance)}.txt"


def _listed(chance: random.Random) -> str:
    return chance.choice(";|,/").join(_word(chance) for _ in range(chance.randint(1, 4)))


def _sometimes(chance: random.Random) -> str:
    return _number(chance) if chance.random() < 0.6 else ""


_MADE = {
    "decimal commas": (["ort", "wert", "summe"], [_word, _decimal_comma, _decimal_comma]),
    "thousands": (["id", "sales", "cost"], [_number, _thousands, _thousands]),
    "times": (["line", "departs", "arrives"], [_word, _time, _time]),
    "instants": (["id", "opened", "closed"], [_number, _instant, _instant]),
    "slashed dates": (["day", "place", "count"], [_slashed, _word, _number]),
    "names": (["id", "name", "born"], [_number, _name, _date]),
    "free text": (["id", "comment"], [_number, _sentence]),
    "only text": (["topic", "remark", "answer"], [_word, _sentence, _sentence]),
    "several lines": (["id", "address", "city"], [_number, _lines, _word]),
    "quotes in text": (["id", "title", "kind"], [_number, _said, _word]),
    "feet and inches": (["name", "height", "n"], [_word, _inches, _number]),
    "json": (["id", "payload", "at"], [_number, _json, _instant]),
    "addresses": (["url", "hits"], [_url, _number]),
    "paths": (["path", "bytes"], [_path, _number]),
    "lists": (["id", "tags", "more"], [_number, _listed, _listed]),
    "gaps": (["a", "b", "c", "d"], [_sometimes, _sometimes, _word, _sometimes]),
    "words": (["one", "two", "three"], [_word, _word, _word]),
    "numbers": (["x", "y"], [_number, _number]),
    "one column of text": (["comment"], [_sentence]),
    "one column of instants": (["at"], [_instant]),
    "one column of numbers": (["value"], [_decimal_comma]),
}  # fmt: skip

KINDS = tuple(_MADE)

"""Tables of names, places and sentences in many languages, and the encodings they are met in."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).with_name("encoding_samples.tsv")
"""Language, locale, encodings it is met in, names, places and sentences, with `|` between them."""
UNICODE = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
)  # fmt: skip

ASCII_ROWS = 400
"""Rows without another letter before the first accent, where it comes late."""
LONG_ROWS = 60


@dataclass(frozen=True)
class Sample:
    """Bytes of a CSV file and the text that they stand for."""

    language: str
    encoding: str
    length: str
    data: bytes
    text: str


def samples(seed: int) -> Iterator[Sample]:
    """Yield each language in each encoding that can hold it, at each length, no bytes twice."""
    seen = set[bytes]()
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        language, _, encodings, *words = line.split("\t")
        for encoding in (*encodings.split(), *UNICODE):
            for length in ("one word", "short", "long", "late"):
                chance = random.Random(f"{seed} {language} {length}")
                text = _table(chance, length, *(w.split("|") for w in words))
                try:
                    data = text.encode(encoding)
                except UnicodeEncodeError:
                    continue
                if data not in seen and not text.isascii():
                    seen.add(data)
                    yield Sample(language, encoding, length, data, text)


NAME_COUNTS = (1, 3, 10, 60)


def names(seed: int) -> Iterator[Sample]:
    """Yield names of countries, languages, months and days from the CLDR, a few or many of them.

    The rules were made without them.
    """
    from babel import Locale

    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        language, code, encodings, *_ = line.split("\t")
        found = Locale.parse(code)
        days, months = found.days["format"]["wide"], found.months["format"]["wide"]
        words = [*found.territories.values(), *found.languages.values(), *days.values()]
        words = [word for word in (*words, *months.values()) if word]
        for encoding in encodings.split():
            for count in NAME_COUNTS:
                for again in range(4):
                    chance = random.Random(f"{seed} {code} {count} {again}")
                    taken = chance.sample(words, count)
                    if count == 1:
                        taken = [chance.choice([word for word in words if not word.isascii()])]
                    lines = (f"{n};{w};{chance.randrange(999)}\n" for n, w in enumerate(taken))
                    text = f"id;name;value\n{''.join(lines)}"
                    try:
                        data = text.encode(encoding)
                    except UnicodeEncodeError:
                        continue
                    if not text.isascii():
                        yield Sample(language, encoding, f"{count} names", data, text)


def _table(
    chance: random.Random, length: str, names: list[str], places: list[str], notes: list[str]
) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["id", "name", "city", "amount", "note"])
    if length in ("one word", "late"):
        rows = 12 if length == "one word" else ASCII_ROWS
        for number in range(rows):
            write([number, "Smith", "Boston", chance.randrange(900), "delivered in time"])
        other = [p for p in places if not p.isascii()] or names
        write([rows, "Jones", chance.choice(other), chance.randrange(900), "open"])
    if length == "short":
        for number, name in enumerate(names[:3]):
            write([number, name, chance.choice(places), chance.randrange(900), notes[0]])
    if length == "long" or (length == "late" and chance.random() < 0.5):
        for number in range(LONG_ROWS):
            write([number, chance.choice(names), chance.choice(places), chance.randrange(900),
                   chance.choice(notes)])  # fmt: skip
    return out.getvalue()

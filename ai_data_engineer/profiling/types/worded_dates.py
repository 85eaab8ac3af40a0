"""Dates with months in words, in any order and in the large European languages."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import get_args

from ai_data_engineer.parsing import DateLanguage
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.spec.date_words import ZONES, month_names, weekday_names

_CLOCK = re.compile(
    r"(?<![\d:])\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<fraction>[.,]\d{1,9})?(?![\d:])"
    r"(?P<half> ?(?i:[ap]m)\b)?(?P<zone> ?(?:Z\b|[+-]\d{2}(?::?\d{2})?\b|[A-Z]{3,4}$))?"
)
_PART = re.compile(
    r"(?P<digits>[0-9]+)(?P<ending>st|nd|rd|th|er\b)?|(?P<word>[^\W\d_]+(?:-feira|'ятниця)?)"
)
_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS: dict[DateLanguage, frozenset[str]] = {
    "en": frozenset({"st", "nd", "rd", "th"}),
    "fr": frozenset({"er"}),
}
_LONGEST_FILLER = 5
"""Letters of the words that may stand beside day, month and year: `de`, `of`, `року`."""
_LANGUAGES: tuple[DateLanguage, ...] = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "sv", "cs", "tr", "da", "nb", "fi", "hu",
    "ro", "el", "uk",
)  # fmt: skip
"""The likeliest first: what several languages write alike is taken for the first of them."""
assert set(_LANGUAGES) == set(get_args(DateLanguage))


def is_worded_date(text: str) -> bool:
    """Return whether a text is a date with a month in words."""
    return bool(_formats(text))


def worded_format(texts: Texts, allowed_misses: int) -> tuple[str, DateLanguage] | None:
    """Return the format that nearly all texts have, and the language of its words."""
    found = Counter[tuple[str, DateLanguage]]()
    unread = 0
    for shape, count in texts.shapes.items():
        formats = _formats(texts.examples[shape])
        for language, written in formats.items():
            found[written, language] += count
        unread += 0 if formats else count
        if unread > allowed_misses:
            return None
    # French counts the first of a month (`1er`), and no other day.
    for written, language in list(found):
        if language == "fr" and "%o" in written:
            found[written, language] += found.pop((written.replace("%o", ""), language), 0)
    if not found:
        return None
    words = Counter(_WORD.findall(texts.joined.lower()))

    def fit(form: tuple[str, DateLanguage]) -> tuple[int, int, int]:
        """A shape shows one text of many: the words of all tell languages apart."""
        names = month_names(form[1])
        known = sum(count for word, count in words.items() if word in names)
        return known, found[form], -_LANGUAGES.index(form[1])

    return max(found, key=fit)


def _formats(text: str) -> dict[DateLanguage, str]:
    """Return the format of a text in each language that its words are of."""
    if "%" in text or not text.isprintable():
        return {}
    clock = _CLOCK.search(text)
    written_clock = _clock(clock) if clock else ""
    if written_clock is None:
        return {}
    rest = f"{text[: clock.start()]}\0{text[clock.end() :]}" if clock else text
    words = {m["word"].lower() for m in _PART.finditer(rest) if m["word"]}
    known = [languages for word in words if (languages := _in_languages(word))]
    formats = {}
    for language in frozenset.intersection(*known) if known else ():
        if (date := _date(rest, language)) is not None:
            formats[language] = date.replace("\0", written_clock)
    return formats


@cache
def _in_languages(word: str) -> frozenset[DateLanguage]:
    """Return the languages in which a word is a month or a weekday."""
    return frozenset(
        language
        for language in _LANGUAGES
        if word in month_names(language) or word in weekday_names(language)
    )


def _date(text: str, language: DateLanguage) -> str | None:
    """Return the format of a date, in which a NUL stands for the time of day."""
    parts = list(_PART.finditer(text))
    months = [i for i, m in enumerate(parts) if (m["word"] or "").lower() in month_names(language)]
    is_weekday_first = bool(parts) and (parts[0]["word"] or "").lower() in weekday_names(language)
    if is_weekday_first and len(months) == 2 and months[0] == 0:
        del months[0]  # `mar` is a weekday and a month
    if len(months) != 1:
        return None
    month = months[0]
    numbers = [i for i, m in enumerate(parts) if m["digits"]]
    directives = {month: "%B"} | _numbers(parts, numbers, month)
    if "%Y" not in directives.values() and "%y" not in directives.values():
        return None
    if is_weekday_first and month != 0:
        directives[0] = "%A"
    out, end = "", 0
    for index, part in enumerate(parts):
        directive = directives.get(index)
        longest = _LONGEST_FILLER if "%d" in directives.values() else 2
        if directive is None and (part["digits"] or len(part["word"]) > longest):
            return None
        between = text[end : part.start()]
        if out.endswith(("%B", "%A")):
            between = between.removeprefix(".")
        out += between
        if part["ending"] and (
            directive != "%d" or part["ending"] not in _ENDINGS.get(language, ())
        ):
            return None
        out += directive + ("%o" if part["ending"] else "") if directive else part[0]
        end = part.end()
    rest = text[end:]
    return out + (rest.removeprefix(".") if out.endswith("%B") else rest)


def _numbers(parts: list[re.Match[str]], numbers: list[int], month: int) -> dict[int, str]:
    """Return what the numbers beside a month are; empty unless a year, or a day and a year."""
    sizes = [len(parts[i]["digits"]) for i in numbers]
    if sizes == [4]:
        return {numbers[0]: "%Y"}
    if len(sizes) != 2 or max(sizes) > 4 or 3 in sizes:
        return {}
    first, second = numbers
    if 4 in sizes:
        year, day = (first, second) if sizes[0] == 4 else (second, first)
        return {year: "%Y", day: "%d"} if sizes.count(4) == 1 else {}
    return {first: "%d", second: "%y"} if sizes[1] == 2 else {}


def _clock(found: re.Match[str]) -> str | None:
    if found["fraction"] and not found["seconds"]:
        return None
    written = "%I:%M" if found["half"] else "%H:%M"
    written += ":%S" if found["seconds"] else ""
    written += f"{found['fraction'][0]}%f" if found["fraction"] else ""
    if half := found["half"]:
        written += half[:-2] + "%p"
    if zone := found["zone"]:
        name = zone.strip()
        if name.isalpha() and name != "Z" and name not in ZONES:
            return None
        written += zone[: -len(name)] + ("%Z" if name in ZONES else "%z")
    return written

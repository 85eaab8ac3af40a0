"""Columns with known types: every way of writing values, with and without dirt, from a seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ai_data_engineer.spec.date_words import month_names

ROWS = 300
MISSING_SHARE = 0.12
DIRT_SHARE = 0.015
MARKERS = ("", "NA", "N/A", "-", "null", "?", "n/a", "None", "NULL", "--")
DIRT = ("unknown value", "see note", "x9?", "error", "tbc", "#", "not given", "(see below)")
WORDS = ("amber", "birch", "cobalt", "dune", "ember", "fjord", "grove", "harbor", "kelp", "timber")

Write = Callable[[random.Random], str]


@dataclass(frozen=True)
class Column:
    """A column as it stands in a file, and the types that are right for it."""

    group: str
    form: str
    noise: str
    name: str
    values: tuple[str, ...]
    right: frozenset[str]
    """Of integer, float, boolean, date, time, datetime, string; several where either is right."""


def columns(seed: int) -> Iterator[Column]:
    """Yield each form clean, with missing values, and with one or two bad values in a hundred."""
    for group, form, name, right, write in _forms():
        for noise in ("clean", "missing", "dirty"):
            chance = random.Random(f"{seed} {group} {form} {noise}")
            values = [write(chance) for _ in range(ROWS)]
            if form.startswith("sorted"):
                values.sort()
            if noise == "missing":
                marker = chance.choice(MARKERS)
                values = [marker if chance.random() < MISSING_SHARE else v for v in values]
            if noise == "dirty":
                if right == {"string"} or right & {"boolean"}:
                    continue
                for _ in range(round(DIRT_SHARE * ROWS)):
                    values[chance.randrange(ROWS)] = chance.choice(DIRT)
            yield Column(
                group, form, noise, name or f"col_{chance.choice('abcdefgh')}", tuple(values),
                frozenset(right),
            )  # fmt: skip


Form = tuple[str, str, str, set[str], Write]


def _forms() -> Iterator[Form]:
    yield from _numbers()
    yield from _quantities()
    yield from _booleans()
    yield from _dates()
    yield from _worded_dates()
    yield from _times()
    yield from _datetimes()
    yield from _things()
    yield from _words()
    yield from _afterwards()


def grouped(digits: str, mark: str, is_indian: bool = False) -> str:
    """Return digits with a mark between groups."""
    head, groups = digits[:-3], [digits[-3:]]
    size = 2 if is_indian else 3
    while head:
        groups.insert(0, head[-size:])
        head = head[:-size]
    return mark.join(groups)


def number(chance: random.Random, most: int, digits: int, decimal: str, mark: str = "") -> str:
    """Return a number of any size up to `most` as a country writes it."""
    whole = str(int(most ** chance.random()))
    fraction = f"{decimal}{chance.randrange(10**digits):0{digits}d}" if digits else ""
    return f"{'-' if chance.random() < 0.2 else ''}{grouped(whole, mark)}{fraction}"


PLAIN = "plain numbers"


def _numbers() -> Iterator[Form]:
    yield PLAIN, "small integers", "age", {"integer"}, lambda c: str(c.randrange(120))
    yield PLAIN, "integers", "", {"integer"}, lambda c: str(c.randrange(-(10**6), 10**6))
    yield PLAIN, "years", "year", {"integer"}, lambda c: str(c.randrange(1950, 2026))
    yield (
        "plain numbers",
        "large integers",
        "",
        {"integer"},
        lambda c: str(c.randrange(10**12, 10**15)),
    )
    yield (
        "plain numbers",
        "plus signs",
        "change",
        {"integer"},
        lambda c: f"{c.randrange(-99, 99):+d}",
    )
    yield PLAIN, "decimals", "", {"float"}, lambda c: f"{c.gauss(0, 50):.3f}"
    yield PLAIN, "ragged decimals", "", {"float"}, lambda c: repr(round(c.gauss(0, 9), 4))
    yield PLAIN, "full doubles", "", {"float"}, lambda c: repr(c.gauss(0, 1))
    yield PLAIN, "scientific", "", {"float"}, lambda c: f"{c.gauss(0, 1e-9):.4e}"
    yield PLAIN, "scientific capitals", "", {"float"}, lambda c: f"{c.gauss(0, 1e12):.2E}"
    yield PLAIN, "no nought before", "", {"float"}, lambda c: f".{c.randrange(1000):03d}"
    yield "numbers with marks", "comma decimals", "", {"float"}, lambda c: number(c, 10**4, 2, ",")
    for name, decimal, mark in (
        ("English", ".", ","), ("German", ",", "."), ("French", ",", "\u202f"),
        ("Swedish", ",", " "),
        ("Swiss", ".", "'"), ("Swiss typographic", ".", "\u2019"), ("ISO", ".", "\u2009"),
        ("Polish", ",", "\u00a0"),
    ):  # fmt: skip
        yield (
            "numbers with marks", f"{name} groups", "", {"float"},
            lambda c, d=decimal, m=mark: number(c, 10**8, 2, d, m),  # type: ignore[misc]
        )  # fmt: skip
        yield (
            "numbers with marks", f"{name} whole groups", "population", {"integer"},
            lambda c, d=decimal, m=mark: number(c, 10**9, 0, d, m),  # type: ignore[misc]
        )  # fmt: skip
    yield (
        "numbers with marks", "Indian groups", "", {"float"},
        lambda c: f"{grouped(str(int(10 ** (9 * c.random()))), ',', True)}.{c.randrange(100):02d}",
    )  # fmt: skip
    yield (
        "numbers with marks", "negatives in parentheses", "balance", {"float"},
        lambda c: (lambda t: f"({t[1:]})" if t[0] == "-" else t)(number(c, 10**6, 2, ".", ",")),
    )  # fmt: skip
    yield (
        "numbers with marks", "sign behind", "", {"float"},
        lambda c: (lambda t: f"{t[1:]}-" if t[0] == "-" else t)(number(c, 10**5, 2, ",", ".")),
    )  # fmt: skip
    yield (
        "numbers with marks", "typographic minus", "", {"float"},
        lambda c: number(c, 10**4, 1, ".").replace("-", "\u2212"),
    )  # fmt: skip


def _quantities() -> Iterator[Form]:
    for form, write in {
        "$ before": lambda c: f"${abs(c.gauss(0, 2000)):,.2f}",
        "-$ before": lambda c: f"{c.choice(['', '-'])}${abs(c.gauss(0, 2000)):,.2f}",
        "($)": lambda c: c.choice(["${}", "(${})", "${}"]).format(f"{abs(c.gauss(0, 2000)):,.2f}"),
        "€ behind": lambda c: f"{number(c, 10**6, 2, ',', '.')} €",
        "€ behind a fixed blank": lambda c: f"{number(c, 10**5, 2, ',')}\u00a0€",
        "£": lambda c: f"£{abs(c.gauss(0, 300)):.2f}",
        "EUR before": lambda c: f"EUR {abs(c.gauss(0, 300)):.2f}",
        "USD behind": lambda c: f"{abs(c.gauss(0, 300)):.2f} USD",
        "R$": lambda c: f"R$ {number(c, 10**6, 2, ',', '.').lstrip('-')}",
        "kr": lambda c: f"{number(c, 10**6, 2, ',', ' ')} kr",
        "zł": lambda c: f"{number(c, 10**6, 2, ',', ' ')} zł",
        "CHF": lambda c: f"CHF {number(c, 10**6, 2, '.', chr(39)).lstrip('-')}",
        "Rs.": lambda c: f"Rs. {number(c, 10**6, 2, '.', ',').lstrip('-')}",
        "per cent": lambda c: f"{c.gauss(0, 30):.1f}%",
        "per cent behind a blank": lambda c: f"{number(c, 100, 1, ',')} %",
        "kg": lambda c: f"{abs(c.gauss(0, 30)):.1f} kg",
        "km/h": lambda c: f"{abs(c.gauss(60, 30)):.1f} km/h",
        "°C": lambda c: f"{c.gauss(10, 9):.1f}°C",
        "m²": lambda c: f"{number(c, 900, 2, ',').lstrip('-')} m²",
    }.items():
        yield "quantities", form, "", {"float"}, write
    yield (
        "quantities", "whole $", "grant", {"integer", "float"},
        lambda c: f"${c.randrange(10**6):,}",
    )  # fmt: skip
    yield "quantities", "ms", "", {"integer", "float"}, lambda c: f"{c.randrange(9000)} ms"
    yield (
        "quantities", "several units", "", {"string"},
        lambda c: f"{c.randrange(1, 900)} {c.choice(['g', 'kg', 'ml'])}",
    )  # fmt: skip


def _booleans() -> Iterator[Form]:
    pairs = (
        "true false", "True False", "TRUE FALSE", "yes no", "Y N", "T F", "on off", "ja nein",
        "oui non", "sí no", "sim não", "ja nee", "ja nej", "tak nie", "ano ne", "да нет",
        "так ні", "kyllä ei", "igen nem", "da nu", "evet hayır", "ναι όχι", "vrai faux",
        "wahr falsch",
        "vero falso", "verdadero falso", "はい いいえ", "是 否",
    )  # fmt: skip
    for pair in pairs:
        yes, no = pair.split()
        yield "booleans", pair, "", {"boolean"}, lambda c, y=yes, n=no: c.choice([y, n, n])  # type: ignore[misc]
    yield (
        "booleans", "0 1", "is_active", {"boolean", "integer"}, lambda c: c.choice("01")
    )  # fmt: skip
    yield "booleans", "0 1 counted", "children", {"integer"}, lambda c: c.choice("001")


def moment(chance: random.Random) -> dt.datetime:
    """Return a moment between 1990 and 2029."""
    return dt.datetime(1990, 1, 1) + dt.timedelta(seconds=chance.randrange(40 * 365 * 86_400))


def _dates() -> Iterator[Form]:
    for form in (
        "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y",
        "%d.%m.%Y", "%d %m %Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%Y年%m月%d日", "%-d.%-m.%Y",
        "%-m/%-d/%Y", "%-d/%-m/%Y", "%Y-%-m-%-d", "%Y년 %-m월 %-d일", "%-m/%-d/%y",
    ):  # fmt: skip
        yield "dates", form, "", {"date"}, lambda c, f=form: moment(c).strftime(f)  # type: ignore[misc]
    yield "dates", "%Y%m%d", "order_date", {"date"}, lambda c: moment(c).strftime("%Y%m%d")
    yield "dates", "%Y-%m", "month", {"date", "string"}, lambda c: moment(c).strftime("%Y-%m")
    yield "dates", "%Y-%j", "day", {"date", "string"}, lambda c: moment(c).strftime("%Y-%j")
    yield "dates", "week", "", {"string"}, lambda c: moment(c).strftime("%G-W%V")
    yield "dates", "quarter", "", {"string"}, lambda c: f"{moment(c).year}-Q{c.randrange(1, 5)}"


def _worded_dates() -> Iterator[Form]:
    for form in (
        "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y-%b-%d",
        "%d%b%Y", "%a, %d %b %Y", "%A, %B %d, %Y", "%B %-d, %Y", "%-d %B %Y", "%d/%b/%Y",
    ):  # fmt: skip
        yield "dates in words", form, "", {"date"}, lambda c, f=form: moment(c).strftime(f)  # type: ignore[misc]
    yield "dates in words", "ordinals", "", {"date"}, lambda c: _ordinal(moment(c))
    yield (
        "dates in words", "ordinals of", "", {"date"},
        lambda c: (lambda m: f"{_ending(m.day)} of {m:%B %Y}")(moment(c)),
    )  # fmt: skip
    forms = {
        "de": "{d}. {m} {y}", "fr": "{d} {m} {y}", "es": "{d} de {m} de {y}", "it": "{d} {m} {y}",
        "pt": "{d} de {m} de {y}", "nl": "{d} {m} {y}", "pl": "{d} {m} {y}", "cs": "{d}. {m} {y}",
        "sv": "{d} {m} {y}", "da": "{d}. {m} {y}", "nb": "{d}. {m} {y}", "fi": "{d}. {m} {y}",
        "hu": "{y}. {m} {d}.", "ro": "{d} {m} {y}", "el": "{d} {m} {y}", "ru": "{d} {m} {y} г.",
        "uk": "{d} {m} {y}", "tr": "{d} {m} {y}",
    }  # fmt: skip
    for language, form in forms.items():
        names = month_names(language)  # type: ignore[arg-type]
        months = list(dict.fromkeys(names.values()))
        first = {e: next(n for n, english in names.items() if english == e) for e in months}
        order = sorted(first, key=_ENGLISH.index)
        yield (
            "dates in words", language, "", {"date"},
            lambda c, f=form, w=[first[e] for e in order]: (  # type: ignore[misc]
                lambda m: f.format(d=m.day, m=w[m.month - 1], y=m.year)
            )(moment(c)),
        )  # fmt: skip


_ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _ending(day: int) -> str:
    last = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{last}"


def _ordinal(when: dt.datetime) -> str:
    return f"{when:%B} {_ending(when.day)}, {when.year}"


def _times() -> Iterator[Form]:
    for form in (
        "%H:%M",
        "%H:%M:%S",
        "%I:%M %p",
        "%I:%M:%S %p",
        "%-H:%M",
        "%H:%M:%S.%f",
        "%-I:%M%p",
    ):
        yield "times", form, "opens", {"time"}, lambda c, f=form: moment(c).strftime(f)  # type: ignore[misc]
    yield (
        "times", "hours beyond a day", "elapsed", {"string"},
        lambda c: f"{c.randrange(90)}:{c.randrange(60):02}:{c.randrange(60):02}",
    )  # fmt: skip
    yield "times", "ISO durations", "", {"string"}, lambda c: f"PT{c.randrange(1, 90)}M"
    yield (
        "times", "hours and minutes", "", {"string"},
        lambda c: f"{c.randrange(9)}h {c.randrange(60)}m",
    )  # fmt: skip


def _datetimes() -> Iterator[Form]:
    for form in (
        "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S.%f",
        "%Y-%m-%dT%H:%M:%S+02:00", "%Y-%m-%d %H:%M:%S+02", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M",
        "%m/%d/%Y %I:%M %p", "%-m/%-d/%Y %-I:%M:%S %p", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y, %H:%M",
        "%d %b %Y %H:%M", "%a, %d %b %Y %H:%M:%S +0000", "%a %b %d %H:%M:%S +0000 %Y",
        "%d/%b/%Y:%H:%M:%S +0100", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S EST",
        "%Y%m%dT%H%M%SZ", "%m/%d/%y %H:%M", "%B %d, %Y %I:%M %p", "%Y/%m/%d %H:%M:%S",
        "%Y-%m-%d %H:%M:%S,%f",
    ):  # fmt: skip
        yield "datetimes", form, "", {"datetime"}, lambda c, f=form: moment(c).strftime(f)  # type: ignore[misc]
    stamp: Write = lambda c: str(c.randrange(1_500_000_000, 1_750_000_000))  # noqa: E731
    yield "datetimes", "epoch seconds", "created_at", {"datetime", "integer"}, stamp
    yield "datetimes", "sorted epoch seconds", "", {"datetime", "integer"}, stamp
    yield "datetimes", "epoch milliseconds", "", {"datetime", "integer"}, lambda c: f"{stamp(c)}123"


def _things() -> Iterator[Form]:
    for form, name, write in (
        ("leading zeros", "", lambda c: f"{c.randrange(10**5):06d}"),
        ("US postcodes", "zip", lambda c: f"{c.randrange(501, 99950):05d}"),
        ("German postcodes", "plz", lambda c: f"{c.randrange(1001, 99998):05d}"),
        ("telephone", "phone", lambda c: f"+49 30 {c.randrange(10**6, 10**7)}"),
        ("US telephone", "", lambda c: f"({c.randrange(200, 999)}) 555-{c.randrange(10**4):04d}"),
        ("plain telephone", "mobile", lambda c: f"{c.randrange(6 * 10**9, 10**10)}"),
        ("hex", "", lambda c: f"0x{c.randrange(16**6):06x}"),
        ("hex digits", "", lambda c: f"{c.randrange(16**8):08x}"),
        ("codes", "", lambda c: f"{c.choice('ABCD')}{c.randrange(10**4):04d}"),
        ("dashed codes", "", lambda c: f"{c.randrange(100, 999)}-{c.randrange(10, 99)}"),
        ("versions", "", lambda c: f"{c.randrange(9)}.{c.randrange(20)}.{c.randrange(9)}"),
        ("addresses", "", lambda c: ".".join(str(c.randrange(256)) for _ in range(4))),
        ("social security", "ssn",
         lambda c: f"{c.randrange(1, 899):03}-{c.randrange(1, 99):02}-{c.randrange(1, 9999):04}"),
        ("fractions", "", lambda c: f"{c.randrange(1, 40)}/{c.randrange(32, 90)}"),
        ("scores", "", lambda c: f"{c.randrange(6)}:{c.randrange(6)}"),
        ("ranges", "", lambda c: (lambda n: f"{n}-{n + 9}")(10 * c.randrange(10))),
        ("pairs", "", lambda c: f"{c.uniform(-90, 90):.4f}, {c.uniform(-180, 180):.4f}"),
        ("ISBN", "isbn", lambda c: f"978{c.randrange(10**9, 10**10)}"),
        ("UUID", "", lambda c: f"{c.getrandbits(32):08x}-1c2d-4e5f-8a9b-{c.getrandbits(48):012x}"),
    ):  # fmt: skip
        yield "names of things in digits", form, name, {"string"}, write
    yield (
        "names of things in digits", "19 digits", "tweet_id", {"string", "integer"},
        lambda c: str(c.randrange(10**18, 9 * 10**18)),
    )  # fmt: skip


def _words() -> Iterator[Form]:
    for form, write in (
        ("categories", lambda c: c.choice(["low", "middle", "high"])),
        ("two words", lambda c: c.choice(["pass", "fail"])),
        ("letters", lambda c: c.choice("ABCDE")),
        ("M and F", lambda c: c.choice("MF")),
        ("names", lambda c: f"{c.choice(WORDS).title()} {c.choice(WORDS).title()}"),
        ("sentences", lambda c: f"{' '.join(c.choices(WORDS, k=9)).capitalize()}."),
        ("months", lambda c: moment(c).strftime("%B")),
        ("weekdays", lambda c: moment(c).strftime("%a")),
        ("countries", lambda c: c.choice(["NA", "DE", "FR", "NO", "SE"])),
        ("Roman numerals", lambda c: c.choice(["I", "II", "III", "IV", "V", "X"])),
        ("yes, no, maybe", lambda c: c.choice(["yes", "no", "maybe"])),
        ("numbers and words", lambda c: c.choice([str(c.randrange(99)), c.choice(WORDS)])),
        ("numbered words", lambda c: f"{c.choice(WORDS)} {c.randrange(99)}"),
        ("cities", lambda c: c.choice(["São Paulo", "Zürich", "Łódź", "北京", "Αθήνα", "Москва"])),
        ("mail", lambda c: f"{c.choice(WORDS)}@{c.choice(WORDS)}.org"),
        ("links", lambda c: f"https://{c.choice(WORDS)}.org/{c.randrange(999)}"),
        ("sizes", lambda c: c.choice(["S", "M", "L", "XL", "38", "40"])),
        ("grades", lambda c: c.choice(["A+", "A", "A-", "B+", "B", "B-"])),
        ("at most", lambda c: c.choice(["<", ">", ""]) + str(c.randrange(99))),
        ("addresses", lambda c: f"{c.randrange(1, 99)} {c.choice(WORDS).title()} Street"),
    ):
        yield "words", form, "", {"string"}, write


def _afterwards() -> Iterator[Form]:
    """Forms that were written when the rules were done."""
    for form, right, write in (
        ("€ before", {"float"}, lambda c: f"€{number(c, 10**6, 2, ',', '.').lstrip('-')}"),
        ("NOK", {"float"}, lambda c: f"NOK {number(c, 10**6, 2, ',', ' ').lstrip('-')}"),
        ("US$", {"integer", "float"}, lambda c: f"US$ {c.randrange(10**6):,}"),
        ("Fr. behind", {"float"}, lambda c: f"{number(c, 10**6, 2, '.', chr(39))} Fr."),
        ("- °C", {"integer", "float"},
         lambda c: f"{c.choice(['', chr(0x2212)])}{c.randrange(30)} °C"),
        ("dB", {"float"}, lambda c: f"{c.gauss(0, 3):+.1f} dB"),
        ("mmol/L", {"float"}, lambda c: f"{c.uniform(3, 9):.1f} mmol/L"),
        ("exponents of three digits", {"float"}, lambda c: f"{c.gauss(0, 1):.3f}E+003"),
        ("padded integers", {"integer"}, lambda c: f"{c.randrange(10**5):8d} "),
        ("millions", {"string"}, lambda c: f"£{c.uniform(1, 9):.1f}{c.choice('mk')}"),
        ("GB and MB", {"string"}, lambda c: f"{c.randrange(1, 900)} {c.choice(['GB', 'MB'])}"),
        ("spans of money", {"string"}, lambda c: (lambda n: f"${n} - ${n + 99}")(c.randrange(900))),
        ("blood pressure", {"string"}, lambda c: f"{c.randrange(90, 180)}/{c.randrange(50, 110)}"),
        ("dimensions", {"string"}, lambda c: f"{c.randrange(1, 99)}x{c.randrange(1, 99)}"),
        ("places", {"string"}, lambda c: _ending(c.randrange(1, 99))),
        ("numbered", {"string"}, lambda c: f"No. {c.randrange(1, 99)}"),
        ("seats", {"string"}, lambda c: f"{c.randrange(1, 40)}{c.choice('ABCDEF')}"),
        ("free numbers", {"string"}, lambda c: f"1-800-555-{c.randrange(10**4):04d}"),
        ("British postcodes", {"string"}, lambda c: f"N{c.randrange(1, 20)} {c.randrange(10)}AB"),
        ("lists", {"string"}, lambda c: ",".join(str(c.randrange(9)) for _ in range(3))),
        ("kept by an apostrophe", {"string"}, lambda c: f"'{c.randrange(10**5):06d}"),
        ("MAC", {"string"}, lambda c: ":".join(f"{c.randrange(256):02x}" for _ in range(6))),
        ("spans of days", {"string"},
         lambda c: f"{moment(c):%d.%m.%Y} - {moment(c):%d.%m.%Y}"),
        ("financial quarters", {"string"},
         lambda c: f"Q{c.randrange(1, 5)} FY{c.randrange(18, 26)}"),
        ("05-JAN-24", {"date"}, lambda c: moment(c).strftime("%d-%b-%y").upper()),
        ("Fri 05 Jan 2024", {"date"}, lambda c: moment(c).strftime("%a %d %b %Y")),
        ("2024. 1. 5.", {"date"}, lambda c: moment(c).strftime("%Y. %-m. %-d.")),
        ("Jan. 5, 2024", {"date"},
         lambda c: moment(c).strftime("%b. %-d, %Y").replace("May.", "May")),
        ("5 ноя 2024", {"date"}, lambda c: _abbreviated(moment(c), "ru", "{d} {m} {y}")),
        ("5. led 2024", {"date"}, lambda c: _abbreviated(moment(c), "cs", "{d}. {m} {y}")),
        ("5-Σεπ-2024", {"date"}, lambda c: _abbreviated(moment(c), "el", "{d}-{m}-{y}")),
        ("5 de ene. de 2024", {"date"},
         lambda c: _abbreviated(moment(c), "es", "{d} de {m}. de {y}")),
        ("2024/1/5 9:05", {"datetime"}, lambda c: moment(c).strftime("%Y/%-m/%-d %-H:%M")),
        ("5/1/24 14:05:10", {"datetime"}, lambda c: moment(c).strftime("%-d/%-m/%y %H:%M:%S")),
        ("microseconds, Z", {"datetime"}, lambda c: moment(c).strftime("%Y-%m-%dT%H:%M:%S.%fZ")),
        ("minutes, Z", {"datetime"}, lambda c: moment(c).strftime("%Y-%m-%dT%H:%MZ")),
        ("20240105 101500", {"datetime"}, lambda c: moment(c).strftime("%Y%m%d %H%M%S")),
        ("Uhr", {"datetime"}, lambda c: moment(c).strftime("%d.%m.%Y %H:%M Uhr")),
        ("a German day with a time", {"datetime"},
         lambda c: f"{_abbreviated(moment(c), 'de', '{d}. {m} {y}')} {moment(c):%H:%M}"),
        ("a.m.", {"time"}, lambda c: moment(c).strftime("%-I:%M %p").replace("M", ".m.").lower()),
        ("seconds, PM", {"time"}, lambda c: moment(c).strftime("%-I:%M:%S %p")),
        ("WAHR FALSCH", {"boolean"}, lambda c: c.choice(["WAHR", "FALSCH"])),
        ("ИСТИНА ЛОЖЬ", {"boolean"}, lambda c: c.choice(["ИСТИНА", "ЛОЖЬ"])),
        ("Oui Non", {"boolean"}, lambda c: c.choice(["Oui", "Non"])),
        ("in out", {"string"}, lambda c: c.choice(["in", "out"])),
    ):  # fmt: skip
        yield "written afterwards", form, "", right, write  # type: ignore[misc]


def _abbreviated(when: dt.datetime, language: str, form: str) -> str:
    names = month_names(language)  # type: ignore[arg-type]
    short = {english: name for name, english in names.items()}  # the shortest comes last
    return form.format(d=when.day, m=short[_ENGLISH[when.month - 1]], y=when.year)

"""DataFog, an independent library, as an oracle: what it is right about, we find too."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from datafog.processing.text_processing.regex_annotator.regex_annotator import RegexAnnotator
from stdnum import luhn
from stdnum.iso7064 import mod_11_10, mod_97_10

from ai_data_engineer.specifying.privacy.recognisers import find

CASES = 40
ANNOTATOR = RegexAnnotator(locales=["de"])
WITHOUT_CONTEXT = {
    "ZIP": "five digits are a count as often as a postcode",
    "DE_POSTAL_CODE": "a postcode is a place, not a person",
    "DOB": "a date is a date; of birth it is where the words before it say so",
}
"""What DataFog reports and we leave on purpose, and why."""


def digits(chosen: random.Random, count: int) -> str:
    return "".join(chosen.choice("0123456789") for _ in range(count))


def email(r: random.Random) -> str:
    local = "".join(r.choice("abcdefghijklmnopqrstuvwxyz0123456789._+-") for _ in range(9))
    return (
        f"x{local}y@{r.choice(['mail', 'sub.mail', 'my-firm'])}.{r.choice(['com', 'org', 'co.uk'])}"
    )


def us_phone(r: random.Random) -> str:
    area, exchange, line = r.randint(201, 989), r.randint(200, 999), digits(r, 4)
    form = r.choice(
        ["({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "+1 {} {} {}", "+1-{}-{}-{}", "{} {} {}"]
    )
    return form.format(area, exchange, line)


def foreign_phone(r: random.Random) -> str:
    return r.choice(["+44 20 7946 {}", "+49 30 9018 {}", "+33 1 4268 {}", "+81 3 1234 {}"]).format(
        digits(r, 4)
    )


def ssn(r: random.Random) -> str:
    return f"{r.randint(1, 665):03d}-{r.randint(1, 99):02d}-{r.randint(1, 9999):04d}"


def card(r: random.Random) -> str:
    prefix, length = r.choice([("4", 16), ("51", 16), ("55", 16), ("34", 15), ("37", 15)])
    body = prefix + digits(r, length - len(prefix) - 1)
    number = body + luhn.calc_check_digit(body)
    mark = r.choice(["", "-", " "])
    if length == 15:
        return mark.join((number[:4], number[4:10], number[10:]))
    return mark.join(number[i : i + 4] for i in range(0, 16, 4))


def ip(r: random.Random) -> str:
    return ".".join(str(r.randint(1, 255)) for _ in range(4))


def german_vat(r: random.Random) -> str:
    body = str(r.randint(1, 9)) + digits(r, 7)
    return f"DE{r.choice(['', ' '])}{body}{mod_11_10.calc_check_digit(body)}"


def german_iban(r: random.Random) -> str:
    body = digits(r, 18)
    iban = f"DE{mod_97_10.calc_check_digits(body + 'DE')}{body}"
    return r.choice([iban, " ".join(iban[i : i + 4] for i in range(0, 22, 4))])


def german_tax(r: random.Random) -> str:
    return f"{r.choice(['Steuer-ID', 'IdNr.', 'Tax ID'])}: {r.randint(1, 9)}{digits(r, 10)}"


def german_pension(r: random.Random) -> str:
    return f"Rentenversicherungsnummer: {digits(r, 8)}{r.choice('ABKMS')}{digits(r, 3)}"


def passport(r: random.Random) -> str:
    return f"{r.choice(['Reisepass', 'Passport No.', 'Passnummer'])} {r.choice('CFGHJK')}{digits(r, 8)}"


def permit(r: random.Random) -> str:
    return f"{r.choice(['Aufenthaltstitel', 'Residence Permit'])}: AT{digits(r, 7)}"


def birth(r: random.Random) -> str:
    day, month, year = r.randint(1, 28), r.randint(1, 12), r.randint(1940, 2005)
    date = r.choice(
        [f"{year}-{month:02d}-{day:02d}", f"{month:02d}/{day:02d}/{year}", f"March {day}, {year}"]
    )
    return f"{r.choice(['born on', 'date of birth:', 'DOB'])} {date}"


KINDS: list[Callable[[random.Random], str]] = [
    email, us_phone, foreign_phone, ssn, card, ip, german_vat, german_iban, german_tax,
    german_pension, passport, permit, birth,
]  # fmt: skip


def spans(text: str) -> list[tuple[str, int, int]]:
    return [(s.label, s.start, s.end) for s in ANNOTATOR.annotate_with_spans(text)[1].spans]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_datafog_finds_of_real_values_is_within_what_we_find(
    kind: Callable[[random.Random], str],
) -> None:
    chosen = random.Random(kind.__name__)
    missed = []
    for number in range(CASES):
        text = f"Row {number} says {kind(chosen)} and goes on"
        ours = [(m.start, m.end) for m in find(text)]
        assert ours, f"nothing found: {kind.__name__}, case {number}"
        for label, start, end in spans(text):
            within = any(start >= first and end <= last for first, last in ours)
            touched = any(start < last and end > first for first, last in ours)
            if not within and not (touched and label not in ("EMAIL",)):
                missed.append((label, text))
    assert [m for m in missed if m[0] not in WITHOUT_CONTEXT] == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("10115 rows were read", "ZIP"),
        ("PLZ 10115", "DE_POSTAL_CODE"),
        ("between 2024-01-31 and 2024-02-29", "DOB"),
        ("sales of the year 2013", "DOB"),
    ],
)
def test_what_is_left_on_purpose_is_found_by_datafog_alone(text: str, label: str) -> None:
    assert label in WITHOUT_CONTEXT
    assert label in {found for found, _, _ in spans(text)}
    assert find(text) == []


def test_numbers_with_wrong_check_digits_are_cards_and_accounts_to_datafog_alone() -> None:
    texts = ["4111111111111112", "DE89370400440532013001"]
    assert all(spans(text) for text in texts)
    assert {m.kind for text in texts for m in find(text)}.isdisjoint({"card", "iban"})


def test_there_are_hundreds_of_cases() -> None:
    assert CASES * len(KINDS) >= 500
    assert all(re.search(r"\w", kind(random.Random(1))) for kind in KINDS)

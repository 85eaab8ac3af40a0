from __future__ import annotations

from itertools import pairwise

import pytest

from ai_data_engineer.specifying.privacy.recognisers import find


def found_in(text: str) -> list[tuple[str, str]]:
    return [(match.kind, text[match.start : match.end]) for match in find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("Only the customer jane@example.com.", "email", "jane@example.com"),
        ("o'brian@example.com", "email", "o'brian@example.com"),
        ("email='jane@example.com'", "email", "jane@example.com"),
        ("mail to jürgen@bücher.example now", "email", "jürgen@bücher.example"),
        ("write to ann (at) example (dot) org", "email", "ann (at) example (dot) org"),
        ("pay rahul.verma@okaxis", "account", "rahul.verma@okaxis"),
        ("call +49 30 90182041 today", "phone", "+49 30 90182041"),
        ("call (415) 555-2671", "phone", "(415) 555-2671"),
        ("0176 55512345 is mobile", "phone", "0176 55512345"),
        ("to DE89 3704 0044 0532 0130 00 paid", "iban", "DE89 3704 0044 0532 0130 00"),
        ("nl91abna0417164300", "iban", "nl91abna0417164300"),
        ("card 5500-0055-5555-5559 ok", "card", "5500-0055-5555-5559"),
        ("SSN 536-90-4399", "national_number", "536-90-4399"),
        ("NINO AB 12 34 56 C", "national_number", "AB 12 34 56 C"),
        ("CPF 390.533.447-05", "national_number", "390.533.447-05"),
        ("54362315K vive aquí", "national_number", "54362315K"),
        ("RCCMNL83S18D969H", "national_number", "RCCMNL83S18D969H"),
        ("PESEL 44051401359", "national_number", "44051401359"),
        ("S1234567D", "national_number", "S1234567D"),
        ("Umsatzsteuer-Nr. DE136695976", "company_number", "DE136695976"),
        ("from 203.0.113.195, again", "ip", "203.0.113.195"),
        ("2001:db8:85a3::8a2e:370:7334", "ip", "2001:db8:85a3::8a2e:370:7334"),
        ("3D:F2:C9:A6:B3:4F", "device", "3D:F2:C9:A6:B3:4F"),
        ("at 52.520008, 13.404954", "location", "52.520008, 13.404954"),
        ("12 High Street, London", "address", "12 High Street, London"),
        ("Musterstraße 17, 10969 Berlin", "address", "Musterstraße 17, 10969 Berlin"),
        ("12 rue de la Paix, 75002 Paris", "address", "12 rue de la Paix, 75002 Paris"),
        ("Via Garibaldi 12", "address", "Via Garibaldi 12"),
        ("born on 12.03.1985 in Hof", "birth_date", "12.03.1985"),
        ("Jane Kowalczyk ordered", "name", "Jane Kowalczyk"),
        ("jane kowalczyk", "name", "jane kowalczyk"),
        ("by Braithwaite, Oliver", "name", "Braithwaite, Oliver"),
        ("ask Dr. Okonkwo", "name", "Okonkwo"),
        ("the customer Kowalczyk only", "name", "Kowalczyk"),
        ("Иван Сергеевич Петров", "name", "Иван Сергеевич Петров"),
        ("山田太郎様", "name", "山田太郎様"),
        ("passport no. C01X00T47", "account", "C01X00T47"),
        ("MRN: 00482913", "account", "00482913"),
        ("1M8GDM9AXKP042788", "vehicle", "1M8GDM9AXKP042788"),
        ("AKIA" + "IOSFODNN7EXAMPLE", "credential", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("password is hunter2", "credential", "hunter2"),
        ("DB_PASSWORD=swordfish", "credential", "swordfish"),
        ("it is Tr0ub4dor&3!", "credential", "Tr0ub4dor&3!"),
        ("f47ac10b-58cc-4372-a567-0e02b2c3d479", "identifier", "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
        ("postgres://u:Zx81kq@db:5432/x", "credential", "postgres://u:Zx81kq@db:5432/x"),
    ],
)  # fmt: skip
def test_a_private_piece_of_a_text_is_found_as_a_whole(text: str, kind: str, piece: str) -> None:
    assert found_in(text) == [(kind, piece)]


@pytest.mark.parametrize(
    "text",
    [
        "total sales by region for April and May in Virginia",
        "amount > 1000000 and status in ('paid', 'open')",
        "between 2024-01-31 and 2024-02-29 23:59:59",
        "from 20240131 to 20240229",
        "1 000 000 or 1.000.000 rows",
        "the password column is null",
        "drop the token and the secret",
        "top 10 per customer, 3% of x + y",
        "average delay per carrier, for the year 2013",
        "price_2024_01 iso_3166 order_id created_at sku_12345",
        "CASE WHEN total >= 100.5 THEN 'large' ELSE 'small' END",
        "version 1.24.3 and 10.0.2",
        "round(mean(max_temp), 2)",
        "Max Temp and Unit Price",
        "a ratio of 3.14159265358979",
        "E_UNKNOWN_COLUMN at /steps/12/where",
        "date_trunc('month', ordered_on)",
        "struct<city: string, zip: string>",
        "group by customer id and country code",
        "the account is closed",
        "IBAN, BIC and card number are to be masked",
        "quarter Q1 2024 to Q4 2024",
        "at = '2024-01-31T14:45:10.000005+01:00'",
        "repeat(name, 1000000000)",
        "The number as float64; null where it is not finite.",
        "set ADE_OPENAI_MODEL and GEMINI_API_KEY",
        "total amount " * 200,
        "all of 2024-*.csv and sales/2024-??/part-*.csv.gz",
        "sum amount price quantity discount tax country region month quarter year week day",
        "sort orders newest first drop duplicates keep latest email trim names parse dates remove blanks",
        "32-bit float64, utf-8, sha256 and md5",
    ],
)
def test_what_goals_expressions_and_findings_say_is_left(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",  # Luhn
        "DE89 3704 0044 0532 0130 01",  # mod 97
        "AKIAIOSFODNN",  # too short
        "12.5.2024",  # no address of a network: a date
        "256.300.1.2",
    ],
)
def test_a_wrong_check_digit_or_length_is_not_that_kind(text: str) -> None:
    assert not {kind for kind, _ in found_in(text)} & {"card", "iban", "credential", "ip"}


def test_no_two_pieces_overlap() -> None:
    text = "https://jane:s3cr3tpass@example.com/4111111111111111 born 12.03.1985"
    pieces = find(text)
    assert all(a.end <= b.start for a, b in pairwise(pieces))


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "1" * 100_000, "@" * 20_000, "a@" * 20_000, "1-" * 20_000, "Aa1!" * 20_000, "x " * 50_000, "Jane " * 10_000, "://:" * 10_000, "password=;" * 5_000]
)  # fmt: skip
@pytest.mark.timeout(60)
def test_no_text_takes_long(text: str) -> None:
    find(text)

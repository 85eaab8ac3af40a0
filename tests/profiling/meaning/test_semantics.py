import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.profiling.meaning.semantics import meaning
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.type_inference import infer

FORMS = {
    "email": ["ada@example.org", "bob.b+x@mail.example.co.uk"],
    "url": ["https://example.org/a?b=c", "http://example.org", "www.example.org"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-4000-8000-000000000000"],
    "ip": ["192.168.0.1", "10.0.0.255", "2001:db8::1"],
    "mac": ["00:1B:44:11:3A:B7", "00-1b-44-11-3a-b8"],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"],
    "card": ["4111 1111 1111 1111", "5500-0055-5555-5559", "340000000000009"],
    "national_number": ["123-45-6788", "536-22-8127"],
    "hash": ["d41d8cd98f00b204e9800998ecf8427e", "9e107d9d372bb6826bd81d3542a419d6", "e4d909c290d0fb1ca068ffaddf22cbd0"],
    "colour": ["#ff0000", "#0F0"],
    "json": ['{"a": 1}', "[1, 2]"],
    "file_path": ["/var/log/syslog", "C:\\temp\\x.txt", "./a/b.csv"],
    "phone": ["+49 30 901820", "(212) 555-0199", "+1-202-555-0143"],
    "currency": ["USD", "EUR", "USD"],
    "ip_network": ["10.0.0.0/8", "192.168.1.0/24"],
    "coordinates": ["52.5200, 13.4050", "-33.8688, 151.2093"],
    "company_number": ["732 829 320 00074", "35600000000048", "55208131766522"],
    "mime_type": ["text/html", "application/vnd.ms-excel"],
    "user_agent": ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "curl/8.5.0"],
    "version": ["1.2.3", "v2.0.0-rc.1", "10.14.2"],
    "duration": ["PT1H30M", "P2DT4H", "3h 20m"],
    "quarter": ["2024-Q1", "2023-Q4"],
    "postcode": ["SW1A 1AA", "M1 1AE", "EC1A 1BB", "CR2 6XH"],
    "measure": ["5 kg", "3.2 lbs", "700 g"],
    "address": ["12 Baker Street", "7B Park Ave, Apt. 3", "Hauptstraße 5"],
    "company": ["Acme Inc.", "Muster GmbH", "Smith & Sons Ltd", "Acme Group"],
    "country": ["France", "Chad", "Deutschland"],
    "language": ["English", "Deutsch", "Swahili"],
    "city": ["Berlin", "Paris", "Lyon", "Osaka", "Utrecht"],
    "region": ["Texas", "Ohio", "Bayern"],
    "ordinal": ["low", "high", "medium"],
    "ean": ["4006381333931", "5901234123457", "4012345678901", "4000417025005", "7612345123455", "4000417025012"],
    "isbn": ["978-0-306-40615-7", "0-306-40615-2", "080442957X", "978-3-16-148410-0", "0-19-852663-6"],
    "name": ["Ada Lovelace", "Dr. Alan Turing", "Hopper, Grace", "Linus Torvalds", "John von Neumann"],
    "free_text": ["The parcel came a day late and was wet.", "All fine here, thank you very much!"],
}  # fmt: skip


@pytest.mark.parametrize(("semantic", "texts"), FORMS.items())
def test_values_tell_what_they_are(semantic: str, texts: list[str]) -> None:
    inference = infer(Texts(texts), "x")
    found = meaning(inference.values, inference.type, "x")

    assert found is not None
    assert found[0] == semantic


@pytest.mark.parametrize(
    ("semantic", "texts"),
    [
        ("iban", ["DE89 3704 0044 0532 0130 01", "GB82WEST12345698765433"]),
        ("card", ["4111 1111 1111 1112", "5500 0055 5555 5558", "3400 0000 0000 001"]),
        ("ip", ["999.1.1.1", "1.2.3"]),
        ("national_number", ["000-12-3456", "900-12-3456"]),
        ("email", ["write to ada@example.org", "or not at all"]),
        ("national_number", ["123-45-678", "12-345-6789"]),
        ("national_number", [str(n) for n in range(101_234_567, 101_234_867)]),
        ("ean", [str(n) for n in range(4006381333900, 4006381334000)]),
        ("card", [str(n) for n in range(4111111111111000, 4111111111111200)]),
        ("postcode", ["12345", "54321", "10115", "80331"]),
        ("postcode", ["AB1 234", "CD2 345", "EF3 456"]),
        ("country", ["XA", "QQ", "ZZ", "DE", "FR", "KK"]),
        ("name", ["Martin Street", "Jackson Road", "Scott Park", "Charlotte Court", "James Hill"]),
        ("name", ["Oak Chair", "Steel Lamp", "Glass Vase", "Grand Rug", "Slim Desk"]),
        ("address", ["3 boxes", "12 pieces", "7 items"]),
        ("phone", ["1234 5678", "9938 9535", "2546 5303"]),
        ("phone", ["100-10-1000", "200-20-2000", "300-30-3000"]),
        ("company", ["Berlin", "New York", "Paris"]),
        ("ordinal", ["red", "high", "sent"]),
        ("coordinates", ["152.5200, 13.4050", "133.8688, 151.2093"]),
        ("ip_network", ["10/2024", "11/2024"]),
    ],
)
def test_what_only_looks_like_it_is_not(semantic: str, texts: list[str]) -> None:
    inference = infer(Texts(texts), "x")
    found = meaning(inference.values, inference.type, "x")

    assert found is None or found[0] != semantic


@pytest.mark.parametrize(
    ("name", "texts", "semantic"),
    [
        ("zip_code", ["12345", "01234"], "postcode"),
        ("plz", ["10115", "80331"], "postcode"),
        ("country", ["France", "Chad"], "country"),
        ("lang", ["en", "de"], "language"),
        ("latitude", ["52.5", "-33.9"], "latitude"),
        ("lng", ["13.4", "151.2"], "longitude"),
        ("first_name", ["Ada", "Bob"], "name"),
        ("nachname", ["Ahlers", "Brandt"], "name"),
        ("apellidos", ["García López", "Ruiz"], "name"),
        ("customer_name", ["Ada L.", "Bob"], "name"),
        ("street", ["1 Main St", "2 Oak Ave"], "address"),
        ("geburtsdatum", ["05.01.1990", "31.12.1985"], "birth_date"),
        ("telefon", ["030 901820", "089 2333"], "phone"),
        ("city", ["Ebersbach", "Neudorf"], "city"),
        ("wohnort", ["Ebersbach", "Neudorf"], "city"),
        ("city_population", ["17000", "9000"], "measure"),
        ("state", ["TX", "OH"], "region"),
        ("state", ["open", "closed"], None),
        ("supplier", ["Acme", "Muster"], "company"),
        ("vat_no", ["DE 1", "DE 2"], "company_number"),
        ("quarter", ["1", "4", "2"], "quarter"),
        ("color", ["teal", "ecru"], "colour"),
        ("language", ["Python", "Rust"], None),
        ("country", ["Jazz", "Rock"], None),
        ("zip", ["none", "other"], None),
        ("customers_count", ["17", "9"], "measure"),
        ("customer_id", ["17", "9"], "key"),
        ("sku", ["A-17", "B-9"], "key"),
        ("rating", ["1", "5", "3"], "ordinal"),
        ("score", ["1.5", "2.5"], "measure"),
        ("year", ["1999", "2004"], "year"),
        ("lat", ["152.5", "-133.9"], "measure"),
        ("file_name", ["a.csv", "b.csv"], None),
        ("product_name", ["Lamp", "Chair"], None),
    ],
)
def test_names_tell_what_values_are(name: str, texts: list[str], semantic: str | None) -> None:
    inference = infer(Texts(texts), name)
    found = meaning(inference.values, inference.type, name)

    assert (found[0] if found else None) == semantic


def test_few_values_that_repeat_are_categories() -> None:
    inference = infer(Texts(["paid", "open", "sent"] * 10), "status")

    assert meaning(inference.values, inference.type, "status") == ("category", None)


def test_a_column_with_a_few_other_values_still_means_it() -> None:
    texts = [f"c{n}@example.org" for n in range(95)] + [
        "none",
        "n. a.",
        "see note",
        "gone",
        "later",
    ]

    assert meaning(Texts(texts), infer(Texts(texts), "x").type, "x") == ("email", 0.95)


def test_nine_in_ten_random_numbers_look_like_social_security_numbers() -> None:
    random_ = random.Random(1)
    texts = [
        f"{random_.randint(0, 999):03d}-{random_.randint(0, 99):02d}-{random_.randint(0, 9999):04d}"
        for _ in range(300)
    ]

    assert meaning(Texts(texts), infer(Texts(texts), "x").type, "x") is None


@given(
    texts=st.lists(
        st.text(min_size=1, max_size=40) | st.from_regex(r"\A[0-9A-Z ./+-]{8,20}\Z"), min_size=1
    ),
    name=st.sampled_from(
        ["x", "phone", "zip", "country", "state", "city", "iban", "isbn", "dob", "address", "name"]
    ),
)
def test_any_text_has_a_meaning_or_none(texts: list[str], name: str) -> None:
    found = meaning(Texts(texts), infer(Texts(["x"]), "x").type, name)

    assert found is None or found[1] is None or 0 < found[1] <= 1

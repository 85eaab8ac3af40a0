import pytest

from ai_data_engineer.profiling.semantics import meaning
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.type_inference import infer

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

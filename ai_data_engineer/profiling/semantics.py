"""What the values of a column mean: by their form where that is evident, else by its name."""

from __future__ import annotations

import ipaddress
import itertools
import json
import re
from collections.abc import Callable
from typing import Final

import polars as pl

from ai_data_engineer.profiling import vocabulary
from ai_data_engineer.profiling.check_digits import (
    is_brazilian_cpf,
    is_card,
    is_iban,
    is_spanish_dni,
    is_us_social_security,
)
from ai_data_engineer.profiling.names import words
from ai_data_engineer.profiling.numbers import CURRENCY_CODES
from ai_data_engineer.profiling.profile import Semantic
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.types import LogicalType

SUPPORT: Final = 0.9
"""Share of the values that must have a meaning's form."""
_GLANCE: Final = 8
"""Values that are looked at before all of them are."""
MOST_CATEGORIES: Final = 50

Meaning = tuple[Semantic, float | None]
"""A meaning, and the share of the values that have its form (None: the column's name says so)."""


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "." in text or text.count(":") > 1


def _is_json(text: str) -> bool:
    if text[:1] + text[-1:] not in ("{}", "[]"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_base64(text: str) -> bool:
    if len(text) < 24 or len(text) % 4 or not _BASE64.fullmatch(text):
        return False
    return (
        any(c.isdigit() for c in text)
        and any(c.isupper() for c in text)
        and any(c.islower() for c in text)
    )


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_HEX = r"[0-9a-fA-F]"
_HASH = _matches(rf"{_HEX}{{32}}|{_HEX}{{40}}|{_HEX}{{56}}|{_HEX}{{64}}|{_HEX}{{96}}|{_HEX}{{128}}")
_PATH = _matches(
    r"(?:[A-Za-z]:\\|\\\\|~?/(?=[^/\s])|\.{1,2}/)[^\n:*?\"<>|]+|[\w .-]+(?:/[\w .-]+)+\.\w{1,5}"
)
_PHONE_FORM = _matches(
    r"\+[0-9][0-9 ().\-/]{6,20}[0-9]|\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}[.-][0-9]{4}"
)
_FORMS: tuple[tuple[Semantic, str, Callable[[str], bool]], ...] = (
    ("email", "@", _matches(r"[^@\s<>,;]+@[^@\s<>,;]+\.[A-Za-z]{2,24}")),
    ("url", ".", _matches(r"(?:[a-z][a-z0-9+]{1,9}://|www\.)[^\s/$.?#][^\s]*")),
    ("uuid", "", _matches(rf"{{?{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}}}?")),
    ("mac", "", _matches(rf"{_HEX}{{2}}(?:[:-]{_HEX}{{2}}){{5}}")),
    ("ip", "", _is_ip),
    ("iban", "", is_iban),
    ("card", "", is_card),
    ("national_number", "-", is_us_social_security),
    ("national_number", ".", lambda t: "." in t and is_brazilian_cpf(t)),
    ("national_number", "", is_spanish_dni),
    ("hash", "", lambda t: _HASH(t) and any(c.isalpha() for c in t)),
    ("colour", "#", _matches(rf"#(?:{_HEX}{{3}}|{_HEX}{{6}}|{_HEX}{{8}})")),
    ("json", "", _is_json),
    ("file_path", "", _PATH),
    ("phone", "", _PHONE_FORM),
    ("base64", "", _is_base64),
)
_LOOSE_PHONE = _matches(r"(?:\+|00)?[0-9(][0-9 ().\-/]{4,20}[0-9](?: ?(?:x|ext\.?) ?[0-9]{1,6})?")
_PERSON_LIKE = re.compile(r"[^\W\d_a-z][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}")

_NAMED_SO = vocabulary.word_set("card hash md5 sha sha1 sha256 digest checksum base64")
_POSTCODE = vocabulary.word_set("zip zipcode postcode postal plz cep postleitzahl postnummer")
_COUNTRY = vocabulary.word_set("country nation land pays pais paese nationality iso2 iso3")
_LANGUAGE = vocabulary.word_set("language lang locale sprache langue idioma lingua taal")
_CURRENCY = vocabulary.word_set("currency ccy waehrung wahrung devise moneda valuta moeda")
_LATITUDE = vocabulary.word_set("lat latitude breitengrad latitud")
_UNMISTAKABLE = frozenset({"latitude", "longitude"})
_LONGITUDE = vocabulary.word_set("lon lng long longitude langengrad longitud")
_PHONE = vocabulary.word_set("phone tel telephone telefon telefono telefone mobile mobil fax handy")
_ORDINAL = vocabulary.word_set("rating rank level grade stage priority score stars tier class step")
_KEY = vocabulary.word_set("id ids key pk uuid guid identifier code sku isbn ean upc gtin")
_PERSON_WORDS = vocabulary.word_set(
    "customer client employee person patient contact user author owner passenger student teacher "
    "driver member applicant guest rider athlete player doctor physician buyer recipient sender "
    "manager staff worker tenant subscriber kunde kunden mitarbeiter person patiente cliente "
    "empleado paciente utente dipendente klant medewerker salesperson representative actor artist"
)
_NAME_WORDS = vocabulary.word_set("name names nom nombre nome naam navn namn")
_PERSON_NAMES = vocabulary.word_set(
    "firstname lastname fullname middlename givenname familyname fname lname surname forename "
    "vorname nachname familienname zuname prenom apellido apellidos cognome sobrenome voornaam "
    "achternaam fornavn etternavn fornamn efternamn imie nazwisko jmeno prijmeni username login"
)
_NAME_PARTS = vocabulary.word_set("first last full middle given family maiden legal")
_OF_WHOM = vocabulary.word_set("billing shipping contact your my the of s emergency primary")
_NOT_PERSON_NAMES = vocabulary.word_set(
    "file product country company host event city column model brand table field type category "
    "group team school station airport street road region state business firm organisation "
    "organization item domain class display process job department project id path"
)
_ADDRESS = vocabulary.word_set(
    "address addr adresse anschrift direccion endereco indirizzo adres streetaddress hausnummer"
)
_STREET = vocabulary.word_set("street strasse rue calle straat via")
_NOT_ADDRESS = vocabulary.word_set(
    "ip mac email mail web url network wallet type id memory host website websites site sites"
)
_BIRTH = vocabulary.word_set(
    "dob birth birthdate birthday birthyear geburtsdatum geburtstag geburtsjahr naissance "
    "nacimiento nascita nascimento geboortedatum born fodselsdato"
)
_NATIONAL = vocabulary.word_set(
    "ssn nino passport passaporte pasaporte reisepass nif nie dni cpf bsn pesel personnummer cnp "
    "aadhaar steuerid steuernummer fiscale curp sozialversicherungsnummer nir"
)


def meaning(values: Texts, kind: LogicalType, name: str) -> Meaning | None:
    """Return what the values of a column mean, or None where nothing is evident.

    `values` are its texts (for native types: as written), `name` its safe name.
    """
    if not values:
        return None
    hints = words(name)
    if kind.name == "string":
        return _by_form(values, hints) or _by_name(values, hints) or _by_use(values, hints)
    if kind.is_numeric:
        return _of_number(values, kind, hints)
    if kind.is_temporal:
        return ("birth_date", None) if hints & _BIRTH and kind.name != "time" else None
    return None


def share_with(values: Texts, has_form: Callable[[str], bool]) -> float:
    """Return the share of the values that have a form; nought when the first few have not."""
    glance = list(itertools.islice(values.counts, _GLANCE))
    if not glance or 2 * sum(map(has_form, glance)) < len(glance):
        return 0.0
    return sum(n for text, n in values.counts.items() if has_form(text)) / len(values)


def is_street_alone(hints: frozenset[str]) -> bool:
    """Return whether a name speaks of streets, which trees and shops have too, not of addresses."""
    return bool(hints & _STREET) and not hints & _ADDRESS


def looks_like_people(values: Texts) -> bool:
    """Return whether most values are two to four words with capitals, as names of people are."""
    return share_with(values, lambda t: _PERSON_LIKE.fullmatch(t) is not None) >= 0.8


def _by_form(values: Texts, hints: frozenset[str]) -> Meaning | None:
    first = next(iter(values.counts))
    for semantic, sign, has_form in _FORMS:
        if sign and sign not in first and sign not in values.joined[:4096]:
            continue
        share = share_with(values, has_form)
        if share >= SUPPORT and not _is_chance(semantic, values, hints):
            return semantic, share
    return None


def _is_chance(semantic: Semantic, values: Texts, hints: frozenset[str]) -> bool:
    if semantic == "ip":
        return "version" in hints
    if semantic in ("card", "base64", "hash"):
        # One number in ten passes Luhn; one value says little about a column.
        return len(values.counts) < 3 and not hints & {
            "card",
            "hash",
            "md5",
            "sha",
            "sha1",
            "sha256",
        }
    return False


def _by_name(values: Texts, hints: frozenset[str]) -> Meaning | None:
    longest = values.max_length
    if is_person_name(hints):
        return "name", None
    if hints & _NATIONAL or {"social", "security"} <= hints or {"national", "id"} <= hints:
        return "national_number", None
    if hints & _BIRTH and longest <= 30:
        return "birth_date", None
    if (hints & _POSTCODE or {"post", "code"} <= hints) and longest <= 12:
        return "postcode", None
    if hints & _PHONE and share_with(values, _LOOSE_PHONE) >= 0.8:
        return "phone", share_with(values, _LOOSE_PHONE)
    if hints & (_ADDRESS | _STREET) and not hints & _NOT_ADDRESS:
        return "address", None
    if hints & _COUNTRY and longest <= 64:
        return "country", None
    if hints & _LANGUAGE and longest <= 32:
        return "language", None
    if values.max_length == 3 and all(t in CURRENCY_CODES for t in values.counts):
        return "currency", 1.0
    if hints & _CURRENCY and longest <= 32:
        return "currency", None
    return None


def is_person_name(hints: frozenset[str]) -> bool:
    """Return whether the words of a column's name say that it holds names of people."""
    if hints & _PERSON_NAMES:
        return True
    if not hints & _NAME_WORDS or hints & _NOT_PERSON_NAMES:
        return False
    others = {h for h in hints - _NAME_WORDS - _NAME_PARTS - _OF_WHOM if not h.isdigit()}
    return others <= _PERSON_WORDS and bool(others or hints & _NAME_PARTS)


def may_be_person_name(hints: frozenset[str]) -> bool:
    """Return whether the name allows names of people without saying so (`name`, `customer`)."""
    return not hints & _NOT_PERSON_NAMES and bool(
        hints <= _NAME_WORDS or (len(hints) == 1 and hints & _PERSON_WORDS)
    )


def _by_use(values: Texts, hints: frozenset[str]) -> Meaning | None:
    total, distinct = len(values), len(values.counts)
    is_code = values.max_length <= 64 and values.joined.count(" ") < total
    if hints & _KEY and is_code:
        return "key", None
    words_each = values.joined.count(" ") / total
    if words_each >= 4 and len(values.joined) / total >= 30 and distinct > total * 0.2:
        return "free_text", None
    if 2 <= distinct <= MOST_CATEGORIES and distinct * 4 <= total and values.max_length <= 64:
        return "category", None
    return None


def _of_number(values: Texts, kind: LogicalType, hints: frozenset[str]) -> Meaning | None:
    if hints & (_LATITUDE | _LONGITUDE) and (kind.name != "int64" or hints & _UNMISTAKABLE):
        bound = 90 if hints & _LATITUDE else 180
        texts = values.series.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        if texts.is_between(-bound, bound).all():
            return ("latitude" if bound == 90 else "longitude"), None
    if kind.name != "int64":
        return "measure", None
    if hints & _BIRTH:
        return "birth_date", None
    if hints & _KEY:
        return "key", None
    if hints & _ORDINAL and len(values.counts) <= 11:
        return "ordinal", None
    return None

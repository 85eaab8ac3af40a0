"""Personal data: columns that say something about a person, by name or by values that prove it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ai_data_engineer.profiling.meaning.column_words import is_street_alone, may_speak_of_people
from ai_data_engineer.profiling.meaning.meaning_by_words import looks_like_people
from ai_data_engineer.profiling.meaning.support import Meaning
from ai_data_engineer.profiling.profile import PersonalData, Semantic
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.vocabulary import word_set
from ai_data_engineer.types import LogicalType

BY_NAME: Final = "name of the column"

_BY_MEANING: dict[Semantic, PersonalData] = {
    "email": "email",
    "phone": "phone",
    "name": "name",
    "address": "address",
    "birth_date": "birth_date",
    "national_number": "national_number",
    "card": "card",
    "iban": "iban",
    "ip": "ip",
    "mac": "device",
}
_CREDENTIALS = word_set("password passwd pwd passwort secret apikey contrasena senha passphrase")
_TOKENS = word_set("access auth api refresh bearer session private")
_EMAIL = word_set("email mail emailaddress correo courriel")
_NOT_EMAIL = word_set("sent opened count subject domain type status flag is has verified body")
_PEOPLE: Final[frozenset[PersonalData]] = frozenset(
    {"email", "phone", "name", "birth_date", "national_number"}
)

Found = tuple[PersonalData, str]
"""A class of personal data, and why."""


def personal_data(
    values: Texts, kind: LogicalType, hints: frozenset[str], meaning: Meaning | None
) -> Found | None:
    """Return the class of personal data that a column holds by itself, and why.

    `hints` are the words of its name.
    """
    if kind.name == "string":
        if hints & _CREDENTIALS or (("token" in hints or "key" in hints) and hints & _TOKENS):
            return "credential", BY_NAME
        if meaning is None and hints & _EMAIL and not hints & _NOT_EMAIL and "@" in values.joined:
            return "email", BY_NAME
    if meaning is None or meaning[0] not in _BY_MEANING:
        return None
    semantic, share = meaning
    if semantic == "address" and is_street_alone(hints):
        return None
    return _BY_MEANING[semantic], BY_NAME if share is None else f"{share:.0%} of the values"


def in_company(
    values: Texts, kind: LogicalType, hints: frozenset[str], meaning: Meaning | None
) -> Found | None:
    """Return what a column holds when others in its table are about people.

    A bare `name`, a postcode or a position is about whatever the table is about.
    """
    semantic = meaning[0] if meaning else None
    if semantic in ("latitude", "longitude"):
        return "location", "position, in a table about people"
    if semantic == "address":
        return "address", "street, in a table about people"
    if semantic == "postcode":
        return "address", "postcode, in a table about people"
    may_be_name = kind.name == "string" and semantic in (None, "category")
    if may_be_name and may_speak_of_people(hints) and looks_like_people(values):
        return "name", "capitalised words, in a table about people"
    return None


def is_about_people(found: Iterable[Found | None]) -> bool:
    """Return whether the personal data found in a table's columns make its rows people."""
    return any(f is not None and f[0] in _PEOPLE for f in found)

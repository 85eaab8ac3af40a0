"""What the name of a column says, where its values do not contradict it."""

from __future__ import annotations

from ai_data_engineer.profiling.meaning import column_words as named
from ai_data_engineer.profiling.meaning.colours import is_colour
from ai_data_engineer.profiling.meaning.phones import LOOSE
from ai_data_engineer.profiling.meaning.places import (
    is_country_code,
    is_country_name,
    is_currency,
    is_language_code,
    is_language_name,
    is_locale,
    is_region_name,
)
from ai_data_engineer.profiling.meaning.support import (
    SUPPORT,
    Meaning,
    Test,
    has_digits,
    share_with,
)
from ai_data_engineer.profiling.meaning.value_forms import (
    CARD_WORDS,
    EAN_WORDS,
    ISBN_WORDS,
    matching,
)
from ai_data_engineer.profiling.texts import Texts

_WORDS = matching(r"[^\W\d_][^\d_@#/\\<>{}\[\]]*")
_POST_FORM = matching(r"(?=.*\d)[A-Z]{0,4}-?[A-Z0-9]{1,10}(?:[ -][A-Z0-9]{1,6})?")
_CODE = matching(r"[A-Z]{2,3}")


def by_name(values: Texts, hints: frozenset[str]) -> Meaning | None:
    """Return what the name says, where the values do not contradict it."""
    longest = values.max_length
    if named.speaks_of_people(hints) and share_with(values, str.isdigit) < 0.5:
        return "name", None
    is_national = {"social", "security"} <= hints or {"national", "id"} <= hints
    if (is_national or hints & named.NATIONAL) and has_digits(values):
        return "national_number", None
    if hints & named.COMPANY_NUMBER and longest <= 24 and has_digits(values):
        return "company_number", None
    if hints & named.BIRTH and longest <= 30 and not hints & named.CITY and has_digits(values):
        return "birth_date", None
    if (hints & named.POSTCODE or {"post", "code"} <= hints) and share_with(
        values, _POST_FORM
    ) >= 0.8:
        return "postcode", None
    if hints & named.PHONE and not hints & named.NOT_TEXT:
        share = share_with(values, lambda t: LOOSE.fullmatch(t) is not None)
        if share >= 0.8:
            return "phone", share
    for semantic, hint_words in (("isbn", ISBN_WORDS), ("ean", EAN_WORDS), ("card", CARD_WORDS)):
        if hints & hint_words and has_digits(values) and 8 <= longest <= 25:
            return semantic, None  # type: ignore[return-value]
    if "iban" in hints and longest <= 42:
        return "iban", None
    return _place_by_name(values, hints)


def _place_by_name(values: Texts, hints: frozenset[str]) -> Meaning | None:
    longest = values.max_length
    if hints & named.COUNTRY and longest <= 64 and _agree(values, _is_country_like, 0.3):
        return "country", None
    if hints & named.LANGUAGE and longest <= 32 and _agree(values, _is_language_like, 0.5):
        return "language", None
    if hints & named.COLOUR and _agree(values, is_colour, 0.3):
        return "colour", None
    if hints & named.CURRENCY and longest <= 32 and _agree(values, is_currency, 0.5):
        return "currency", None
    if hints & (named.ADDRESS | named.STREET) and not hints & (named.NOT_ADDRESS | named.CITY):
        return "address", None
    if hints & named.NOT_TEXT or hints & named.KEY - {"code"}:
        return None
    if hints & named.REGION and longest <= 64 and _is_region_column(values, hints):
        return "region", None
    if "code" in hints:
        return None
    if hints & named.CITY and longest <= 80 and share_with(values, _WORDS) >= SUPPORT:
        return "city", None
    if hints & named.COMPANY and longest <= 120 and not hints & named.ABOUT_COMPANY:
        return "company", None
    return None


def _agree(values: Texts, is_known: Test, least: float) -> bool:
    """Return whether enough different values are known; words in other scripts all count."""
    distinct = values.counts
    return sum(is_known(t) or not t[:1].isascii() for t in distinct) >= least * len(distinct)


def _is_country_like(text: str) -> bool:
    return is_country_code(text.upper()) or is_country_name(text)


def _is_language_like(text: str) -> bool:
    is_code = (
        is_language_code(text.lower()) or is_locale(text) or (len(text) == 3 and text.isalpha())
    )
    return is_code or is_language_name(text.partition(" (")[0])


def _is_region_column(values: Texts, hints: frozenset[str]) -> bool:
    """Return whether values are regions; a `state` or a `department` may be another thing."""
    if share_with(values, _CODE) >= SUPPORT or share_with(values, is_region_name) >= 0.3:
        return True
    is_plain = not hints & {"state", "department", "departement", "region"}
    capital = share_with(values, lambda t: t[:1].isupper() and _WORDS(t)) >= SUPPORT
    return capital and (is_plain or ("region" in hints and len(values.counts) > 1))

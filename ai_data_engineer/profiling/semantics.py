"""What the values of a column mean: by their form, by the words they are, or by the column's name.

A form that is evident comes first, then a name that the values do not contradict, then words that
are known, and last how the values are used (keys, free text, categories).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from typing import Final

import polars as pl

from ai_data_engineer.profiling import column_words as named
from ai_data_engineer.profiling import vocabulary
from ai_data_engineer.profiling.given_names import has_given_name
from ai_data_engineer.profiling.names import words
from ai_data_engineer.profiling.national_numbers import COULD_BE, SCHEMES
from ai_data_engineer.profiling.phones import LOOSE, are_national
from ai_data_engineer.profiling.places import (
    is_country_code,
    is_country_name,
    is_currency,
    is_language_code,
    is_language_name,
    is_large_city,
    is_locale,
    is_region_name,
    is_us_state,
)
from ai_data_engineer.profiling.profile import Semantic
from ai_data_engineer.profiling.scales import share_in_an_order
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.value_forms import (
    CARD_WORDS,
    DIGIT_FORMS,
    EAN_WORDS,
    FORMS,
    ISBN_WORDS,
    LOOSE_ADDRESS,
    Form,
    Test,
    is_address,
    matching,
)
from ai_data_engineer.types import LogicalType

SUPPORT: Final = 0.9
"""Share of the values that must be words of a meaning."""
_PROOF: Final = 0.95
"""Share of the values that must be numbers of a scheme: nine random ones in ten look like SSN."""
MOST_CATEGORIES: Final = 50
_GLANCE: Final = 8
"""Values that are looked at before more of them are."""
_EXAMINED: Final = 250
"""Different values that a form is tried on, spread over the column: ± 2 % at a share of 95 %."""
_CHANCE: Final = 1e-5
"""How likely a column may be to have a form by chance."""

Meaning = tuple[Semantic, float | None]
"""A meaning, and the share of the values that have its form (None: the column's name says so)."""

_PERSON_LIKE = matching(r"[^\W\d_a-z][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}")
_WORDS = matching(r"[^\W\d_][^\d_@#/\\<>{}\[\]]*")
_COLOUR_NAMES = vocabulary.word_set(
    "red green blue yellow orange purple pink brown black white gray grey cyan magenta violet "
    "indigo turquoise teal navy maroon olive lime silver gold beige crimson salmon coral khaki "
    "lavender ivory tan fuchsia aqua rot grün blau gelb schwarz weiß grau rouge vert bleu jaune "
    "noir blanc rojo verde azul amarillo negro blanco"
)
_POST_FORM = matching(r"(?=.*\d)[A-Z]{0,4}-?[A-Z0-9]{1,10}(?:[ -][A-Z0-9]{1,6})?")
_CODE = matching(r"[A-Z]{2,3}")
_PLAIN = matching(r"[+-]?\d+")
_OF_OUR_TIME = matching(r"1[5-9]\d\d|2[01]\d\d")
_IN_A_YEAR = matching(r"[1-4]")


def meaning(values: Texts, kind: LogicalType, name: str) -> Meaning | None:
    """Return what the values of a column mean, or None where nothing is evident.

    `values` are its texts (for native types: as written), `name` its safe name.
    """
    if not values:
        return None
    hints = words(name)
    if kind.name == "string":
        return (
            _by_form(values, FORMS, hints)
            or _by_digits(values, hints)
            or _by_name(values, hints)
            or _by_words(values, hints)
            or _by_use(values, hints)
        )
    if kind.is_numeric:
        return _of_number(values, kind, hints)
    if kind.is_temporal:
        return ("birth_date", None) if hints & named.BIRTH and kind.name != "time" else None
    return None


def share_with(values: Texts, has_form: Test) -> float:
    """Return the share of the values that have a form; nought when the first few have not."""
    return _share(values, has_form) if _at_a_glance(values, has_form) else 0.0


def _share(values: Texts, has_form: Test) -> float:
    counts = values.counts
    if len(counts) <= _EXAMINED:
        return sum(n for text, n in counts.items() if has_form(text)) / len(values)
    examined = list(itertools.islice(counts, 0, None, len(counts) // _EXAMINED))
    return sum(map(has_form, examined)) / len(examined)


def looks_like_people(values: Texts) -> bool:
    """Return whether most values are two to four words with capitals, as names of people are."""
    return share_with(values, _PERSON_LIKE) >= 0.8


def _at_a_glance(values: Texts, has_form: Test) -> bool:
    """Return whether half of the first values have a form; ends as soon as that is out of reach."""
    glance = list(itertools.islice(values.counts, _GLANCE))
    misses = 0
    for text in glance:
        misses += not has_form(text)
        if 2 * misses > len(glance):
            return False
    return bool(glance)


def _by_form(values: Texts, forms: Iterable[Form], hints: frozenset[str]) -> Meaning | None:
    first = "".join(itertools.islice(values.counts, _GLANCE))
    for form in forms:
        if form.sign and form.sign not in first:
            continue
        if (share := _support(values, form)) and not _is_chance(share, values, form, hints):
            return form.semantic, share
    return None


def _support(values: Texts, form: Form) -> float | None:
    share = share_with(values, form.has_form)
    return share if share >= form.support else None


def _is_chance(share: float, values: Texts, form: Form, hints: frozenset[str]) -> bool:
    if form.semantic == "ip":
        return "version" in hints
    valid = round(share * len(values.counts))
    return not hints & form.hints and form.chance**valid > _CHANCE


def _by_digits(values: Texts, hints: frozenset[str]) -> Meaning | None:
    """Return numbers with check digits: articles, cards, and those that a state gives."""
    first = next(iter(values.counts))
    if not any(c.isdigit() for c in first[:32]):
        return None
    if found := _by_form(values, DIGIT_FORMS, hints):
        return found
    if not _at_a_glance(values, lambda t: COULD_BE.fullmatch(t) is not None):
        return None
    for scheme in SCHEMES:
        share = share_with(values, scheme.is_valid)
        valid = round(share * len(values.counts))
        named_so = hints & (named.NATIONAL | named.COMPANY_NUMBER)
        if share >= _PROOF and (named_so or scheme.chance**valid <= _CHANCE):
            return scheme.holder, share
    return None


def _by_name(values: Texts, hints: frozenset[str]) -> Meaning | None:
    """Return what the name says, where the values do not contradict it."""
    longest = values.max_length
    if named.speaks_of_people(hints) and share_with(values, str.isdigit) < 0.5:
        return "name", None
    if hints & named.NATIONAL or {"social", "security"} <= hints or {"national", "id"} <= hints:
        return "national_number", None
    if hints & named.COMPANY_NUMBER and longest <= 24 and _has_digits(values):
        return "company_number", None
    if hints & named.BIRTH and longest <= 30 and not hints & named.CITY and _has_digits(values):
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
        if hints & hint_words and _has_digits(values) and 8 <= longest <= 25:
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
    if hints & named.COLOUR and _agree(values, _is_colour, 0.3):
        return "colour", None
    if hints & named.CURRENCY and longest <= 32 and _agree(values, is_currency, 0.5):
        return "currency", None
    if hints & (named.ADDRESS | named.STREET) and not hints & (named.NOT_ADDRESS | named.CITY):
        return "address", None
    if hints & named.NOT_TEXT or hints & named.KEY - {"code"}:
        return None
    if hints & named.CITY and longest <= 80 and share_with(values, _WORDS) >= SUPPORT:
        return "city", None
    if hints & named.REGION and longest <= 64 and _is_region_column(values, hints):
        return "region", None
    if hints & named.COMPANY and longest <= 120 and not hints & {"type", "size", "category"}:
        return "company", None
    return None


def _by_words(values: Texts, hints: frozenset[str]) -> Meaning | None:
    """Return what values mean that are well-known words, whatever the column is called."""
    distinct = values.counts
    if values.max_length > 120:
        return None
    if len(distinct) <= 32 and (share := share_in_an_order(distinct)) >= _PROOF:
        return "ordinal", share
    if _at_a_glance(values, lambda t: len(t) <= 3):
        return _codes(values)
    known: tuple[tuple[Semantic, Test, float, int], ...] = (
        ("country", is_country_name, SUPPORT, 2),
        ("language", is_language_name, SUPPORT, 2),
        ("currency", is_currency, SUPPORT, 2),
        ("region", is_region_name, SUPPORT, 3),
        ("city", is_large_city, 0.7, 4),
        ("colour", _is_colour, SUPPORT, 3),
    )
    for semantic, is_known, support, fewest in known:
        if len(distinct) >= fewest and (share := share_with(values, is_known)) >= support:
            return semantic, share
    if (known_people := _share_of_people(values, hints)) is not None:
        return "name", known_people
    if (streets := _share_of_addresses(values)) is not None:
        return "address", streets
    if are_national(distinct, SUPPORT):
        return "phone", SUPPORT
    return None


def _codes(values: Texts) -> Meaning | None:
    """Return what two or three letters are codes of; different ones must be many, for all are."""
    distinct = len(values.counts)
    if _at_a_glance(values, lambda t: len(t) == 3):
        if (share := share_with(values, is_currency)) >= SUPPORT and distinct >= 2:
            return "currency", share
        if (share := share_with(values, is_country_code)) >= SUPPORT and distinct >= 3:
            return "country", share
        return None
    if distinct < 6:
        return None
    in_states, in_countries = (share_with(values, t) for t in (is_us_state, is_country_code))
    if max(in_states, in_countries) >= SUPPORT:
        return ("region", in_states) if in_states >= in_countries else ("country", in_countries)
    share = share_with(values, is_language_code)
    return ("language", share) if share >= SUPPORT else None


def _share_of_people(values: Texts, hints: frozenset[str]) -> float | None:
    """Return the share of values with a well-known given name, where they are many enough.

    Not all given names are known. Single words need more of them: places and firms have such names.
    """
    if hints & (named.NOT_PERSON_NAMES | named.COMPANY | named.CITY | named.REGION):
        return None
    if len(values.counts) < 5 or not _at_a_glance(values, _WORDS):
        return None
    known = _share(values, has_given_name)
    of_several_words = _share(values, lambda t: " " in t)
    return known if known >= (0.35 if of_several_words > 0.8 else 0.5) else None


def _share_of_addresses(values: Texts) -> float | None:
    """Return the share of values with a name and a number, where enough of them name a street."""
    if len(values.counts) < 5 or share_with(values, LOOSE_ADDRESS) < 0.8:
        return None
    streets = _share(values, is_address)
    return streets if streets >= 0.35 else None


def _by_use(values: Texts, hints: frozenset[str]) -> Meaning | None:
    total, distinct = len(values), len(values.counts)
    is_code = values.max_length <= 64 and values.joined.count(" ") < total
    if hints & named.KEY and is_code:
        return "key", None
    words_each = values.joined.count(" ") / total
    if words_each >= 4 and len(values.joined) / total >= 30 and distinct > total * 0.2:
        return "free_text", None
    if hints & named.ORDINAL and 2 <= distinct <= 11 and values.max_length <= 16:
        return "ordinal", None
    if 2 <= distinct <= MOST_CATEGORIES and distinct * 4 <= total and values.max_length <= 64:
        return "category", None
    return None


def _of_number(values: Texts, kind: LogicalType, hints: frozenset[str]) -> Meaning | None:
    if hints & (named.LATITUDE | named.LONGITUDE) and (
        kind.name != "int64" or hints & named.UNMISTAKABLE
    ):
        bound = 90 if hints & named.LATITUDE else 180
        texts = values.series.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        if texts.is_between(-bound, bound).all():
            return ("latitude" if bound == 90 else "longitude"), None
    if kind.name != "int64":
        return "measure", None
    if hints & named.BIRTH:
        return "birth_date", None
    if hints & named.NATIONAL and not hints & named.NOT_TEXT:
        return "national_number", None
    if hints & named.YEAR and share_with(values, _OF_OUR_TIME) >= SUPPORT:
        return "year", None
    if hints & named.QUARTER and share_with(values, _IN_A_YEAR) == 1:
        return "quarter", None
    if found := _by_digits(values, hints):
        return found
    if hints & named.KEY:
        return "key", None
    if hints & named.ORDINAL and len(values.counts) <= 11:
        return "ordinal", None
    if hints & (named.QUANTITY | vocabulary.MONEY) or not _at_a_glance(
        values, matching(r"[+-]?\d+")
    ):
        return "measure", None
    return None


def _has_digits(values: Texts) -> bool:
    return share_with(values, lambda t: any(c.isdigit() for c in t)) >= 0.8


def _agree(values: Texts, is_known: Test, least: float) -> bool:
    """Return whether enough different values are known; words in other scripts all count."""
    distinct: Collection[str] = values.counts
    return sum(is_known(t) or not t[:1].isascii() for t in distinct) >= least * len(distinct)


def _is_colour(text: str) -> bool:
    return text.casefold() in _COLOUR_NAMES


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

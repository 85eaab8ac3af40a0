"""What values mean that are well-known words, whatever their column is called."""

from __future__ import annotations

from ai_data_engineer.profiling.meaning import column_words as named
from ai_data_engineer.profiling.meaning.colours import is_colour
from ai_data_engineer.profiling.meaning.given_names import has_given_name
from ai_data_engineer.profiling.meaning.phones import are_national
from ai_data_engineer.profiling.meaning.places import (
    is_country_code,
    is_country_name,
    is_currency,
    is_language_code,
    is_language_name,
    is_large_city,
    is_region_name,
    is_us_state,
)
from ai_data_engineer.profiling.meaning.scales import share_in_an_order
from ai_data_engineer.profiling.meaning.support import (
    PROOF,
    SUPPORT,
    Meaning,
    Test,
    at_a_glance,
    share_of,
    share_with,
)
from ai_data_engineer.profiling.meaning.value_forms import LOOSE_ADDRESS, is_address, matching
from ai_data_engineer.profiling.profile import Semantic
from ai_data_engineer.profiling.texts import Texts

_LONGEST = 120
_PERSON_LIKE = matching(r"[^\W\d_a-z][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}")
_WORDS = matching(r"[^\W\d_][^\d_@#/\\<>{}\[\]]*")


def by_words(values: Texts, hints: frozenset[str]) -> Meaning | None:
    """Return what values mean that are well-known words, whatever the column is called."""
    distinct = values.counts
    if values.max_length > _LONGEST:
        return None
    if len(distinct) <= 32 and (share := share_in_an_order(distinct)) >= PROOF:
        return "ordinal", share
    if at_a_glance(values, lambda t: len(t) <= 3):
        return _codes(values)
    known: tuple[tuple[Semantic, Test, float, int], ...] = (
        ("country", is_country_name, SUPPORT, 2),
        ("language", is_language_name, SUPPORT, 2),
        ("currency", is_currency, SUPPORT, 2),
        ("region", is_region_name, SUPPORT, 3),
        ("city", is_large_city, 0.7, 4),
        ("colour", is_colour, SUPPORT, 3),
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


def looks_like_people(values: Texts) -> bool:
    """Return whether most values are two to four words with capitals, as names of people are."""
    return share_with(values, _PERSON_LIKE) >= 0.8


def _codes(values: Texts) -> Meaning | None:
    """Return what two or three letters are codes of; different ones must be many, for all are."""
    distinct = len(values.counts)
    if at_a_glance(values, lambda t: len(t) == 3):
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
    if len(values.counts) < 5 or not at_a_glance(values, _WORDS):
        return None
    known = share_of(values, has_given_name)
    of_several_words = share_of(values, lambda t: " " in t)
    return known if known >= (0.3 if of_several_words > 0.8 else 0.4) else None


def _share_of_addresses(values: Texts) -> float | None:
    """Return the share of values with a name and a number, where enough of them name a street."""
    if len(values.counts) < 5 or share_with(values, LOOSE_ADDRESS) < 0.8:
        return None
    streets = share_of(values, is_address)
    return streets if streets >= 0.12 else None

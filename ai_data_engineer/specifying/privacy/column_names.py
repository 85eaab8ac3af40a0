"""Names that are data themselves: a record taken for a header, a pivoted table, an object's keys.

A name is shorter than a text and says more about its table, so it is judged more strictly than a
text: whatever is no word and no usual number in it is taken for data. A masked name costs a model
its meaning, hence the many exceptions for what names of columns really look like: dates and years,
series of numbers, words with a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ai_data_engineer.profiling.meaning.value_forms import is_address
from ai_data_engineer.specifying.privacy.credentials import is_random, looks_like_password
from ai_data_engineer.specifying.privacy.people import is_given
from ai_data_engineer.specifying.privacy.recognisers import find
from ai_data_engineer.specifying.privacy.words import common_words

MOST_DIGITS: Final = 6
"""Digits of a name besides its dates: seven are a telephone number or an account."""
SERIES: Final = 3
"""So many names that are dates, or numbers, are the steps of a series; fewer are values."""

_PLAIN: Final = re.compile(r"[A-Za-z_ .-]{1,60}(?:\d{1,3})?")
_DATES: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-_./ ]?(?:0[1-9]|1[0-2])(?:[-_./ ]?(?:0[1-9]|[12]\d|3[01]))?|"
    r"\d{1,2}[-_./]\d{1,2}[-_./](?:19|20)\d\d|(?:19|20)\d\d)(?!\d)"
)
_ONE_DATE: Final = re.compile(
    r"(?:19|20)\d\d[-_./ ]?(?:0[1-9]|1[0-2])[-_./ ]?(?:0[1-9]|[12]\d|3[01])(?:[T ][\d:.]+Z?)?"
    r"|\d{1,2}[-_./]\d{1,2}[-_./](?:(?:19|20)\d\d|\d\d)"
    r"|\d{1,2}\.? [^\W\d_]{3,10}\.? (?:19|20)\d\d|[^\W\d_]{3,10} \d{1,2},? (?:19|20)\d\d"
)
_ONE_NUMBER: Final = re.compile(r"[$€£]? ?[+-]?\d[\d.,' ]*(?:[$€£%]| ?[A-Z]{3})?")
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d(?:[-/ ]\d{2,4})?")
_WORD_ENDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W\d_]+")
_CAPITALS: Final = re.compile(r"[^\W\d_a-zß-öø-ÿ]")
_RUNS: Final = re.compile(r"\d+|[^\W\d_]+")
_SIGNS: Final = re.compile(r"[!@$^&*~?|\\=;]")
_HARMLESS_KINDS: Final = frozenset({"handle"})


def private_names(names: Sequence[str]) -> dict[str, str]:
    """Return those of a table's names that are data, and what each of them is.

    Once a name is an address, a number of a person or a secret, a record was likely taken for the
    header: then all names are data but those made of words that columns are called by.
    """
    found = {name: kind for name in names if (kind := kind_of_name(name)) is not None}
    rest = [name for name in names if name not in found]
    for pattern, kind in ((_ONE_DATE, "date"), (_ONE_NUMBER, "number")):
        alike = [n for n in rest if pattern.fullmatch(n) and not _is_small(n)]
        if len(alike) < SERIES:
            found.update(dict.fromkeys(alike, kind))
    if any(kind not in ("name", "number", "date", "long") for kind in found.values()):
        found.update({n: "value" for n in rest if n not in found and not is_of_words(n)})
    return found


@lru_cache(maxsize=65_536)
def kind_of_name(name: str) -> str | None:
    """Return what a name is when it is data by itself; None: it may be shown."""
    if _PLAIN.fullmatch(name):
        # Nearly all names: letters alone. Only names of people and random letters are in question.
        return _plain_kind(name)
    for match in find(name):
        if match.kind not in _HARMLESS_KINDS or name.startswith("@"):
            return match.kind
    spaced = " ".join(w for w in _WORD_ENDS.split(name) if w)
    if _is_person(spaced):
        return "name"
    rest = _DATES.sub(" ", name)
    if sum(map(str.isdigit, rest)) > MOST_DIGITS:
        return "number"
    if any(_is_odd(token) for token in rest.split()):
        return "credential"
    if any(map(str.isdigit, name)) and is_address(name):
        return "address"
    return None


def is_of_words(name: str) -> bool:
    """Return whether a name is made of words and small numbers that columns are called by."""
    words = [w.casefold() for w in _WORD_ENDS.split(name) if w]
    return bool(words) and all(w in common_words() or len(w) == 1 for w in words)


def _plain_kind(name: str) -> str | None:
    words = [w for w in _WORD_ENDS.split(name) if w]
    may_be_person = any(is_given(w.lower()) for w in words) or (
        len(words) > 1 and " " in name and _CAPITALS.match(name)
    )
    if may_be_person and (_is_person(name) or _is_person(" ".join(words))):
        return "name"
    if len(name) >= 16 and any(is_random(part) for part in re.split(r"[_ .-]", name)):
        return "credential"
    if " " in name or "." in name:
        found = find(name)
        if found and found[0].kind not in _HARMLESS_KINDS:
            return found[0].kind
    return None


def _is_person(spaced: str) -> bool:
    """Return whether a name's words are a given name with at most a surname and common words."""
    return any(match.kind == "name" for match in find(spaced))


def _is_odd(token: str) -> bool:
    """Return whether a piece of a name mixes letters, digits and signs as passwords do."""
    if any(is_random(part) for part in (token, token.replace("_", ""))):
        return True
    letters, digits = any(map(str.isalpha, token)), any(map(str.isdigit, token))
    if not (letters and digits):
        return False
    if len(token) >= 7 and _SIGNS.search(token) and looks_like_password(token):
        return True
    return any(
        len(part) >= 8 and len(_RUNS.findall(part)) >= 5 for part in re.split(r"[\W_]+", token)
    )


def _is_small(name: str) -> bool:
    return bool(_YEAR.fullmatch(name)) or sum(map(str.isdigit, name)) <= 3

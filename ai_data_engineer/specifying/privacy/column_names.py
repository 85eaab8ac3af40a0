"""Names that are data themselves: a record taken for a header, a pivoted table, an object's keys.

A name is shorter than a text and says more about its table, so it is judged more strictly than a
text: whatever is no word and no usual number in it is taken for data. A masked name costs a model
its meaning, hence the many exceptions for what names of columns really look like: dates and years,
series of numbers, words with a number.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ai_data_engineer.profiling.meaning.value_forms import is_address
from ai_data_engineer.specifying.privacy.contacts import streets
from ai_data_engineer.specifying.privacy.credentials import is_random, looks_like_password
from ai_data_engineer.specifying.privacy.numbers import PLATE, is_mixed
from ai_data_engineer.specifying.privacy.people import may_be_given, people
from ai_data_engineer.specifying.privacy.recognisers import find
from ai_data_engineer.specifying.privacy.words import common_words

MOST_DIGITS: Final = 6
"""Digits of a name besides its dates: seven are a telephone number or an account."""
SERIES: Final = 3
"""So many names that are dates, or numbers, are the steps of a series; fewer are values."""

_PLAIN: Final = re.compile(r"(?:(?:[A-Za-z]+\d{0,4}|\d{1,4}[A-Za-z]{0,4})(?:[_ -]{1,3}|$))+")
"""Words, small numbers, and words that begin or end with one."""
_NUMBERS: Final = re.compile(r"\d+")
_FEW_NUMBERS: Final = 2
_FEW_WORDS: Final = 11
_LONG: Final = 16
_PARTS: Final = re.compile(r"[_ .-]")
_STREET: Final = re.compile(
    r"(?i)str|ave|road|rd\b|blvd|boul|lane|\bln|dr\b|drive|court|ct\b|pl|sq|way|terr|hwy|cir|close|"
    r"cres|trail|row|walk|grove|gard|mews|hill|rue|chem|all|imp|quai|rout|weg|damm|gas|ring|straat|"
    r"laan|gracht|kade|vej|gad|väg|gat|tie|kuja|via|corso|calle|piazza|camino|rua|ul|al\.|linden|"
    r"box|postf|[A-Z]\d"
)
"""What streets are called by: no more than a reason to look."""
_APART: Final = "\n\n\n\n"
"""Between names that are looked through together; no recogniser looks across it."""
_TITLED: Final = re.compile(
    r"(?i:mrs?|ms|dr|prof|herrn?|frau|mme|customer|client|patient|user|employee|doctor)\b"
)
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
_SIGNS: Final = re.compile(r"[!@$^&*~?|\\=;]")
_OF_A_SERIES: Final = frozenset({"name", "number", "date", "code", "identifier"})
"""Kinds that names of columns may have all through a table: codes of genes, of census tables."""
_HARMLESS_KINDS: Final = frozenset({"handle"})


def private_names(names: Sequence[str], *, may_be_record: bool = True) -> dict[str, str]:
    """Return those of a table's names that are data, and what each of them is.

    Args:
        names: As found, in the order of the table.
        may_be_record: Whether a record may have been taken for the header. Then, once a name is an
            address, a number of a person or a secret, all names are data but those made of words
            that columns are called by.
    """
    found: dict[str, str] = {}
    others = [name for name in dict.fromkeys(names) if not _is_plain(name)]
    recognised = _recognised(others)
    for name in names:
        kind = recognised.get(name) or _kind_by_rules(name)
        if kind is not None:
            found[name] = kind
    rest = [name for name in names if name not in found]
    dated = [n for n in rest if n[:1].isdigit() or n[:1] in "$€£+-" or n[-4:].isdigit()]
    for pattern, kind in ((_ONE_DATE, "date"), (_ONE_NUMBER, "number")):
        alike = [n for n in dated if pattern.fullmatch(n) and not _is_small(n)]
        if len(alike) < SERIES:
            found.update(dict.fromkeys(alike, kind))
    if may_be_record and any(kind not in _OF_A_SERIES for kind in found.values()):
        found.update({n: "value" for n in rest if n not in found and not is_of_words(n)})
    return found


@lru_cache(maxsize=65_536)
def kind_of_name(name: str) -> str | None:
    """Return what a name is when it is data by itself; None: it may be shown."""
    recognised = {} if _is_plain(name) else _recognised([name])
    return recognised.get(name) or _kind_by_rules(name)


def _is_plain(name: str) -> bool:
    """Return whether only words of people and random letters are in question: nearly always."""
    return (
        _PLAIN.fullmatch(name) is not None
        and len(_NUMBERS.findall(name)) <= _FEW_NUMBERS
        and name.count(" ") < _FEW_WORDS
        and (len(name) < _LONG or max(map(len, _PARTS.split(name))) < _LONG)
        and PLATE.search(name) is None
    )


def _recognised(names: Sequence[str]) -> dict[str, str]:
    """Return what the recognisers find in names, looked through together: that is far cheaper."""
    if not names:
        return {}
    starts, at = [], 0
    for name in names:
        starts.append(at)
        at += len(name) + len(_APART)
    found: dict[str, str] = {}
    for match in find(_APART.join(names)):
        name = names[bisect_right(starts, match.start) - 1]
        if match.kind not in _HARMLESS_KINDS or name.startswith("@"):
            found.setdefault(name, match.kind)
    return found


def _kind_by_rules(name: str) -> str | None:
    words = [w for w in _WORD_ENDS.split(name) if w]
    if _may_be_person(name, words) and (_is_person(name) or _is_person(" ".join(words))):
        return "name"
    if len(name) >= 16 and any(len(p) >= 16 and is_random(p) for p in _PARTS.split(name)):
        return "credential"
    if _NUMBERS.search(name) is None:
        return None
    rest = _DATES.sub(" ", name)
    if sum(map(str.isdigit, rest)) > MOST_DIGITS:
        return "number"
    if any(map(_is_odd, rest.split())):
        return "credential"
    if " " in name and _STREET.search(name) and (is_address(name) or any(streets(name))):
        return "address"
    return None


def is_of_words(name: str) -> bool:
    """Return whether a name is made of words and small numbers that columns are called by."""
    words = [w.casefold() for w in _WORD_ENDS.split(name) if w]
    return bool(words) and all(w in common_words() or len(w) == 1 for w in words)


def _may_be_person(name: str, words: Sequence[str]) -> bool:
    if any(may_be_given(word.lower()) for word in words):
        return True
    return not name.isascii() or (" " in name and _TITLED.match(name) is not None)


def _is_person(text: str) -> bool:
    return any(True for _ in people(text))


def _is_odd(token: str) -> bool:
    """Return whether a piece of a name mixes letters, digits and signs as passwords do."""
    if token.isalpha() or token.isdigit():
        return False
    if len(token) >= 16 and (is_random(token) or is_random(token.replace("_", ""))):
        return True
    if not (any(map(str.isalpha, token)) and any(map(str.isdigit, token))):
        return False
    if len(token) >= 7 and _SIGNS.search(token) and looks_like_password(token):
        return True
    return any(map(is_mixed, re.split(r"[\W_]+", token)))


def _is_small(name: str) -> bool:
    return bool(_YEAR.fullmatch(name)) or sum(map(str.isdigit, name)) <= 3

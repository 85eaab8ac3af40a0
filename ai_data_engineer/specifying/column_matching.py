"""Loose matching of words to column names: `customer name` is `cust_name`, `Qty` is `quantity`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_EXPANSIONS = {
    "acct": "account", "addr": "address", "amt": "amount", "avg": "average", "bal": "balance",
    "cat": "category", "cd": "code", "cnt": "count", "ctry": "country", "cust": "customer",
    "dept": "department", "desc": "description", "dest": "destination", "dob": "birth date",
    "dt": "date", "emp": "employee", "fname": "first name", "ident": "id", "identifier": "id",
    "inv": "invoice", "lat": "latitude", "lname": "last name", "lng": "longitude",
    "loc": "location", "lon": "longitude", "mail": "email", "mgr": "manager", "nbr": "number",
    "nm": "name", "no": "number", "nr": "number", "num": "number", "ord": "order",
    "pct": "percent", "percentage": "percent", "ph": "phone", "postal": "post", "prod": "product",
    "qty": "quantity", "ref": "reference", "surname": "last name", "tel": "phone",
    "telephone": "phone", "temp": "temperature", "tot": "total", "trx": "transaction",
    "ts": "timestamp", "txn": "transaction", "usr": "user", "val": "value", "wt": "weight",
    "yr": "year", "zip": "post code", "zipcode": "post code", "postcode": "post code",
    "birthday": "birth date", "birthdate": "birth date", "firstname": "first name",
    "lastname": "last name", "username": "user name",
}  # fmt: skip
"""Abbreviations and spellings, and the words that they stand for."""

SYNONYMS = {
    "revenue": ("amount", "total", "sale", "price"),
    "sale": ("amount", "revenue", "total"),
    "turnover": ("amount", "revenue", "total"),
    "spend": ("amount", "total", "price"),
    "cost": ("price", "amount"),
    "value": ("amount", "price"),
    "client": ("customer",),
    "buyer": ("customer",),
    "customer": ("client", "buyer"),
    "item": ("product",),
    "product": ("item", "article"),
    "date": ("day", "timestamp", "datetime", "time"),
    "day": ("date",),
    "time": ("timestamp", "datetime"),
    "state": ("status",),
    "worker": ("employee",),
    "units": ("quantity",),
    "city": ("town",),
}
"""Words that people use for a column of another name, likeliest first; the weakest match."""

_FILLERS = frozenset({"of", "the", "a", "an", "column", "field", "value", "s"})
_ENTITY_SUFFIXES = ("id", "key", "code", "number", "name")

EXACT = 1.0
CERTAIN = 0.9
"""From here on a match needs no explanation: the same words in another spelling."""
GOOD_ENOUGH = 0.55


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, spelt out and in the singular: `custNr` → customer, number."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name)
    spaced = spaced.replace("e-mail", "email").replace("E-mail", "email").replace("e_mail", "email")
    words: list[str] = []
    for raw in re.findall(r"[^\W\d_]+|\d+|[#%]", spaced.lower()):
        word = {"#": "number", "%": "percent"}.get(raw, raw)
        expanded = _EXPANSIONS.get(word) or _EXPANSIONS.get(singular(word)) or singular(word)
        words.extend(expanded.split())
    return tuple(words)


def singular(word: str) -> str:
    """Return an English noun's singular, near enough to compare two spellings."""
    if word == "ids":
        return "id"
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


@lru_cache(maxsize=65536)
def score(phrase: str, column: str, context: str = "") -> float:
    """Return how well a phrase names a column, 0 to 1.

    `context` is the name of the table: `order status` is its column `status` in `orders`.
    """
    if phrase.strip().lower() == column.lower():
        return EXACT
    said, named = words_of(phrase), words_of(column)
    said = tuple(w for w in said if w not in _FILLERS) or said
    if not said or not named:
        return 0.0
    if said == named or "".join(said) == "".join(named):
        return 0.98
    if sorted(said) == sorted(w for w in named if w not in _FILLERS):
        return 0.96
    said_set, named_set, around = set(said), set(named), set(words_of(context))
    extra = said_set - named_set
    if not named_set - said_set and extra <= around:
        return 0.92
    missing = named_set - said_set
    if not extra and missing <= around | {"is", "has"}:
        return 0.91
    return max(_partial(said, named, extra), _similar(said, named), _synonymous(said, named))


def _partial(said: Sequence[str], named: Sequence[str], extra: set[str]) -> float:
    """`customer` for `customer_id`: all that was said is in the name; an id goes first."""
    if extra:
        return 0.0
    share = len(set(said)) / len(set(named))
    suffix = named[-1]
    rank = _ENTITY_SUFFIXES.index(suffix) if suffix in _ENTITY_SUFFIXES else len(_ENTITY_SUFFIXES)
    whole_start = 0.05 if tuple(named[: len(said)]) == tuple(said) else 0.0
    return 0.55 + 0.2 * share + whole_start - 0.01 * rank


def _similar(said: Sequence[str], named: Sequence[str]) -> float:
    """A slip of the pen: nearly the same letters."""
    ours, theirs = "".join(said), "".join(named)
    if min(len(ours), len(theirs)) < 5 or abs(len(ours) - len(theirs)) > 2:
        return 0.0
    ratio = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio()
    return ratio * 0.8 if ratio >= 0.85 else 0.0


def _synonymous(said: Sequence[str], named: Sequence[str]) -> float:
    best = 0.0
    for at, word in enumerate(said):
        for rank, other in enumerate(SYNONYMS.get(word, ())):
            swapped = (*said[:at], other, *said[at + 1 :])
            if set(swapped) == set(named):
                best = max(best, 0.7 - 0.02 * rank)
            elif set(swapped) < set(named):
                best = max(best, 0.6 - 0.02 * rank)
    return best


def best_matches(phrase: str, columns: Iterable[str], context: str = "") -> list[tuple[float, str]]:
    """Return the columns that a phrase may mean with their scores, best first, then by position."""
    scored = [(score(phrase, column, context), column) for column in columns]
    return sorted((s for s in scored if s[0] >= GOOD_ENOUGH), key=lambda s: -s[0])

"""Texts that stand for "no value": found in a column, never assumed."""

from __future__ import annotations

import re

from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.vocabulary import word_set

PLAIN = word_set(
    "NULL null N/A n/a #N/A NaN nan NAN -nan -NaN <NA> \\N (null) <null> [NULL] [null] "
    "#NULL! #VALUE! #REF! #DIV/0! #NUM! #NAME?"
)
"""Markers that mean nothing else, whatever the column holds."""

TYPED = word_set(
    "NA na N.A. n.a. Null None none NONE nil Nil NIL - -- --- – — ? ?? . .. * unknown "
    "Unknown UNKNOWN missing Missing MISSING undefined void N/D n/d n.d. ND TBD tbd k.A. "
    "unbekannt inconnu desconocido sconosciuto onbekend okänd ukjent nieznany неизвестно "
    "k.A k.a. n.v.t. nvt s/d S/D s.d. s/i n.c. NC N.C. b.d. н/д brak NR nr N.R. n.r. NS ns "
    "#NV #N/D #NULO! --- ---- ... … ??? _ / x X xx 0000-00-00 00/00/0000 00.00.0000 #N/A!"
) | {
    "0000-00-00 00:00:00",
    "k. A.",
    "not available",
    "Not Available",
    "no data",
    "No data",
    "/  /",
    "/ /",
    "//",
}
"""Markers when they are the exception in a column of numbers, dates or booleans."""

_SIGNS = frozenset({"-", "--", "---", "–", "—", "?", "??", ".", ".."})


def markers(texts: Texts) -> frozenset[str]:
    """Return the texts of the column that would be null tokens if the rest has a type."""
    return frozenset(texts.counts.keys() & _ALL)


def strange_word(values: Texts) -> str | None:
    """Return the one short word that repeats in a column whose other texts all have digits.

    A word that stands in more than half the records, or beside few other values, says something.
    """
    shapes = [shape for shape in values.shapes if "9" not in shape]
    if len(shapes) != 1 or len(shapes[0]) > _LONGEST_WORD:
        return None
    words = [text for text in values.counts if len(text) == len(shapes[0]) and not _has_digit(text)]
    if len(words) != 1:
        return None
    count = values.counts[words[0]]
    is_exception = 3 <= count <= len(values) / 2 and len(values.counts) > 10
    return words[0] if is_exception else None


_LONGEST_WORD = 24


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def tokens_of_typed(texts: Texts, found: frozenset[str]) -> tuple[str, ...]:
    """Return the null tokens of a column whose other texts have a type, most frequent first."""
    ranked = sorted(found, key=lambda t: (-texts.counts[t], t))
    return ("", *ranked)


def tokens_of_text(texts: Texts, found: frozenset[str]) -> tuple[str, ...]:
    """Return the null tokens of a column of text.

    `NA` counts unless other texts are as short (a country code), a sign such as `?` or `-` when
    every other text has a letter or digit.
    """
    if not found:
        return ("",)
    tokens = {t for t in found if t in PLAIN}
    others = texts.without(found)
    if others:
        lengths = sorted(map(len, others.counts))
        if "NA" in found and lengths[len(lengths) // 2] > 3:
            tokens.add("NA")
        signs = found & _SIGNS
        if signs and all(re.search(r"\w", t) for t in others.counts):
            tokens |= signs
    return tokens_of_typed(texts, frozenset(tokens))


_ALL = PLAIN | TYPED

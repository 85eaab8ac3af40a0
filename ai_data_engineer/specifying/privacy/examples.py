"""Values that a model may be shown when a person has asked for examples: few, common, plain.

Who asks for examples gives up "no value at all", not the privacy of people. So nothing is shown
that could be of one person alone:

- Nothing of a column that holds personal data, or whose name speaks of something sensitive
  (credentials, health, pay, belief, free text), or whose values are texts without bounds.
- A word of a category only where it stands in at least 11 records (the smallest cell that the
  Centers for Medicare & Medicaid Services let be published, so that no one is alone in it), and
  only where it is made of a few ordinary words. That is a list of what may be shown, not of what
  may not: a surname that forty orders of one customer repeat is as frequent as a status, and no
  recogniser knows all surnames, codes and passwords. Words of health, belief and descent are not
  on the list.
- Of numbers no value at all but their quartiles, to two significant digits and below a million:
  whatever is longer is a number of something, not an amount. Extremes are single records.
- Of dates the years they lie in, or the months where that is a single year.

Everything else is told by its shape, which a prompt shows anyway.
"""

from __future__ import annotations

import re
from typing import Final

from ai_data_engineer.profiling.meaning.colours import is_colour
from ai_data_engineer.profiling.meaning.places import is_country_name, is_currency
from ai_data_engineer.profiling.names import words
from ai_data_engineer.profiling.profile import ColumnProfile, Semantic
from ai_data_engineer.profiling.vocabulary import word_set
from ai_data_engineer.specifying.privacy.column_names import kind_of_name
from ai_data_engineer.specifying.privacy.people import may_be_given
from ai_data_engineer.specifying.privacy.recognisers import find
from ai_data_engineer.specifying.privacy.words import common_words

MOST: Final = 5
"""Values of a column that are shown."""
FEWEST_RECORDS: Final = 11
"""Records that a value must stand in."""
HIGHEST: Final = 1_000_000

SENSITIVE: Final = word_set(
    "password passwd pwd pass passphrase pin secret token key credential credentials auth otp cvv "
    "cvc hash salt signature session cookie login user username handle account acct iban bic "
    "routing sort swift card ssn sin tax vat passport licence license permit visa national "
    "insurance policy name surname firstname lastname nickname person people contact email mail "
    "phone mobile tel fax address street city zip postcode plz birth birthday dob age born "
    "salary wage wages pay payroll income compensation bonus debt credit score balance wealth "
    "pension benefit diagnosis diagnoses icd disease condition symptom symptoms treatment "
    "medication drug prescription dose allergy allergies blood health medical patient clinical "
    "disability genetic dna hiv pregnancy pregnant therapy hospital mental religion belief faith "
    "church ethnicity ethnic race racial descent nationality citizenship immigration tribe caste "
    "language orientation sexual sexuality sex gender marital married spouse partner child "
    "children "
    "politics political party vote union membership criminal crime conviction offence offense "
    "arrest "
    "police court biometric fingerprint face voice gps location latitude longitude lat lon ip mac "
    "device imei serial note notes comment comments remark remarks message text description reason "
    "feedback review answer response memo diary gehalt lohn diagnose krankheit notiz bemerkung "
    "salaire salario nota commentaire comentario geschlecht genre religione konfession herkunft"
)
"""Words of a column's name that say its values are nobody's business."""
_BARED: Final[frozenset[Semantic | None]] = frozenset(
    {None, "category", "ordinal", "country", "currency", "colour", "measure", "year", "quarter"}
)
"""Meanings whose values may be shown."""
_NOT_SHOWN: Final = word_set(
    "black white brown yellow red positive negative union dead death deaths injured fatal male "
    "female boy girl sex men women man woman family child children party member single partner "
    "young old blood health benefit crime alcohol drug me my he she his her"
)
"""Ordinary words that may tell someone's health, descent, belief, sex or ties."""
_ALLOWED: Final = word_set(
    "accepted archived assigned backlog basic blocked bronze bulk cancelled captured cheque chips "
    "confirmed corporate courier declined delivered diamond digital disabled dispatched "
    "electronics "
    "enabled enterprise exempt express fragile free fulfilled furniture garden gift gold grocery "
    "hardware inactive inbound invoiced kitchen lost medium monthly newsletter nightly offline "
    "online outbound overdue paid pending platinum premium prepaid processing queued reached "
    "refused "
    "refunded rejected renewed resolved retail retired returned scheduled sent shipped silver "
    "software stationery submitted suspended toys unpaid unresolved urgent verified voided "
    "wholesale withdrawn monday tuesday wednesday thursday friday saturday sunday yes no true "
    "false "
    "low medium high north south east west spring summer autumn winter small large"
)
_VALUE: Final = re.compile(r"[A-Za-z]{2,20}(?:[ _-][A-Za-z]{2,20}){0,2}")


def examples(column: ColumnProfile) -> tuple[str, ...]:
    """Return a few values of a column that may be shown; empty: none may."""
    if column.pii is not None or column.semantic not in _BARED:
        return ()
    hints = words(column.name)
    if hints & SENSITIVE or any(h.rstrip("s") in SENSITIVE for h in hints):
        return ()
    if kind_of_name(column.name) or kind_of_name(column.source_name):
        return ()
    match column.type.name:
        case "boolean":
            return ("true", "false")
        case "string":
            return _categories(column)
        case "int64" | "float64" | "decimal":
            return _figures(column)
        case "date" | "datetime":
            return _dates(column)
        case _:
            return ()


def _categories(column: ColumnProfile) -> tuple[str, ...]:
    if column.is_unique or column.could_be_key:
        return ()
    shown = [
        str(value.value)
        for value in column.top_values
        if value.count >= FEWEST_RECORDS and _is_plain(str(value.value))
    ]
    return tuple(shown[:MOST])


def _is_plain(text: str) -> bool:
    """Return whether a text is of a few ordinary words, none of which tells about a person."""
    if not _VALUE.fullmatch(text) or find(text):
        return False
    parts = [part.casefold() for part in re.split(r"[ _-]", text)]
    if any(part in _NOT_SHOWN or part in SENSITIVE for part in parts):
        return False
    known = all(part in common_words() or part in _ALLOWED for part in parts)
    if known:
        return all(part in _ALLOWED or not may_be_given(part) for part in parts)
    return is_country_name(text) or is_currency(text) or is_colour(text)


def _figures(column: ColumnProfile) -> tuple[str, ...]:
    if column.could_be_key or column.semantic not in (None, "measure", "ordinal", "year"):
        return ()
    quartiles = [column.quantiles.get(q) for q in ("0.25", "0.5", "0.75")]
    figures = [figure for figure in quartiles if figure is not None]
    extremes = [v for v in (column.min, column.max) if isinstance(v, int | float)]
    if any(abs(figure) >= HIGHEST for figure in (*figures, *extremes)):
        return ()
    return tuple(dict.fromkeys(_rounded(figure) for figure in figures))


def _rounded(figure: float) -> str:
    """Return a number to two significant digits, without an exponent."""
    rounded = float(f"{figure:.1e}")
    return f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded:.12f}".rstrip("0")


def _dates(column: ColumnProfile) -> tuple[str, ...]:
    first, last = str(column.min or "")[:7], str(column.max or "")[:7]
    if not re.fullmatch(r"\d{4}-\d\d", first) or not re.fullmatch(r"\d{4}-\d\d", last):
        return ()
    if first[:4] != last[:4]:
        first, last = first[:4], last[:4]
    return tuple(dict.fromkeys((first, last)))

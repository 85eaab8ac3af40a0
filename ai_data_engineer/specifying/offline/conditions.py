"""One condition: `amount over 100`, `status is paid or shipped`, `missing email`, `paid orders`."""

from __future__ import annotations

from dataclasses import replace

from ai_data_engineer.specifying.column_matching import CERTAIN
from ai_data_engineer.specifying.offline.literals import (
    ENDS_A_VALUE,
    read_frequent_value,
    read_literal,
    read_value_anywhere,
    skip_unit,
)
from ai_data_engineer.specifying.offline.periods import read_period
from ai_data_engineer.specifying.offline.phrases import meanings
from ai_data_engineer.specifying.offline.predicates import (
    Compared,
    Condition,
    Literal,
    Missing,
    OneOf,
    TextHas,
    several,
)
from ai_data_engineer.specifying.offline.reader import ARTICLES, Reader, is_number
from ai_data_engineer.specifying.offline.time_conditions import (
    around,
    between_dates,
    in_time,
    period_alone,
    range_ahead,
    read_operator,
)
from ai_data_engineer.specifying.offline.vocabulary import Ref, is_number_of_a_thing

_COPULAS = "is | are | was | were | be | being | has | have | had"
_MISSING = (
    "missing | null | empty | blank | unknown | not set | not known | not present | nan | none | "
    "not available | not given | absent | not filled"
)
_PRESENT = (
    "not missing | not null | not empty | not blank | present | known | set | filled | given | "
    "exists | available | not unknown | not nan | filled in | there | non-null | non-empty | not "
    "none"
)
_TEXT_TESTS = meanings(
    {
        "CONTAINS": "contains | contain | containing | includes | including | like",
        "STARTS_WITH": "starts with | start with | starting with | begins with | beginning with",
        "ENDS_WITH": "ends with | end with | ending with | ending in | ends in",
    }
)
_DENIALS = "does not | doesn't | do not | don't | not"


def read_conditions(r: Reader, *, verb: bool) -> Condition | None:
    """Take conditions joined by `and` and `or`; `and` binds more tightly.

    `verb` says that a verb stands before, so that a value alone (`keep paid`) is clear.
    """
    options: list[Condition] = []
    r.subject = None
    while True:
        start = r.at
        if options and not r.take("or | or where | or if | or with"):
            break
        part = _all_of(r, verb=verb)
        if part is None:
            r.at = start
            break
        options.append(part)
    return several(options, "OR") if options else None


def _all_of(r: Reader, *, verb: bool) -> Condition | None:
    parts: list[Condition] = []
    while True:
        start = r.at
        if parts and not r.take("and | and where | but | and with | , and | and that"):
            break
        if parts:
            r.take("with | where | a | an | the | only | whose")
        part = _in_brackets(r) or _condition(r, verb=verb and not parts)
        if part is None:
            r.at = start
            break
        parts.append(part)
    return several(parts, "AND") if parts else None


def _in_brackets(r: Reader) -> Condition | None:
    start = r.at
    condition = read_conditions(r, verb=False) if r.take("(") else None
    if condition is None or not r.take(")"):
        r.at = start
        return None
    return condition


def _condition(r: Reader, *, verb: bool) -> Condition | None:
    start = r.at
    for reading in (_missing_before, _comparison, period_alone, _number_alone):
        if (condition := reading(r)) is not None:
            return condition
        r.at = start
    condition = _frequent_values(r, verb=verb)
    if condition is None:
        r.at = start
    return condition


def _missing_before(r: Reader) -> Condition | None:
    """`missing email`, `a blank name`, `no missing amounts`."""
    r.skip(ARTICLES)
    denied = r.take("no | not | non") is not None
    if (
        r.take(
            "missing | empty | null | blank | unknown | nulls in | missing values in | nulls for"
        )
        is None
    ):
        if r.take("a known | known | a valid | valid | non-null | non-empty | a non-empty") is None:
            return None
        denied = True
    refs = r.columns()
    if not refs:
        return None
    # Rows that lack one of several: any of them; rows that lack none: all there.
    tests: list[Condition] = [Missing(ref, is_missing=not denied) for ref in refs]
    r.take("values | value")
    return several(tests, "AND" if denied else "OR")


def _comparison(r: Reader) -> Condition | None:
    ref = r.column()
    if ref is None:
        return None
    r.subject = ref
    r.take("values | value")
    copula = r.take(_COPULAS)
    r.take("a value | an value | either | only | been")
    if r.take(_PRESENT):
        return Missing(ref, is_missing=False)
    if r.take(_MISSING):
        return Missing(ref)
    if ref.field.type.name == "boolean":
        return _truth(r, ref, copula)
    if (condition := _text_test(r, ref)) is not None:
        return condition
    if r.take("between | in the range | within") or (range_ahead(r) and r.take("from")):
        return _between(r, ref)
    if r.take("not between | outside | not in the range | not within"):
        between = _between(r, ref)
        return between.negated() if between is not None else None
    if r.take("not in | none of | not one of | not any of | neither"):
        return _membership(r, ref, is_among=False)
    if r.take("in | one of | any of | among | either of") is not None:
        return _membership(r, ref, is_among=True)
    compared = read_operator(r, of_time=ref.field.type.name in ("date", "datetime"))
    operator = compared or "="
    if compared is None and copula is None and not r.take(": | of"):
        # "status paid" is clear by its value; "amount 100" is not a condition.
        return _value_behind(r, ref)
    if operator in ("=", "<>"):
        return _membership(r, ref, is_among=operator == "=")
    return _ordered(r, ref, operator)


def _truth(r: Reader, ref: Ref, copula: str | None) -> Condition | None:
    r.take("= | == | equals")
    denied = r.take("not") is not None
    said = r.take("true | yes | set | on | false | no | off")
    if said is None and not (denied and copula):
        return None
    value = said in (None, "true", "yes", "set", "on")
    return Compared(ref, "=", value != denied)


def _text_test(r: Reader, ref: Ref) -> Condition | None:
    start = r.at
    denied = r.take(_DENIALS) is not None
    phrase = r.take(*_TEXT_TESTS)
    if phrase is None or ref.field.type.name != "string":
        r.at = start
        return None
    texts: list[Condition] = []
    while True:
        here = r.at
        if texts and not r.take("or"):
            break
        token = r.peek()
        if (
            token is None
            or token.kind == "mark"
            or (token.kind == "word" and token.lower in ENDS_A_VALUE)
        ):
            r.at = here
            break
        r.at += 1
        texts.append(TextHas(ref, _TEXT_TESTS[phrase], token.value))
    if not texts:
        r.at = start
        return None
    test = several(texts, "OR")
    return test.negated() if denied else test


def _between(r: Reader, ref: Ref) -> Condition | None:
    if ref.field.type.name in ("date", "datetime"):
        return between_dates(r, ref)
    low = read_literal(r, ref.field)
    if low is None or not r.take("and | to | - | until"):
        return None
    high = read_literal(r, ref.field)
    if high is None or isinstance(low, str) or isinstance(high, str):
        return None
    return several([Compared(ref, ">=", low), Compared(ref, "<=", high)], "AND")


def _ordered(r: Reader, ref: Ref, operator: str) -> Condition | None:
    if ref.field.type.name in ("date", "datetime"):
        period = read_period(r)
        return None if period is None else around(ref, operator, period)
    value = read_literal(r, ref.field)
    if value is None or isinstance(value, str | bool):
        return None
    if ref.score < CERTAIN and is_number_of_a_thing(ref.field):
        # "customers over 1000" is not about their numbers.
        measure = r.vocabulary.main_measure()
        if measure is None:
            return None
        ref = replace(measure, phrase=ref.phrase)
    skip_unit(r)
    return Compared(ref, _or_beyond(r) or operator, value)


def _or_beyond(r: Reader) -> str | None:
    """Take `or more` behind a number; in `or above 500` another number follows."""
    start = r.at
    found = None
    if r.take("or more | or above | or higher | and above | and more | or over"):
        found = ">="
    elif r.take("or less | or below | or lower | or fewer | and below"):
        found = "<="
    if found and (token := r.peek()) and token.number is not None:
        r.at, found = start, None
    return found


def _membership(r: Reader, ref: Ref, *, is_among: bool) -> Condition | None:
    """One value or a list of them behind `is`, `in`, `is not`."""
    if ref.field.type.name in ("date", "datetime"):
        return in_time(r, ref, is_among=is_among)
    r.take("one of | either | any of | in | :")
    opened = r.take("( | [") is not None
    values: list[Literal] = []
    while True:
        start = r.at
        if values and not _list_goes_on(r, ref):
            r.at = start
            break
        value = read_literal(r, ref.field)
        if value is None:
            r.at = start
            break
        values.append(value)
    if opened:
        r.take(") | ]")
    if not values:
        return None
    if len(values) == 1:
        skip_unit(r)
        if is_among and (operator := _or_beyond(r)):
            return Compared(ref, operator, values[0])
        equal = Compared(ref, "=", values[0])
        return equal if is_among else equal.negated()
    return OneOf(ref, tuple(values), is_among)


def _list_goes_on(r: Reader, ref: Ref) -> bool:
    """Whether the next words are one more value, and not another wish."""
    or_said = bool({"or", "nor"} & {t.lower for t in r.tokens[r.at : r.at + 2]})
    if not r.separator():
        return False
    token = r.peek()
    if token is None:
        return False
    if ref.field.type.name != "string":
        return token.number is not None
    start = r.at
    frequent = read_frequent_value(r, ref.field) is not None
    r.at = start
    if frequent or token.kind == "quoted":
        return True
    column = r.column()
    r.at = start
    # "status is paid or country is France": another condition begins.
    return or_said and (column is None or column.score < CERTAIN)


def _number_alone(r: Reader) -> Condition | None:
    """`over 100 EUR`, `more than 3 items`: what was spoken of, else the one quantity there is."""
    start = r.at
    operator = read_operator(r, of_time=False)
    if operator not in (">", ">=", "<", "<="):
        return None
    number = r.number()
    if number is None:
        return None
    named = r.column(is_number)
    if named is not None:
        return Compared(named, operator, number)
    skip_unit(r)
    if r.subject is not None and r.subject.field.type.is_numeric:
        return Compared(r.subject, operator, number)
    measure = r.vocabulary.main_measure()
    if measure is None:
        return None
    return Compared(replace(measure, phrase=r.said(start)), operator, number)


def _frequent_values(r: Reader, *, verb: bool) -> Condition | None:
    """`only paid orders`, `cancelled or refunded orders`: the values tell the column."""
    r.skip(ARTICLES)
    found: list[tuple[Ref, Literal]] = []
    while True:
        start = r.at
        if found and not r.separator():
            break
        value = read_value_anywhere(r)
        if value is None or (found and value[0].name != found[0][0].name):
            r.at = start
            break
        found.append(value)
    if not found:
        return None
    start = r.at
    if not r.rows() and not verb and not r.take("only"):
        return None
    if r.peek_is("by", "per", "for"):
        # "paid orders by month": the rows are counted by what follows.
        r.at = start
    ref = found[0][0]
    values = tuple(value for _, value in found)
    if len(values) == 1:
        return Compared(ref, "=", values[0])
    return OneOf(ref, values)


def _value_behind(r: Reader, ref: Ref) -> Condition | None:
    start = r.at
    if ref.field.type.name != "string" or read_frequent_value(r, ref.field) is None:
        return None
    r.at = start
    return _membership(r, ref, is_among=True)

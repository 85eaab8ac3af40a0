"""Conditions on time: `after 2024-01-01`, `in March 2024`, `between 2022 and 2023`."""

from __future__ import annotations

import datetime as dt

from ai_data_engineer.specifying.offline.periods import Period, read_period
from ai_data_engineer.specifying.offline.phrases import meanings
from ai_data_engineer.specifying.offline.predicates import Compared, Condition, PartOfDate, several
from ai_data_engineer.specifying.offline.reader import Reader, is_dated
from ai_data_engineer.specifying.offline.vocabulary import Ref

OPERATORS = meanings(
    {
        ">": (
            "> | over | above | more than | greater than | larger than | higher than | bigger "
            "than | exceeds | exceed | exceeding | beyond | longer than | after | "
            "later than"
        ),
        ">=": (
            ">= | ≥ | at least | no less than | not less than | greater than or equal to | "
            "minimum | from | since | starting | starting from | starting in | on or after | min "
            "| more than or equal to | as of | not below | not under"
        ),
        "<": (
            "< | under | below | less than | fewer than | smaller than | lower than | before | "
            "earlier than | shorter than | prior to"
        ),
        "<=": (
            "<= | ≤ | at most | up to | no more than | not more than | less than or equal to | "
            "until | till | maximum | on or before | max | through | not above | not over | up "
            "until"
        ),
        "<>": (
            "!= | <> | ≠ | not | isn't | aren't | not equal to | is not equal to | different from "
            "| other than | does not equal | not equals | wasn't | weren't"
        ),
        "=": "= | == | equals | equal to | exactly | equal",
    }
)
_AGES = meanings({"older": "older than", "younger": "younger than | newer than"})
_OF_AGES = {"older": ">", "younger": "<"}


def read_operator(r: Reader, *, of_time: bool) -> str | None:
    """Take a comparison. What is older has the greater age, and the earlier date."""
    phrase = r.take(*OPERATORS, *_AGES)
    if phrase in _AGES:
        return {"older": "<", "younger": ">"}[_AGES[phrase]] if of_time else _OF_AGES[_AGES[phrase]]
    return OPERATORS[phrase] if phrase else None


def period_alone(r: Reader) -> Condition | None:
    """`after 2024-01-01`, `in March 2024`, `between 2023 and 2024`: the main date is meant."""
    spoken_of = r.subject if r.subject is not None and is_dated(r.subject.field) else None
    ref = spoken_of or r.vocabulary.main_date()
    if ref is None:
        return None
    r.take("dated | from dates")
    if r.take("between") or (range_ahead(r) and r.take("from")):
        return between_dates(r, ref)
    operator = read_operator(r, of_time=True)
    if operator in (">", ">=", "<", "<="):
        period = read_period(r)
        return None if period is None else around(ref, operator, period)
    if operator is not None:
        return None
    before = r.peek(-1)
    introduced = r.take("in | on | during | for | of | from") or (
        before is not None and before.lower in ("in", "on", "for", "from", "during", "only", "of")
    )
    return in_time(r, ref, is_among=True) if introduced else None


def between_dates(r: Reader, ref: Ref) -> Condition | None:
    """Take `2024-01-01 and 2024-03-31` behind `between`; the last day counts."""
    first = read_period(r)
    if first is None or not r.take("and | to | until | till | - | –"):
        return None
    last = read_period(r)
    if last is None:
        return None
    return several(
        [
            Compared(ref, ">=", _moment(first.start, ref)),
            Compared(ref, "<", _moment(last.end, ref)),
        ],
        "AND",
    )


def in_time(r: Reader, ref: Ref, *, is_among: bool) -> Condition | None:
    """Take a period that a date must fall into; `March` alone is that of every year."""
    token = r.peek()
    period = read_period(r)
    if period is not None:
        condition = _within(ref, period)
    elif token and (month := token.month):
        r.at += 1
        condition = PartOfDate(ref, "MONTH", month)
    else:
        return None
    return condition if is_among else condition.negated()


def range_ahead(r: Reader) -> bool:
    """Whether `from … to …` stands here and not `from … on`."""
    return any(t.lower in ("to", "until", "till") for t in r.tokens[r.at : r.at + 6])


def around(ref: Ref, operator: str, period: Period) -> Condition:
    """`after 2023` begins when 2023 has ended; `since 2023` when it begins."""
    match operator:
        case ">":
            return Compared(ref, ">=", _moment(period.end, ref))
        case ">=":
            return Compared(ref, ">=", _moment(period.start, ref))
        case "<":
            return Compared(ref, "<", _moment(period.start, ref))
        case _:
            return Compared(ref, "<", _moment(period.end, ref))


def _within(ref: Ref, period: Period) -> Condition:
    one_day = period.end == period.start + dt.timedelta(days=1)
    if one_day and ref.field.type.name == "date":
        return Compared(ref, "=", period.start)
    return several(
        [
            Compared(ref, ">=", _moment(period.start, ref)),
            Compared(ref, "<", _moment(period.end, ref)),
        ],
        "AND",
    )


def _moment(day: dt.date | dt.datetime, ref: Ref) -> dt.date | dt.datetime:
    if ref.field.type.name == "datetime" and not isinstance(day, dt.datetime):
        return dt.datetime(day.year, day.month, day.day)
    if ref.field.type.name == "date" and isinstance(day, dt.datetime):
        return day.date()
    return day

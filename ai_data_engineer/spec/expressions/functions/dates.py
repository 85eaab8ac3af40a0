"""Functions over dates, datetimes (UTC) and times."""

from __future__ import annotations

import datetime as dt

from sqlglot import exp

from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.casting import parse_text
from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.dateformat import EPOCH_FACTORS, DateFormat
from ai_data_engineer.spec.expressions.coercion import coerce, type_error
from ai_data_engineer.spec.expressions.registry import Build, Param, register
from ai_data_engineer.spec.expressions.typed import ATOM, PRODUCT, SUM, TIME, Typed, derived
from ai_data_engineer.spec.sql.casting import parse_sql
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import DATE, DATETIME, INT64, STRING, LogicalType

DAY = Param("date", "date")
UNIT = Param("unit", "text", constant=True)
OFFSETS = {
    "year": "1y",
    "quarter": "1q",
    "month": "1mo",
    "week": "1w",
    "day": "1d",
    "hour": "1h",
    "minute": "1m",
    "second": "1s",
}
_CLOCK = ("hour", "minute", "second")
MOST = 100_000
"""Most units that `date_add` goes; further is null."""


def unit_of(text: str) -> str:
    """Return a unit in the singular; raises ExpressionError for one that is not known."""
    unit = text.lower()
    unit = unit[:-1] if unit.endswith("s") and unit[:-1] in OFFSETS else unit
    if unit not in OFFSETS:
        raise type_error(f"'{text[:20]}' is not a unit.", f"Units are {', '.join(OFFSETS)}.")
    return unit


def _part(name: str, method: str) -> Build:
    def build(moment: Typed) -> Typed:
        source = code(f"{{m}}.dt.{method}().cast(pl.Int64)", m=moment.expr)
        return derived(
            source, INT64, moment, bound=1_000_000, sql=lambda d: d.part(name, moment.sql(d))
        )

    return build


PARTS: dict[str, tuple[str, str, str, int]] = {
    "year": ("year", "The year.", "2024-02-29", 2024),
    "quarter": ("quarter", "The quarter, 1 to 4.", "2024-02-29", 1),
    "month": ("month", "The month, 1 to 12.", "2024-02-29", 2),
    "week": ("week", "The ISO week, 1 to 53.", "2024-12-30", 1),
    "iso_year": ("iso_year", "The year that the ISO week belongs to.", "2024-12-30", 2025),
    "day": ("day", "The day of the month.", "2024-02-29", 29),
    "day_of_year": ("ordinal_day", "The day of the year, from 1.", "2024-02-29", 60),
    "weekday": ("weekday", "The ISO day of the week: Monday 1 to Sunday 7.", "2024-03-03", 7),
}
for _name, (_method, _meaning, _day, _result) in PARTS.items():
    register(
        "dates",
        _name,
        (DAY,),
        "int64",
        _meaning,
        (f"{_name}(DATE '{_day}')", _result),
        build=_part(_name, _method),
        aliases={
            "weekday": ("isodow",),
            "day_of_year": ("dayofyear", "doy"),
            "day": ("day_of_month",),
        }.get(_name, ()),
    )
for _name, _result in (("hour", 13), ("minute", 45), ("second", 10)):
    register(
        "dates",
        _name,
        (Param("time", "time"),),
        "int64",
        f"The {_name} of a datetime (in UTC) or time.",
        (f"{_name}(TIMESTAMP '2024-02-29 13:45:10')", _result),
        build=_part(_name, _name),
    )


def _trunc(unit: str, moment: Typed) -> Typed:
    unit = unit_of(unit)
    if moment.type == DATE and unit in _CLOCK:
        raise type_error(f"A date has no {unit}.")
    source = code("{m}.dt.truncate({u})", m=moment.expr, u=lit(OFFSETS[unit]))
    return derived(
        source,
        moment.type,
        moment,
        sql=lambda d: d.start_of(unit, moment.sql(d), moment.type),
    )


def _diff(unit: str, start: Typed, end: Typed) -> Typed:
    unit = unit_of(unit)
    if unit in ("year", "quarter", "month"):
        counts = [_months(unit, p) for p in (start, end)]
        source = code("{b} - {a}", a=counts[0], b=counts[1])
        return derived(
            source,
            INT64,
            start,
            end,
            rank=SUM,
            bound=2**32,
            sql=lambda d: d.binary(exp.Sub, *(_months_sql(d, unit, p) for p in (end, start))),
        )
    if unit in _CLOCK:
        moments = [coerce(p, DATETIME) for p in (start, end)]
    else:
        moments = [coerce(p, DATE) if unit != "week" else p for p in (start, end)]
        moments = [_as_date(p) for p in moments]
    cut = lit(OFFSETS[unit])
    a, b = (
        p.expr if unit == "day" else code("{m}.dt.truncate({u})", m=p.expr, u=cut) for p in moments
    )
    total = {"week": "days", "day": "days"}.get(unit, f"{unit}s")
    source = code(f"({{b}} - {{a}}).dt.total_{total}()", a=a, b=b)
    if unit == "week":
        source = code("{s} // 7", s=source)
    rank = PRODUCT if unit == "week" else ATOM

    def sql(d: Dialect) -> Sql:
        return d.binary(exp.Sub, *(_count_sql(d, unit, p) for p in reversed(moments)))

    return derived(source, INT64, start, end, rank=rank, bound=2**53, sql=sql)


def _count_sql(d: Dialect, unit: str, moment: Typed) -> Sql:
    """Return how many starts of the unit lie between a first one and the moment."""
    if unit == "day":
        return d.days(moment.sql(d))
    start = d.start_of(unit, moment.sql(d), moment.type)
    if unit == "week":
        # The first day of 1970 was a Thursday, its Monday the day -3.
        days = d.binary(exp.Add, d.days(start), d.integer(3))
        return d.binary(exp.IntDiv, days, d.integer(7))
    seconds = {"hour": 3600, "minute": 60, "second": 1}[unit]
    return d.binary(exp.IntDiv, d.seconds(start), d.integer(seconds))


def _as_date(part: Typed) -> Typed:
    return coerce(part, DATE) if part.is_literal and part.type == DATE else dated(part)


def dated(part: Typed) -> Typed:
    """Return the date of a date or datetime."""
    if part.type == DATE:
        return part
    source = code("{m}.dt.date()", m=part.expr)
    return derived(source, DATE, part, sql=lambda d: d.cast(part.sql(d), DATE))


def _months(unit: str, part: Typed) -> Code:
    year = code("{m}.dt.year().cast(pl.Int64)", m=part.expr)
    if unit == "year":
        return year
    per = {"quarter": 4, "month": 12}[unit]
    return code(f"({{y}} * {per} + {{m}}.dt.{unit}().cast(pl.Int64))", y=year, m=part.expr)


def _months_sql(d: Dialect, unit: str, moment: Typed) -> Sql:
    year = d.part("year", moment.sql(d))
    if unit == "year":
        return year
    per = {"quarter": 4, "month": 12}[unit]
    months = d.binary(exp.Mul, year, d.integer(per))
    return d.binary(exp.Add, months, d.part(unit, moment.sql(d)))


def _add(moment: Typed, count: Typed, unit: str) -> Typed:
    unit = unit_of(unit)
    if moment.type == DATE and unit in _CLOCK:
        raise type_error(f"A date has no {unit}.", "CAST(… AS datetime) makes midnight of a date.")
    suffix = OFFSETS[unit][1:]
    if count.is_literal and isinstance(count.value, int):
        if abs(count.value) > MOST or (unit == "year" and abs(count.value) > 10_000):
            raise type_error(f"`count` goes to {MOST} (years to 10000).")
        source = code("{m}.dt.offset_by({o})", m=moment.expr, o=lit(f"{count.value}{suffix}"))
        return derived(
            source,
            moment.type,
            moment,
            sql=lambda d: _later(d, moment, d.literal(count.value, INT64), unit),
        )
    most = 10_000 if unit == "year" else MOST
    source = code(
        "{m}.dt.offset_by(pl.format({f}, pl.when({n}.is_between(-{most}, {most})).then({n})))",
        m=moment.expr,
        f=lit(f"{{}}{suffix}"),
        n=count.expr,
        most=lit(most),
    )

    def sql(d: Dialect) -> Sql:
        within = exp.Between(this=count.sql(d), low=d.integer(-most), high=d.integer(most))
        return _later(d, moment, d.case((within, count.sql(d))), unit)

    return derived(source, moment.type, moment, count, nullable=True, sql=sql)


_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_SECONDS = {"week": 604_800, "day": 86_400, "hour": 3600, "minute": 60, "second": 1}


def _later(d: Dialect, moment: Typed, count: Sql, unit: str) -> Sql:
    if unit in _MONTHS:
        months = count if unit == "month" else _times(d, count, _MONTHS[unit])
        return d.months_later(moment.sql(d), months, moment.type)
    if moment.type == DATE:
        days = count if unit == "day" else _times(d, count, 7)
        return d.from_days(d.binary(exp.Add, d.days(moment.sql(d)), days))
    ahead = _times(d, count, _SECONDS[unit] * 1_000_000)
    return d.from_microseconds(d.binary(exp.Add, d.microseconds(moment.sql(d)), ahead))


def _times(d: Dialect, count: Sql, factor: int) -> Sql:
    return d.binary(exp.Mul, count, d.integer(factor))


def _adder(unit: str) -> Build:
    return lambda moment, count: _add(moment, count, unit)


def _last_day(moment: Typed) -> Typed:
    moment = dated(moment)
    source = code("{d}.dt.month_end()", d=moment.expr)
    return derived(source, DATE, moment, sql=lambda d: d.last_day(moment.sql(d)))


def _make_date(year: Typed, month: Typed, day: Typed) -> Typed:
    text = code('pl.format("{{}}-{{}}-{{}}", {y}, {m}, {d})', y=year.expr, m=month.expr, d=day.expr)

    def sql(d: Dialect) -> Sql:
        year_text, *others = (d.cast(p.sql(d), STRING) for p in (year, month, day))
        dashed = [piece for other in others for piece in (d.string("-"), other)]
        return parse_sql(d, d.joined(year_text, *dashed), DATE, _AS_WRITTEN)

    source = parse_text(text, DATE, _AS_WRITTEN)
    return derived(source, DATE, year, month, day, nullable=True, sql=sql)


_AS_WRITTEN = Parse(trim=False, null_tokens=())


def _format(moment: Typed, form: str) -> Typed:
    try:
        names = DateFormat(form).names
    except ValueError as error:
        raise type_error(f"{error}.") from None
    if names & set("oZ"):
        raise type_error("%o and %Z are read, not written.")
    clock, days = names & set("HIMSfpz"), names & set("YymdjbBaA")
    if (moment.type == DATE and clock) or (moment.type.name == "time" and days | (names & {"z"})):
        raise type_error(f"A {moment.type} has not all that '{form}' shows.")
    source = code("{m}.dt.strftime({f})", m=moment.expr, f=lit(form.replace("%f", "%6f")))

    def sql(d: Dialect) -> Sql:
        shown = moment.sql(d)
        return d.formatted(d.on_first_day(shown) if moment.type == TIME else shown, form)

    return derived(source, STRING, moment, sql=sql)


def _reader(kind: LogicalType) -> Build:
    def build(text: Typed, form: str) -> Typed:
        if form in EPOCH_FACTORS:
            raise type_error("Moments counted since 1970 are read by from_epoch.")
        try:
            parse = Parse(date_format=form)
            source = parse_text(text.expr, kind, parse)
        except ValueError as error:
            raise type_error(f"{error}.") from None
        return derived(
            source,
            kind,
            text,
            nullable=True,
            sql=lambda d: parse_sql(d, text.sql(d), kind, parse),
        )

    return build


def _epoch(moment: Typed) -> Typed:
    return derived(
        code('{m}.dt.epoch("s")', m=moment.expr),
        INT64,
        moment,
        bound=2**44,
        sql=lambda d: d.seconds(coerce(moment, DATETIME).sql(d)),
    )


def _from_epoch(seconds: Typed) -> Typed:
    source = code(
        "(pl.when({n}.is_between(-99_999_999_999, 99_999_999_999)).then({n}) * 1_000_000)"
        '.cast(pl.Datetime("us", "UTC"))',
        n=seconds.expr,
    )

    def sql(d: Dialect) -> Sql:
        most = 99_999_999_999
        within = exp.Between(this=seconds.sql(d), low=d.integer(-most), high=d.integer(most))
        return d.from_microseconds(_times(d, d.case((within, seconds.sql(d))), 1_000_000))

    return derived(source, DATETIME, seconds, nullable=True, sql=sql)


_COUNT = Param("count", "integer")
_FORM = Param("format", "text", constant=True)
register(
    "dates",
    "date_trunc",
    (UNIT, DAY),
    "as `date`",
    "The start of the year, quarter, month, week (Monday), day, hour, minute or second.",
    ("date_trunc('month', DATE '2024-02-29')", dt.date(2024, 2, 1)),
    ("date_trunc('week', DATE '2024-03-03')", dt.date(2024, 2, 26)),
    build=_trunc,
)
register(
    "dates",
    "date_diff",
    (UNIT, Param("start", "date"), Param("end", "date")),
    "int64",
    "How many starts of the unit lie between: from 31 December to 1 January is 1 year and 1 day. "
    "Negative where `end` is earlier.",
    ("date_diff('day', DATE '2024-02-28', DATE '2024-03-01')", 2),
    ("date_diff('month', DATE '2024-01-31', DATE '2024-02-01')", 1),
    build=_diff,
    aliases=("datediff",),
)
register(
    "dates",
    "date_add",
    (DAY, _COUNT, UNIT),
    "as `date`",
    "The date so many units later (earlier when negative); a day that the month has not becomes "
    f"its last. More than {MOST} units (10000 years) are null.",
    ("date_add(DATE '2024-01-31', 1, 'month')", dt.date(2024, 2, 29)),
    ("date_add(DATE '2024-01-31', -1, 'week')", dt.date(2024, 1, 24)),
    build=_add,
)
for _unit in ("day", "month", "year"):
    register(
        "dates",
        f"add_{_unit}s",
        (DAY, _COUNT),
        "as `date`",
        f"The same as date_add(date, count, '{_unit}').",
        (
            f"add_{_unit}s(DATE '2024-02-29', 1)",
            {"day": dt.date(2024, 3, 1), "month": dt.date(2024, 3, 29)}.get(
                _unit, dt.date(2025, 2, 28)
            ),
        ),
        build=_adder(_unit),
    )
register(
    "dates",
    "last_day",
    (DAY,),
    "date",
    "The last day of the month.",
    ("last_day(DATE '2024-02-10')", dt.date(2024, 2, 29)),
    build=_last_day,
)
register(
    "dates",
    "make_date",
    (Param("year", "integer"), Param("month", "integer"), Param("day", "integer")),
    "date",
    "The date of a year (1000 to 9999), month and day; null where there is none.",
    ("make_date(2024, 2, 29)", dt.date(2024, 2, 29)),
    ("make_date(2023, 2, 29)", None),
    build=_make_date,
)
register(
    "dates",
    "to_date",
    (Param("text", "text"), _FORM),
    "date",
    "The date that the text means in a strptime format; null where it does not match.",
    ("to_date('31.01.2024', '%d.%m.%Y')", dt.date(2024, 1, 31)),
    ("to_date('31.02.2024', '%d.%m.%Y')", None),
    build=_reader(DATE),
)
register(
    "dates",
    "to_datetime",
    (Param("text", "text"), _FORM),
    "datetime",
    "The datetime that the text means in a strptime format, in UTC; null where it does not match.",
    (
        "to_datetime('1/31/2024 1:05 PM', '%m/%d/%Y %I:%M %p')",
        dt.datetime(2024, 1, 31, 13, 5, tzinfo=dt.UTC),
    ),
    build=_reader(DATETIME),
    aliases=("to_timestamp", "strptime"),
)
register(
    "dates",
    "strftime",
    (DAY, _FORM),
    "string",
    "The date or datetime as text in a strftime format, with English names.",
    ("strftime(DATE '2024-01-05', '%d %b %Y')", "05 Jan 2024"),
    build=_format,
    aliases=("format_date",),
)
register(
    "dates",
    "epoch",
    (Param("moment", "date"),),
    "int64",
    "Whole seconds since 1970-01-01 00:00 UTC.",
    ("epoch(TIMESTAMP '1970-01-02 00:00:01')", 86401),
    build=_epoch,
)
register(
    "dates",
    "from_epoch",
    (Param("seconds", "integer"),),
    "datetime",
    "The moment so many seconds after 1970-01-01 00:00 UTC; null beyond 11 digits.",
    ("from_epoch(86401)", dt.datetime(1970, 1, 2, 0, 0, 1, tzinfo=dt.UTC)),
    build=_from_epoch,
)

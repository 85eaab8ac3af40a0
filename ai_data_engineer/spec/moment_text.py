"""Text read as dates, times and datetimes."""

from __future__ import annotations

from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.date_words import ZONES, month_names
from ai_data_engineer.spec.dateformat import EPOCH_FACTORS, DateFormat
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.gating import extracted, gated, raw, replaced
from ai_data_engineer.types import LogicalType

_ISO_DATETIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$"
)


_ISO_TIME = r"^[0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{1,9})?$"
EXCEL_PATTERN = r"^[0-9]{1,6}(?:\.[0-9]+)?$"
"""Serial days of spreadsheets, with a fraction for the time of day."""


def plain_pattern(to: LogicalType) -> str:
    """Return the pattern of a time or datetime in its plain form."""
    return _ISO_TIME if to.name == "time" else _ISO_DATETIME


def epoch_pattern(to: LogicalType, parse: Parse) -> str:
    """Return the pattern of an epoch format. Raises ValueError for a time of day.

    Eleven digits of seconds reach the year 5138; more would overflow the microseconds.
    """
    if to.name == "time":
        raise ValueError(f"{parse.date_format} is a moment, not a time of day")
    digits = {"epoch_s": 11, "epoch_ms": 14, "epoch_us": 17}[parse.date_format or ""]
    return f"^[+-]?[0-9]{{1,{digits}}}$"


def read_moment(column: Code, to: LogicalType, parse: Parse) -> Code:
    """Return text as a date, time or datetime. Raises ValueError for a format that has none."""
    written = parse.date_format
    if written in EPOCH_FACTORS:
        return _epoch(column, to, parse, EPOCH_FACTORS[written])
    if written is None and to.name == "datetime":
        return _iso_datetime(column, parse)
    if written is None and to.name == "time":
        text = _cut(gated(column, _ISO_TIME, parse))
        return code('{text}.str.to_time("%H:%M:%S%.f", strict=False)', text=text)
    if written == "excel":
        return _excel_days(column, to, parse)
    form = DateFormat(written or "%Y-%m-%d", parse.date_language)
    form.check(to)
    # In other languages a weekday stands before the part that is read.
    text = (extracted if form.language else gated)(column, form.pattern, parse)
    if "Z" in form.names:
        text = code("{text}.str.replace_many({zones})", text=text, zones=lit(ZONES))
    if "o" in form.names:
        text = code(
            '{text}.str.replace({ending}, "${{1}}")',
            text=text,
            ending=raw("([0-9])(?i:st|nd|rd|th|er)"),
        )
    if form.ends_with_zone:
        text = code('{text}.str.replace("Z$", "+0000")', text=text)
    if "p" in form.names:
        text = code(
            '{text}.str.replace({half}, "${{1}}m")',
            text=text,
            half=raw("([AaPp])\\.[ \u00a0]?[Mm]\\."),
        )
    if form.comma_fraction:
        text = replaced(text, ",", ".")
    if to.name == "time" and "f" in form.names:
        text = _cut(text)
    if form.language:
        text = code(
            "{text}.str.to_lowercase().str.replace_many({names}, leftmost=True)"
            '.str.replace({point}, "${{1}}")',
            text=text,
            names=lit(month_names(form.language)),
            point=raw(r"([a-z]{3})\."),
        )
    chrono = form.chrono
    if to.name != "time" and not form.names & {"d", "j"}:
        # polars would read a month without a day only in two digits, or as English writes it.
        text = code('{text}.str.replace("^", "1 ")', text=text)
        chrono = f"%d {chrono}"
    match to.name:
        case "date":
            template = "{text}.str.to_date({form}, strict=False)"
        case "time":
            template = "{text}.str.to_time({form}, strict=False)"
        case _:
            template = (
                '{text}.str.to_datetime({form}, time_unit="us", time_zone="UTC", strict=False)'
            )
    return code(template, text=text, form=lit(chrono))


def _cut(text: Code) -> Code:
    """Return the text of a time with microseconds, since polars would keep nanoseconds."""
    return code('{text}.str.replace(r"([.][0-9]{{6}})[0-9]+", "${{1}}")', text=text)


def _iso_datetime(column: Code, parse: Parse) -> Code:
    # One form for strptime: a T in the middle, and an offset where the text has none or a Z.
    return code(
        '{text}.str.replace(" ", "T", literal=True)'
        '.str.replace("^([0-9-]{{10}}T[0-9:.]+)Z?$", "${{1}}+0000")'
        '.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z",'
        ' time_unit="us", time_zone="UTC", strict=False)',
        text=gated(column, _ISO_DATETIME, parse),
    )


def _epoch(column: Code, to: LogicalType, parse: Parse, factor: int) -> Code:
    moment = code(
        '({text}.cast(pl.Int64) * {factor}).cast(pl.Datetime("us", "UTC"))',
        text=gated(column, epoch_pattern(to, parse), parse),
        factor=Code(f"{factor:_}"),
    )
    return code("{moment}.dt.date()", moment=moment) if to.name == "date" else moment


def _excel_days(column: Code, to: LogicalType, parse: Parse) -> Code:
    """Days since 1899-12-30, the day nought of spreadsheets behind February 1900."""
    if to.name == "time":
        raise ValueError("excel counts days, and says no time of day")
    text = gated(column, EXCEL_PATTERN, parse)
    moment = code(
        "(({text}.cast(pl.Float64) - 25569) * 86_400_000).round().cast(pl.Int64)"
        '.cast(pl.Datetime("ms", "UTC")).cast({dtype})',
        text=text,
        dtype=dtype(LogicalType("datetime")),
    )
    return code("{moment}.dt.date()", moment=moment) if to.name == "date" else moment

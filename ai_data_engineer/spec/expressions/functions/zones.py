"""Functions over time zones: what clocks show somewhere, and when they show it."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlglot import exp

from ai_data_engineer.spec.code import code, lit
from ai_data_engineer.spec.expressions.coercion import type_error
from ai_data_engineer.spec.expressions.registry import Param, register
from ai_data_engineer.spec.expressions.typed import Typed, derived
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import DATETIME

MOMENT = Param("moment", "datetime")
ZONE = Param("zone", "text", constant=True)
_NAME = re.compile(r"[A-Z][A-Za-z_]*(/[A-Z][A-Za-z_-]*){1,2}|UTC")
"""An area and a city: abbreviations and offsets know no summer time."""


def _checked(zone: str) -> str:
    try:
        if _NAME.fullmatch(zone):
            return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder's name
        pass
    raise type_error("There is no such time zone.", "Use an IANA name such as 'Europe/Berlin'.")


def _to(moment: Typed, zone: str) -> Typed:
    source = code(
        '{m}.dt.convert_time_zone({zone}).dt.replace_time_zone("UTC")',
        m=moment.expr,
        zone=lit(_checked(zone)),
    )
    return derived(source, DATETIME, moment, sql=lambda d: d.to_zone(moment.sql(d), zone))


def _from(clock: Typed, zone: str) -> Typed:
    source = code(
        '{c}.dt.replace_time_zone({zone}, ambiguous="earliest", non_existent="null")'
        '.dt.convert_time_zone("UTC")',
        c=clock.expr,
        zone=lit(_checked(zone)),
    )

    def sql(d: Dialect) -> Sql:
        # Clocks are put on or back between the day before and the day after. What they were apart
        # from UTC then gives two moments, of which the first that is right is the earlier one.
        moments = [_candidate(d, clock, zone, side) for side in (exp.Sub, exp.Add)]
        shown = [d.binary(exp.EQ, d.to_zone(m.copy(), zone), clock.sql(d)) for m in moments]
        return d.case(*zip(shown, moments, strict=True))

    return derived(source, DATETIME, clock, nullable=True, sql=sql)


def _candidate(d: Dialect, clock: Typed, zone: str, side: type[exp.Binary]) -> Sql:
    """Return the moment that a clock shows, as far as it was from UTC a day before or after."""
    near = d.binary(side, clock.sql(d), d.interval("day"))
    behind = d.binary(exp.Sub, near, d.to_zone(near.copy(), zone))
    return d.binary(exp.Add, clock.sql(d), behind)


def _utc(day: int, hour: int, minute: int) -> dt.datetime:
    return dt.datetime(2024, 7, day, hour, minute, tzinfo=dt.UTC)


register(
    "dates",
    "to_zone",
    (MOMENT, ZONE),
    "datetime",
    "What clocks show in a time zone at that moment, as a datetime: cast it to a date for the day "
    "there, or take its hour. The zone is an IANA name; for moments from 1970 on.",
    ("to_zone(TIMESTAMP '2024-07-01 22:30:00', 'Europe/Berlin')", _utc(2, 0, 30)),
    build=_to,
)
register(
    "dates",
    "from_zone",
    (Param("clock", "datetime"), ZONE),
    "datetime",
    "The moment (in UTC) at which clocks show that in a time zone: the earlier one where they show "
    "it twice, as summer time ends; null where they pass over it, as it begins. From 1970 on.",
    ("from_zone(TIMESTAMP '2024-07-02 00:30:00', 'Europe/Berlin')", _utc(1, 22, 30)),
    ("from_zone(TIMESTAMP '2024-03-31 02:30:00', 'Europe/Berlin')", None),
    build=_from,
)

"""When it runs: `every day at 3am`, `weekdays at 18:00 Berlin time`, `when a file arrives`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePosixPath
from typing import ClassVar
from zoneinfo import available_timezones

from ai_data_engineer.spec.spec import Schedule as SpecSchedule
from ai_data_engineer.spec.spec import Trigger as SpecTrigger
from ai_data_engineer.specifying.offline.draft import Draft
from ai_data_engineer.specifying.offline.intents import Intent, Stage
from ai_data_engineer.specifying.offline.reader import Reader

_DAYS = {
    name: number
    for number, names in enumerate(
        (
            ("sunday", "sun"),
            ("monday", "mon"),
            ("tuesday", "tue", "tues"),
            ("wednesday", "wed"),
            ("thursday", "thu", "thur", "thurs"),
            ("friday", "fri"),
            ("saturday", "sat"),
        )
    )
    for name in names
}
_ZONES = {
    "utc": "UTC",
    "gmt": "UTC",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "est": "America/New_York",
    "edt": "America/New_York",
    "et": "America/New_York",
    "eastern": "America/New_York",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "cst": "America/Chicago",
    "ist": "Asia/Kolkata",
    "bst": "Europe/London",
    "jst": "Asia/Tokyo",
    "central": "America/Chicago",
}
_RUN = (
    "run | run it | run this | schedule | schedule it | schedule this | refresh | repeat | "
    "execute | runs | scheduled | update it | do this | do it | run the pipeline | schedule the "
    "pipeline | should run | it should run | refresh it | load it | trigger it | start it"
)
_FIRST_OF_MONTH = (
    "the first of each month | the first of every month | the first of the month | "
    "the first day of each month | the first day of every month | the first day of the month | "
    "first of each month | first of every month | first day of each month | "
    "first day of the month | first of the month | first day of every month"
)
_ARRIVAL = re.compile(
    r"(?:(?:run|start|trigger|execute)s?\s+(?:it\s+|this\s+|the pipeline\s+)?)?"
    r"(?:when(?:ever)?|as soon as|once|each time|every time|on)\s+"
    r"(?:(?:a|an|the|any)\s+)?(?:new\s+)?"
    r"(?:\w+\s+)?(?:files?|data|csvs?|exports?|deliver(?:y|ies)|uploads?)\s+"
    r"(?:arrives?|lands?|appears?|comes? in|shows? up|drops?|arrival"
    r"|(?:is|are|gets?) (?:uploaded|delivered|dropped|added|there|available))"
    r"(?:\s+(?:in|under|at|to|into|matching)\s+(?P<place>[\w./:*-]*[\w*/]))?"
    r"|on (?:file )?arrival(?: of (?:a )?(?:new )?files?)?",
    re.IGNORECASE,
)
_CRON = re.compile(
    r"(?:cron(?:tab)?:?\s*)?[\"'`(]?((?:[\d*/,-]+|\*)(?:[ \t]+(?:[\d*/,\-A-Za-z]+)){4})[\"'`)]?"
)


@dataclass(frozen=True, kw_only=True)
class RunAt(Intent):
    """A cron schedule."""

    cron: str
    timezone: str | None = None
    remark: str = ""

    stage: ClassVar[Stage] = Stage.SCHEDULE

    def apply(self, draft: Draft) -> str:
        zone = self.timezone or "UTC"
        draft.schedule = SpecSchedule(cron=self.cron, timezone=zone)
        assumed = "" if self.timezone else " (no time zone was named)"
        return f"runs by the cron schedule `{self.cron}` in {zone}{assumed}{self.remark}"


@dataclass(frozen=True, kw_only=True)
class RunOnArrival(Intent):
    """A start for every file that arrives."""

    place: str | None = None

    stage: ClassVar[Stage] = Stage.SCHEDULE

    def apply(self, draft: Draft) -> str:
        pattern = self._pattern(draft.uris[0])
        draft.trigger = SpecTrigger(pattern=pattern)
        return f"starts when a file arrives that matches `{pattern}`"

    def _pattern(self, uri: str) -> str:
        if self.place and "*" in self.place:
            return self.place
        suffix = "".join(s for s in PurePosixPath(uri.split("?")[0]).suffixes[-2:] if len(s) <= 8)
        if self.place:
            return f"{self.place.rstrip('/')}/*{suffix}"
        if "*" in uri:
            return uri
        folder, slash, _ = uri.rpartition("/")
        return f"{folder}{slash}*{suffix}"


_PARTS_OF_DAY = {"morning": "6", "evening": "18", "night": "2", "afternoon": "14"}


@dataclass(frozen=True)
class _Rhythm:
    """The five cron fields, before the time of day is known."""

    minute: str = "0"
    hour: str = "0"
    day: str = "*"
    month: str = "*"
    weekday: str = "*"
    takes_time: bool = True
    needs_time: bool = False
    """Whether the words may mean something else when no time follows."""
    remark: str = ""


def begins(r: Reader) -> bool:
    """Whether a time to run stands here that says more than a period: `every day at 3am`."""
    start = r.at
    wish = read(r)
    said = r.said(start).lower() if wish is not None else ""
    r.at = start
    return " at " in said


def read(r: Reader) -> Intent | None:
    """Take a wish about when the pipeline runs."""
    start = r.at
    found = _arrival(r)
    if found is not None:
        return found
    r.at = start
    said_run = r.take(_RUN) is not None
    r.take("with | by | it | as | on")
    cron = _cron(r)
    if cron is not None:
        zone = _zone(r)
        return RunAt(words=r.said(start), cron=cron, timezone=zone)
    clock_first = _clock(r) if r.take("at") else None
    rhythm = _rhythm(r)
    if rhythm is None or (rhythm.needs_time and not said_run and not r.peek_is("at")):
        # "orders on mondays" says nothing about when to run.
        r.at = start
        return None
    part_of_day = r.take(*_PARTS_OF_DAY) if rhythm.takes_time else None
    if part_of_day:
        rhythm = replace(rhythm, hour=_PARTS_OF_DAY[part_of_day])
    clock = clock_first or (_clock_behind(r) if rhythm.takes_time else None)
    zone = _zone(r)
    hour, minute = (str(clock[0]), str(clock[1])) if clock else (rhythm.hour, rhythm.minute)
    cron = f"{minute} {hour} {rhythm.day} {rhythm.month} {rhythm.weekday}"
    remark = rhythm.remark
    if rhythm.takes_time and clock is None and rhythm.hour == "0" and not remark:
        remark = "; no time was named: midnight"
    return RunAt(words=r.said(start), cron=cron, timezone=zone, remark=remark)


def _arrival(r: Reader) -> RunOnArrival | None:
    token = r.peek()
    found = _ARRIVAL.match(r.goal, token.start) if token else None
    if found is None:
        return None
    start = r.at
    _move_behind(r, found.end())
    return RunOnArrival(words=r.said(start), place=found["place"])


def _cron(r: Reader) -> str | None:
    import datetime as dt

    from cronsim import CronSim, CronSimError  # only where a goal names a schedule

    token = r.peek()
    found = _CRON.match(r.goal, token.start) if token else None
    if found is None or found.end() > r.tokens[-1].end:
        return None
    try:
        CronSim(found[1], dt.datetime(2024, 1, 1))
    except CronSimError:
        return None
    _move_behind(r, found.end())
    return " ".join(found[1].split())


def _move_behind(r: Reader, place: int) -> None:
    while (token := r.peek()) and token.start < place:
        r.at += 1


def _rhythm(r: Reader) -> _Rhythm | None:
    if r.take(
        "every | each | once every | once a | once per | once each | on | on every | always on"
    ):
        return _every(r)
    if r.take("hourly"):
        return _Rhythm(hour="*", takes_time=False)
    if r.take("daily | once daily | nightly | overnight | each night"):
        return _Rhythm(hour="2" if r.tokens[r.at - 1].lower != "daily" else "0", remark=_nightly(r))
    if r.take(_FIRST_OF_MONTH):
        return _Rhythm(day="1", needs_time=True)
    if r.take("weekly"):
        r.take("on | every | each")
        days = _weekdays(r)
        return _Rhythm(weekday=days or "1", remark="" if days else "; no day was named: Monday")
    if r.take("monthly"):
        return _Rhythm(day=_day_of_month(r) or "1")
    if r.take("quarterly"):
        return _Rhythm(day="1", month="1,4,7,10")
    if r.take("yearly | annually"):
        return _Rhythm(day="1", month="1")
    if r.take("weekdays | on weekdays | workdays | business days"):
        return _Rhythm(weekday="1-5")
    if r.take("weekends | on weekends"):
        return _Rhythm(weekday="0,6")
    if r.take("twice a day | twice daily"):
        return _Rhythm(hour="0,12", takes_time=False)
    days = _weekdays(r)
    return _Rhythm(weekday=days, needs_time=True) if days else None


def _nightly(r: Reader) -> str:
    return "" if r.tokens[r.at - 1].lower == "daily" else "; unless a time is named at 2 am"


def _every(r: Reader) -> _Rhythm | None:
    """Behind `every`."""
    n = r.count()
    other = r.take("other | second")
    step = 2 if other else n
    if r.take("minute | minutes | min | mins"):
        if step is None:
            return _Rhythm(minute="*", hour="*", takes_time=False)
        return (
            _Rhythm(minute=f"*/{step}", hour="*", takes_time=False)
            if step < 60 and 60 % step == 0
            else None
        )
    if r.take("hour | hours"):
        if step is None:
            return _Rhythm(hour="*", takes_time=False)
        return _Rhythm(hour=f"*/{step}", takes_time=False) if step < 24 and 24 % step == 0 else None
    if step is not None:
        return None
    if r.take("day | days"):
        return _Rhythm()
    if part := r.take(*_PARTS_OF_DAY):
        return _Rhythm(hour=_PARTS_OF_DAY[part])
    if r.take("weekday | weekdays | workday | workdays | business day | working day"):
        return _Rhythm(weekday="1-5")
    if r.take("weekend | weekends"):
        return _Rhythm(weekday="0,6")
    if r.take("week"):
        r.take("on | every")
        days = _weekdays(r)
        return _Rhythm(weekday=days or "1", remark="" if days else "; no day was named: Monday")
    if r.take("month"):
        return _Rhythm(day=_day_of_month(r) or "1")
    if r.take("quarter"):
        return _Rhythm(day="1", month="1,4,7,10")
    if r.take("year"):
        return _Rhythm(day="1", month="1")
    days = _weekdays(r)
    if days:
        return _Rhythm(weekday=days)
    day = _ordinal(r)
    if day and r.take(
        "of the month | of each month | of every month | day of the month | day of each month "
        "| of month"
    ):
        return _Rhythm(day=day)
    return None


def _weekdays(r: Reader) -> str | None:
    days: list[int] = []
    while True:
        start = r.at
        if days and not r.separator():
            break
        r.take("on | every")
        token = r.peek()
        name = token.lower.rstrip("s") if token and token.kind == "word" else ""
        day = _DAYS.get(name, _DAYS.get(token.lower) if token else None)
        if day is None:
            r.at = start
            break
        r.at += 1
        days.append(day)
    return ",".join(str(d) for d in sorted(set(days))) if days else None


def _day_of_month(r: Reader) -> str | None:
    start = r.at
    r.take("on the | on day | on")
    if r.take("first day | first | 1st day"):
        return "1"
    day = _ordinal(r)
    if day is None:
        r.at = start
    return day


def _ordinal(r: Reader) -> str | None:
    r.take("the")
    token = r.peek()
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", token.lower) if token else None
    if found is None or not 1 <= int(found[1]) <= 31:
        return None
    r.at += 1
    return found[1]


def _clock_behind(r: Reader) -> tuple[int, int] | None:
    start = r.at
    r.take(",")
    if r.take("at | around | @ | by") or r.peek_kind("clock"):
        clock = _clock(r)
        if clock is not None:
            return clock
    r.at = start
    return None


def _clock(r: Reader) -> tuple[int, int] | None:
    token = r.peek()
    if token is None:
        return None
    if (clock := token.clock) is not None:
        r.at += 1
        r.take("o'clock | in the morning")
        return clock
    number = token.number
    if isinstance(number, int) and 0 <= number < 24:
        r.at += 1
        r.take("o'clock")
        if number < 12 and r.take("in the evening | in the afternoon | pm"):
            return number + 12, 0
        r.take("in the morning | h | hrs | am")
        return number, 0
    return None


def _zone(r: Reader) -> str | None:
    start = r.at
    opened = r.take("(")
    r.take("in | in the")
    token = r.peek()
    if token is None or token.kind != "word":
        r.at = start
        return None
    following = r.peek(1)
    says_time = following is not None and following.lower in ("time", "timezone", "zone", "local")
    zone = _ZONES.get(token.lower) or _zones().get(token.lower)
    if zone is None and says_time:
        zone = _cities().get(token.lower)
    if zone is None and following is not None:
        third = r.peek(2)
        if third is not None and third.lower in ("time", "timezone", "local"):
            zone = _cities().get(f"{token.lower}_{following.lower}")
            r.at += zone is not None
    if zone is None:
        r.at = start
        return None
    r.at += 1
    r.take("local time | time zone | timezone | time | standard time")
    if opened:
        r.take(")")
    return zone


@cache
def _zones() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones() if "/" in zone}


@cache
def _cities() -> dict[str, str]:
    regions = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian")
    named = sorted(z for z in available_timezones() if z.split("/")[0] in regions)
    return {zone.rsplit("/", 1)[-1].lower(): zone for zone in reversed(named)}

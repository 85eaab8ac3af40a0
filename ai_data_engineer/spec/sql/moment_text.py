"""Text read as dates, times and datetimes in SQL: what `spec.moment_text` does in polars.

The text is gated by a pattern whose groups are the parts of the moment, put into ISO order, and
cast: that gives null for 30 February on both engines.
"""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.date_words import ENGLISH, ZONES, month_names, weekday_names
from ai_data_engineer.spec.dateformat import EPOCH_FACTORS, DateFormat, escape_pattern
from ai_data_engineer.spec.moment_text import EXCEL_PATTERN, epoch_pattern, plain_pattern
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.gating import admitted, whole
from ai_data_engineer.types import DATE, DATETIME, FLOAT64, INT64, STRING, LogicalType

_HOUR, _MINUTE = "[01][0-9]|2[0-3]", "[0-5][0-9]"
_CLOCK = f"(?:{_HOUR}):{_MINUTE}:{_MINUTE}"
_FRACTION = r"(?:(\.[0-9]{1,6})[0-9]{0,3})?"
_OFFSET = f"([+-])({_HOUR})(?::?({_MINUTE}))?"
_FULL_OFFSET = f"([+-](?:{_HOUR}):?{_MINUTE})"
_SHORT_OFFSET = f"([+-](?:{_HOUR})(?::?{_MINUTE})?)"
_TIME = rf"^({_CLOCK}){_FRACTION}\z"
_DATETIME = rf"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[T ]({_CLOCK}){_FRACTION}(?:Z|{_OFFSET})?\z"

_GROUPS = {
    "Y": "([0-9]{4})",
    "y": "([0-9]{2})",
    "m": "(1[0-2]|0?[1-9])",
    "d": "([0-9]{1,2})",
    "H": "(2[0-3]|[01]?[0-9])",
    "I": "(1[0-2]|0?[1-9])",
    "M": f"({_MINUTE})",
    "S": f"({_MINUTE})",
    "f": "([0-9]{1,6})[0-9]{0,3}",
    "j": "(00[1-9]|0[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-6])",
    "p": "([AaPp])(?:[Mm]|\\.[ \u00a0]?[Mm]\\.)",
    "b": "([A-Za-z]{3})",
    "B": "([A-Za-z]{3,9})",
    "a": "([A-Za-z]{3})",
    "A": "([A-Za-z]{6,9})",
    "z": _SHORT_OFFSET,
    "Z": f"({'|'.join(ZONES)})",
    "o": "(?:[Ss][Tt]|[Nn][Dd]|[Rr][Dd]|[Tt][Hh])",
    "%": "%",
}
_FUSED = {
    "m": "(1[0-2]|0[1-9])",
    "d": "([0-9]{2})",
    "H": f"({_HOUR})",
    "I": "(1[0-2]|0[1-9])",
}
"""Where digits stand beside digits, only two of them are unambiguous."""
_WORD = r"(\p{L}{2,16})\.?"
_WEEKDAY = r"(\p{L}[\p{L}'-]{1,15})\.?"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_moment(d: Dialect, text: Sql, to: LogicalType, parse: Parse) -> Sql:
    """Return text as a date, time or datetime. Raises ValueError for a format that has none."""
    written = parse.date_format
    if written in EPOCH_FACTORS:
        return _epoch(d, text, to, parse, EPOCH_FACTORS[written])
    if written == "excel":
        return _excel_days(d, text, to, parse)
    if written is None and to.name != "date":
        text = admitted(d, text, plain_pattern(to), parse)
        if to.name == "time":
            return d.try_cast(d.rewritten(d.group(text, _TIME, 0), _TIME, r"\1\2"), to)
        found = d.group(text, _DATETIME, 0)
        local = d.try_cast(d.rewritten(found, _DATETIME, r"\1 \2\3"), to)
        return _at_offset(d, local, _offset(d, found, _DATETIME, 4))
    form = DateFormat(written or "%Y-%m-%d", parse.date_language)
    form.check(to)
    return _Reading(d, form, admitted(d, text, form.pattern, parse)).as_type(to)


class _Reading:
    """A text read by a format: its parts as pieces of SQL."""

    def __init__(self, d: Dialect, form: DateFormat, text: Sql) -> None:
        self.d = d
        self.form = form
        self.pattern, self.numbers = _captured(form)
        self.text = d.group(text, self.pattern, 0)
        """The whole text, empty where it does not match."""

    def as_type(self, to: LogicalType) -> Sql:
        """Return the value."""
        d, names = self.d, self.form.names
        if to.name == "time":
            return d.try_cast(self._joined(self._clock()), to)
        if "j" in names:
            day = self._day_of_year()
            if to == DATE:
                return self._checked(day)
            time = [d.string(" "), self._joined(self._clock())] if "M" in names else []
            found = d.try_cast(d.joined(d.cast(day, STRING), *time), to)
        elif to == DATE and self.form.written == "%Y-%m-%d":
            return d.try_cast(self.text, to)
        else:
            clock = [] if to == DATE or "M" not in names else [" ", *self._clock()]
            found = d.try_cast(self._joined([*self._day(), *clock]), to)
        found = self._checked(found)
        return found if to == DATE else self._in_utc(found)

    def _group(self, directive: str) -> Sql:
        return self.d.group(self.text.copy(), self.pattern, self.numbers[directive])

    def _number(self, directive: str) -> Sql:
        return self.d.try_cast(self._group(directive), INT64)

    def _joined(self, pieces: list[str | Sql]) -> Sql:
        """Return pieces joined, of which text is a template of groups; null without a match."""
        texts: list[Sql] = []
        template = ""
        for piece in [*pieces, None]:
            if isinstance(piece, str):
                template += piece
                continue
            if template:
                texts.append(self.d.rewritten(self.text.copy(), self.pattern, template))
                template = ""
            if piece is not None:
                texts.append(piece)
        if len(texts) == 1:
            return texts[0]
        found = self.d.null_if(self.text.copy(), self.d.string(""))
        return self.d.case((self.d.is_not_null(found), self.d.joined(*texts)))

    def _reference(self, directive: str) -> str:
        return rf"\{self.numbers[directive]}"

    def _year(self) -> list[str | Sql]:
        if "Y" in self.form.names:
            return [self._reference("Y")]
        d = self.d
        is_recent = d.binary(exp.LT, self._group("y"), d.string("70"))
        century = d.case((is_recent, d.string("20")), otherwise=d.string("19"))
        return [century, self._reference("y")]

    def _day(self) -> list[str | Sql]:
        d, names = self.d, self.form.names
        month: str | Sql
        if "m" in names:
            month = self._reference("m")
        else:
            word = d.lower(self._group("b" if "b" in names else "B"))
            numbers = {
                name: d.string(f"{ENGLISH.index(short) + 1:02}")
                for name, short in self._month_names().items()
            }
            month = d.lookup(word, numbers)
        day = f"-{self._reference('d')}" if "d" in names else "-01"
        return [*self._year(), "-", month, day]

    def _month_names(self) -> dict[str, str]:
        if self.form.language is not None:
            return month_names(self.form.language)
        names = {n: short for n, short in month_names("en").items() if n != "sept"}
        return names if "B" in self.form.names else {short: short for short in ENGLISH}

    def _day_of_year(self) -> Sql:
        d = self.d
        first = d.days(d.try_cast(self._joined([*self._year(), "-01-01"]), DATE))
        behind = d.binary(exp.Sub, self._number("j"), d.integer(1))
        day = d.from_days(d.binary(exp.Add, first, behind))
        leap_day = d.try_cast(self._joined([*self._year(), "-02-29"]), DATE)
        is_there = d.either(
            d.binary(exp.LT, self._number("j"), d.integer(366)), d.is_not_null(leap_day)
        )
        return d.case((is_there, day))

    def _clock(self) -> list[str | Sql]:
        d, names = self.d, self.form.names
        hour: str | Sql
        if "H" in names:
            hour = self._reference("H")
        else:
            half = d.is_in(self._group("p"), [d.string("P"), d.string("p")])
            noon = d.case((half, d.integer(12)), otherwise=d.integer(0))
            twelve = d.binary(exp.Mod, self._number("I"), d.integer(12))
            hour = d.cast(d.binary(exp.Add, twelve, noon), STRING)
        second = f":{self._reference('S')}" if "S" in names else ":00"
        fraction = f".{self._reference('f')}" if "f" in names else ""
        return [hour, f":{self._reference('M')}{second}{fraction}"]

    def _checked(self, found: Sql) -> Sql:
        """Return the value, null where the text names another day of the week."""
        d, names = self.d, self.form.names
        if not names & {"a", "A"}:
            return found
        word = d.lower(self._group("a" if "a" in names else "A"))
        if self.form.language is not None:
            words = [d.string(name) for name in weekday_names(self.form.language)]
            return d.case((d.is_in(word, words), found))
        length = 3 if "a" in names else None
        numbers = {name[:length]: d.literal(n, INT64) for n, name in enumerate(_WEEKDAYS, 1)}
        number = d.lookup(word, numbers)
        return d.when(found, lambda x: d.binary(exp.EQ, d.part("weekday", x), number))

    def _in_utc(self, local: Sql) -> Sql:
        d, names = self.d, self.form.names
        if "z" in names:
            return _at_offset(d, local, _offset(d, self._group("z"), rf"^{_OFFSET}\z", 1))
        if "Z" in names:
            zones = {name: d.literal(_seconds(o), INT64) for name, o in ZONES.items()}
            return _at_offset(d, local, d.lookup(self._group("Z"), zones))
        return local


def _captured(form: DateFormat) -> tuple[str, dict[str, int]]:
    """Return the pattern of the whole text and the number of each directive's (first) group."""
    pattern, groups, numbers = "", 1, {}
    for index, part in enumerate(form.parts):
        if part[0] != "%":
            pattern += escape_pattern(form.literal(index))
            continue
        name = part[1]
        if form.language and name in "aAbB":
            group = _WEEKDAY if name in "aA" else _WORD
        elif name == "o" and form.language == "fr":
            group = "(?:[Ee][Rr])?"
        elif form.is_fused(index):
            group = _FUSED.get(name, _GROUPS[name])
        elif name == "z" and index < len(form.parts) - 1:
            group = _FULL_OFFSET
        else:
            group = _GROUPS[name]
        numbers[name] = groups
        groups += name not in "o%"
        pattern += f"(?:Z|{group})" if name == "z" and form.ends_with_zone else group
    if groups > 10:
        raise NotImplementedError("a date format of more than nine parts in SQL")
    return rf"^{pattern}\z", numbers


def _offset(d: Dialect, text: Sql, pattern: str, first: int) -> Sql:
    """Return the seconds of an offset in three groups: sign, hours and minutes."""

    def signed(group: int) -> Sql:
        digits = d.joined(
            d.group(text.copy(), pattern, first), d.group(text.copy(), pattern, group)
        )
        return d.coalesce(d.try_cast(digits, INT64), d.integer(0))

    hours = d.binary(exp.Mul, signed(first + 1), d.integer(3600))
    minutes = d.binary(exp.Mul, signed(first + 2), d.integer(60))
    return d.binary(exp.Add, hours, minutes)


def _seconds(offset: str) -> int:
    sign = -1 if offset[0] == "-" else 1
    return sign * (int(offset[1:3]) * 3600 + int(offset[3:5]) * 60)


def _at_offset(d: Dialect, local: Sql, seconds: Sql) -> Sql:
    """Return the datetime in UTC of one that was read as if it were."""
    ahead = d.binary(exp.Mul, seconds, d.integer(1_000_000))
    return d.from_microseconds(d.binary(exp.Sub, d.microseconds(local), ahead))


def _epoch(d: Dialect, text: Sql, to: LogicalType, parse: Parse, factor: int) -> Sql:
    pattern = epoch_pattern(to, parse)
    count = d.try_cast(d.group(admitted(d, text, pattern, parse), whole(pattern), 0), INT64)
    if factor != 1:
        count = d.binary(exp.Mul, count, d.integer(factor))
    moment = d.from_microseconds(count)
    return d.cast(moment, DATE) if to == DATE else moment


def _excel_days(d: Dialect, text: Sql, to: LogicalType, parse: Parse) -> Sql:
    if to.name == "time":
        raise ValueError("excel counts days, and says no time of day")
    digits = d.group(admitted(d, text, EXCEL_PATTERN, parse), whole(EXCEL_PATTERN), 0)
    days = d.binary(exp.Sub, d.try_cast(digits, FLOAT64), d.double(25569.0))
    milliseconds = d.call("round", d.binary(exp.Mul, days, d.double(86_400_000.0)))
    count = d.binary(exp.Mul, d.cast(milliseconds, INT64), d.integer(1000))
    moment = d.from_microseconds(count)
    return d.cast(moment, DATE if to == DATE else DATETIME)

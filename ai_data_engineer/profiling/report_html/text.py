"""Names, values and figures as text of a page. Whatever comes from a source is untrusted."""

from __future__ import annotations

import datetime as dt
import math

from markupsafe import Markup, escape

from ai_data_engineer.errors import on_one_line
from ai_data_engineer.profiling.profile import Scalar

LONGEST = 200
"""Characters of a name or a value that are shown."""

_BLANK = Markup('<b class="mark">␠</b>')
_DAY = 86_400
_MINUTE, _LARGE = 0.1, 99.9
"""Shares, in percent, that are not rounded away."""


def shown(text: str, longest: int = LONGEST) -> Markup:
    r"""Return text for a page: escaped, kept apart from the direction of the text around it.

    Control characters, marks of direction and other characters that cannot be seen are written
    out (`\u202e`) and marked, so that they are told from the same text written by hand; blanks at
    either end are shown as `␠`.
    """
    more = len(text) - longest
    text = text[:longest] if more > 0 else text
    if not text:
        return Markup('<i class="soft">empty text</i>')
    if text.isprintable() and text[0] != " " != text[-1]:
        told = escape(text)
        if more <= 0 and text.isascii() and "  " not in text:
            return told
    else:
        inner = text.strip(" ")
        before = len(text) - len(text.lstrip(" "))
        after = len(text) - len(inner) - before
        told = _BLANK * before + Markup("").join(map(_character, inner)) + _BLANK * after
    cut = Markup(' <i class="soft">and {} more characters</i>').format(f"{more:,}")
    return Markup("<bdi>{}</bdi>{}").format(told, cut if more > 0 else "")


def plain(value: object) -> object:
    """Return what a template prints: text on one line, without a character that cannot be seen.

    The last line of defence, and all that attributes need; markup is left as it is.
    """
    return on_one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def value(found: Scalar) -> str:
    """Return a value as text: numbers without marks between digits, so that a year stays one."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if not isinstance(found, float):
        return str(found)
    return f"{found:.0f}" if 1e6 <= abs(found) < 1e15 else f"{found:.6g}"


def moment(seconds: float, kind: str) -> str:
    """Return the date, datetime or time that lies so many seconds after 1970 or midnight.

    A date is the first that is not before it: bins of dates begin and end within days.
    """
    if not math.isfinite(seconds):
        return value(seconds)
    if kind == "date":
        seconds = math.ceil(seconds / _DAY) * _DAY
    try:
        at = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=round(seconds))
    except OverflowError:
        return value(seconds)
    match kind:
        case "date":
            return at.date().isoformat()
        case "time":
            return at.time().isoformat()
    return at.isoformat() + "Z"


def count(number: int, *, is_exact: bool = True) -> str:
    """Return a number of things, `~` before one that was estimated."""
    return f"{number:,}" if is_exact else f"~{number:,}"


def share(part: float, total: float) -> str:
    """Return a share in percent; what is not nothing, or not all, never reads as if it were."""
    if not part or not total:
        return "0 %"
    percent = 100 * part / total
    if percent < _MINUTE:
        return f"< {_MINUTE} %"
    if _LARGE < percent < 100:
        return f"> {_LARGE} %"
    return f"{percent:.1f}".removesuffix(".0") + " %"


def size(bytes_: int) -> str:
    """Return a number of bytes in the largest unit of which there is one."""
    amount, units = float(bytes_), iter(("bytes", "KiB", "MiB", "GiB", "TiB"))
    unit = next(units)
    while amount >= 1024 and unit != "TiB":
        amount, unit = amount / 1024, next(units)
    return f"{bytes_:,} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


def _character(char: str) -> Markup:
    if char.isprintable():
        return escape(char)
    return Markup('<b class="mark">{}</b>').format(on_one_line(char))

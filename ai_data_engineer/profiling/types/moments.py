"""Columns of dates, times and moments, in words and digits or counted from a day on."""

from __future__ import annotations

import re
from itertools import pairwise

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling import vocabulary
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.conversion import read_texts
from ai_data_engineer.profiling.types.dates import DateForm, could_be_dates, date_form
from ai_data_engineer.profiling.types.inference import (
    Custom,
    Inference,
    allowed_misses,
    warned_of_misses,
)
from ai_data_engineer.types import DATE, DATETIME, TIME

_SERIAL_HINTS = vocabulary.word_set("excel serial xls xlsx")


_SERIAL_SHAPE = re.compile(r"9{5}(?:\.9+)?")


def serial_days(values: Texts, hints: frozenset[str], tokens: tuple[str, ...]) -> Inference | None:
    """Days as spreadsheets count them, where the column's name speaks of both."""
    if not (hints & _SERIAL_HINTS and hints & (vocabulary.DATE | vocabulary.MOMENT)):
        return None
    if not all(_SERIAL_SHAPE.fullmatch(shape) for shape in values.shapes):
        return None
    kind = DATETIME if any("." in shape for shape in values.shapes) else DATE
    return Inference(kind, Parse(null_tokens=tokens, date_format="excel"), values)


def dated(
    values: Texts, hints: frozenset[str], tokens: tuple[str, ...], custom: Custom
) -> Inference | None:
    """Return the type of values that nearly all have one date format."""
    if not could_be_dates(values):
        return None
    form = date_form(values, allowed_misses(values), custom.day_first)
    if form is None or (form.type == TIME and hints & vocabulary.DURATION):
        return None
    parse = Parse(null_tokens=tokens, date_format=form.format, date_language=form.language)
    if form.is_partial and not _is_plausible(values, form, parse, hints):
        return None
    warnings = warned_of_misses(form.misses, form.type)
    if form.is_ambiguous:
        order = "day first" if _reads_day_first(form) else "month first"
        warnings += (("W_AMBIGUOUS_DATE", f"Day and month could change places: read {order}."),)
    if form.has_short_years:
        warnings += (("W_TWO_DIGIT_YEAR", "Years have two digits: 69 to 99 are read as 19xx."),)
    return Inference(form.type, parse, values, warnings, date=form)


def _reads_day_first(form: DateForm) -> bool:
    written = form.format or ""
    return written.find("%d") < written.find("%m")


def _is_plausible(values: Texts, form: DateForm, parse: Parse, hints: frozenset[str]) -> bool:
    """Return whether months without days, or digits alone, are dates.

    All of them must be of our time; digits must be many, or the column named for dates.
    """
    years = read_texts(values.series, form.type, parse).drop_nulls().dt.year()
    if int(years.min()) < 1900 or int(years.max()) > 2100:  # type: ignore[arg-type]
        return False
    if form.format == "%Y%m":
        return bool(hints & vocabulary.MONTH)
    if not form.is_compact or hints & vocabulary.DATE:
        return True
    if form.format in ("%d%m%Y", "%m%d%Y"):
        return False
    return not form.misses and len(values.counts) >= 10 and not hints & vocabulary.IDENTIFIER


_EPOCHS = (
    ("epoch_s", re.compile("9{9,10}"), 1),
    ("epoch_ms", re.compile("9{12,13}"), 1_000),
    ("epoch_us", re.compile("9{15,16}"), 1_000_000),
)


_FROM, _UNTIL = 315_532_800, 4_102_444_800
"""1980 and 2100 in seconds since 1970."""


_OUR_TIME = 631_152_000, 2_051_222_400
"""1990 and 2035: where moments lie that are named by nothing."""


_MANY = 20


def epoch(values: Texts, hints: frozenset[str], tokens: tuple[str, ...]) -> Inference | None:
    """Return the type of moments counted from 1970: by name, or where the numbers run like it."""
    is_named = bool(hints & vocabulary.MOMENT)
    if not is_named and (len(values.counts) < _MANY or hints & vocabulary.IDENTIFIER):
        return None
    since, until = (_FROM, _UNTIL) if is_named else _OUR_TIME
    for unit, shape, factor in _EPOCHS:
        if not all(shape.fullmatch(s) for s in values.shapes):
            continue
        moments = [int(t) for t in values.counts]
        if not (since * factor <= min(moments) and max(moments) < until * factor):
            continue
        if is_named or _pass_by(moments, factor):
            return Inference(DATETIME, Parse(null_tokens=tokens, date_format=unit), values)
    return None


def _pass_by(moments: list[int], factor: int) -> bool:
    """Return whether numbers run like moments: seconds in order and with gaps, not one by one."""
    gaps = [later - sooner for sooner, later in pairwise(moments)]
    is_in_order = min(gaps) > 0 or max(gaps) < 0
    runs_on = sorted(map(abs, gaps))[len(gaps) // 2] >= 2
    return runs_on and (is_in_order or factor > 1)

"""From texts to a type: a type is taken when nearly every value has its written form.

Whatever could lose something stays text: leading zeros, long digit strings, numbers that are
names of things (telephone, postcode, account).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling import null_tokens, vocabulary
from ai_data_engineer.profiling.check_digits import is_ean, is_luhn
from ai_data_engineer.profiling.conversion import read_texts
from ai_data_engineer.profiling.dates import DateForm, could_be_dates, date_form
from ai_data_engineer.profiling.names import words
from ai_data_engineer.profiling.numbers import (
    DecimalMark,
    NumberForm,
    has_real_exponents,
    loses_digits,
    number_form,
    number_type,
    units,
    with_plain_signs,
)
from ai_data_engineer.profiling.sentinels import sentinels
from ai_data_engineer.profiling.texts import SEPARATOR, Texts
from ai_data_engineer.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    FLOAT64,
    STRING,
    TIME,
    LogicalType,
)

SUPPORT = 0.97
"""Share of the values that must have a type's form; below 34 values that means all of them."""

_TRUE_FALSE = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), (".t.", ".f."),
    ("ja", "nein"), ("j", "n"), ("wahr", "falsch"),
    ("oui", "non"), ("o", "n"), ("vrai", "faux"),
    ("sí", "no"), ("si", "no"), ("s", "n"), ("verdadero", "falso"),
    ("sì", "no"), ("vero", "falso"),
    ("sim", "não"), ("sim", "nao"), ("verdadeiro", "falso"),
    ("ja", "nee"), ("waar", "onwaar"),
    ("ja", "nej"), ("ja", "nei"), ("sant", "falskt"), ("sandt", "falsk"), ("sann", "usann"),
    ("kyllä", "ei"), ("tosi", "epätosi"), ("jah", "ei"), ("jā", "nē"), ("taip", "ne"),
    ("tak", "nie"), ("prawda", "fałsz"), ("ano", "ne"), ("pravda", "nepravda"), ("áno", "nie"),
    ("da", "ne"), ("igen", "nem"), ("igaz", "hamis"), ("da", "nu"), ("adevărat", "fals"),
    ("да", "нет"), ("истина", "ложь"), ("так", "ні"), ("да", "не"), ("ναι", "όχι"),
    ("evet", "hayır"), ("doğru", "yanlış"), ("ya", "tidak"), ("có", "không"),
    ("是", "否"), ("はい", "いいえ"), ("예", "아니오"), ("نعم", "لا"), ("כן", "לא"), ("✓", "✗"),
)  # fmt: skip
_BOOLEAN_WORDS = frozenset(word for pair in _TRUE_FALSE for word in pair)
_CODE_LIKE = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_\-/.]+")


@dataclass(frozen=True)
class Custom:
    """What the table's unambiguous columns prove; None where they prove nothing."""

    decimal_mark: DecimalMark | None = None
    day_first: bool | None = None


@dataclass(frozen=True)
class Inference:
    """A column's type and how its text is read, with the texts that are not null tokens."""

    type: LogicalType
    parse: Parse
    values: Texts
    warnings: tuple[tuple[str, str], ...] = ()
    """Codes and messages."""
    number: NumberForm | None = None
    date: DateForm | None = None


def infer(
    texts: Texts,
    name: str = "",
    json_kinds: frozenset[str] = frozenset(),
    custom: Custom = Custom(),
) -> Inference:
    """Return the type of a column of trimmed texts without empty ones.

    `name` is the safe name, whose words are hints; `json_kinds` the kinds that the values had in
    JSON, empty for text formats.
    """
    found = null_tokens.markers(texts) if not json_kinds or "string" in json_kinds else frozenset()
    values = texts.without(found)
    tokens = null_tokens.tokens_of_typed(texts, found)
    if not values:
        return _text(texts, found)
    kinds = json_kinds - {"null"}
    if kinds:
        typed = _infer_json(values, kinds, tokens, name, custom)
    else:
        typed = (
            _boolean(values, words(name), tokens)
            or _infer_forms(values, name, tokens, custom)
            or _infer_without_word(texts, values, found, name, custom)
        )
    return _warned_of_sentinels(typed) if typed else _text(texts, found, kinds)


def _infer_without_word(
    texts: Texts, values: Texts, found: frozenset[str], name: str, custom: Custom
) -> Inference | None:
    """Return the type that all values have but one word, which then stands for "no value"."""
    word = null_tokens.strange_word(values)
    if word is None:
        return None
    rest, gone = values.without({word}), found | {word}
    typed = _infer_forms(rest, name, null_tokens.tokens_of_typed(texts, gone), custom)
    if typed is None or typed.warnings or not typed.type.is_numeric | typed.type.is_temporal:
        return None
    message = "A word that repeats among them is taken for a missing value."
    return replace(typed, warnings=(("W_NULL_TOKEN", message),))


def _infer_json(
    values: Texts, kinds: frozenset[str], tokens: tuple[str, ...], name: str, custom: Custom
) -> Inference | None:
    if kinds == {"boolean"}:
        return Inference(BOOLEAN, Parse(), values)
    if kinds == {"string"}:
        return _date(values, words(name), tokens, custom)
    if kinds <= {"integer", "number"}:
        form = number_form(values, 0, ".")
        if form is not None:
            moment = _epoch(values, words(name), tokens) if form.is_whole else None
            return moment or _number(values, form, frozenset(), tokens)
    return None


def _infer_forms(
    values: Texts, name: str, tokens: tuple[str, ...], custom: Custom
) -> Inference | None:
    hints = words(name)
    if (date := _date(values, hints, tokens, custom)) is not None:
        return date
    if (date := _serial_days(values, hints, tokens)) is not None:
        return date
    signed, negative = with_plain_signs(values)
    form = number_form(signed, _allowed(values), custom.decimal_mark)
    if form is None or (form.has_exponent and not has_real_exponents(signed)):
        return None
    form = replace(form, negative=negative)
    has_affix = bool(form.prefix or form.suffix or negative)
    if not has_affix and _is_name_of_a_thing(values, form, hints):
        return None
    if form.misses and any(_CODE_LIKE.fullmatch(t) for t in signed.counts if not _is_numeric(t)):
        # A few codes with letters among digits: they are all codes.
        return None
    if form.is_whole and not has_affix:
        if (flags := _flags(values, hints, tokens)) is not None:
            return flags
        if (moment := _epoch(values, hints, tokens)) is not None:
            return moment
    number = _number(signed, form, hints, tokens)
    if number is None:
        return None
    number = replace(number, values=values)
    if custom.decimal_mark or not form.is_ambiguous:
        return number
    return _warned_of_marks(number, form)


def _warned_of_marks(number: Inference, form: NumberForm) -> Inference:
    """Add a warning where a mark that is not plainly a point decides what the numbers are."""
    if form.decimal_mark == "." and not form.thousands_mark:
        return number
    reading = "thousands" if form.thousands_mark else "a fraction"
    warning = ("W_AMBIGUOUS_NUMBER", f"The marks were read as those of {reading}.")
    return replace(number, warnings=(*number.warnings, warning))


def _number(
    values: Texts, form: NumberForm, hints: frozenset[str], tokens: tuple[str, ...]
) -> Inference | None:
    is_money = (
        bool(hints & vocabulary.MONEY) and form.suffix != "%" and not hints & {"rate", "percent"}
    )
    kind = number_type(form, values, is_money)
    if kind is None:
        return None
    warnings = _misses(form.misses, kind)
    if kind == FLOAT64 and not form.has_exponent and loses_digits(form, values):
        warnings += (
            (
                "W_LOST_PRECISION",
                f"Up to {form.significant_digits} digits, read as a 64-bit float.",
            ),
        )
    return Inference(kind, form.parse(tokens), values, warnings, number=form)


def _text(
    texts: Texts, found: frozenset[str], json_kinds: frozenset[str] = frozenset()
) -> Inference:
    tokens = null_tokens.tokens_of_text(texts, found)
    values = texts.without(set(tokens))
    warnings: tuple[tuple[str, str], ...] = ()
    if len(json_kinds) > 1:
        kinds = " and ".join(f"{kind}s" for kind in sorted(json_kinds))
        warnings += (("W_MIXED_TYPES", f"The values are {kinds}: all are read as text."),)
    if not json_kinds and values and _has_leading_zeros(values):
        warnings += (("W_LEADING_ZEROS", "Digits with leading zeros are kept as text."),)
    if not json_kinds and len(several := units(values)) > 1:
        message = f"Numbers have {len(several)} different units or currencies: kept as text."
        warnings += (("W_MIXED_UNITS", message),)
    return Inference(STRING, Parse(null_tokens=tokens), values, warnings)


def _warned_of_sentinels(typed: Inference) -> Inference:
    """Add a warning where values that often stand for "no value" lie far from all others."""
    count = sentinels(typed.values, typed.type, typed.parse)
    if not count:
        return typed
    kind = "numbers" if typed.type.is_numeric else "dates"
    message = f"{count:,} {kind} far from the others look as if they stood for a missing value."
    return replace(typed, warnings=(*typed.warnings, ("W_SENTINEL", message)))


def _misses(misses: int, kind: LogicalType) -> tuple[tuple[str, str], ...]:
    if not misses:
        return ()
    return (("W_MIXED_TYPES", f"{misses:,} of the values read are not {_article(kind)}."),)


def _article(kind: LogicalType) -> str:
    return f"{'an' if kind.name[0] in 'aeiou' else 'a'} {kind}"


def _allowed(values: Texts) -> int:
    return int(len(values) * (1 - SUPPORT) + 1e-9)


def _boolean(values: Texts, hints: frozenset[str], tokens: tuple[str, ...]) -> Inference | None:
    if len(values.counts) > 8 or not any(t.lower() in _BOOLEAN_WORDS for t in values.counts):
        return None
    found = {t.lower() for t in values.counts}
    for true, false in _TRUE_FALSE:
        if found == {true, false} or (found <= {true, false} and _may_stand_alone(found, hints)):
            plain = (true, false) == ("true", "false")
            parse = Parse(
                null_tokens=tokens,
                true_tokens=() if plain else (true,),
                false_tokens=() if plain else (false,),
            )
            return Inference(BOOLEAN, parse, values)
    misses = sum(n for t, n in values.counts.items() if t.lower() not in ("true", "false"))
    if {"true", "false"} <= found and misses <= _allowed(values):
        return Inference(BOOLEAN, Parse(null_tokens=tokens), values, _misses(misses, BOOLEAN))
    return None


def _may_stand_alone(found: set[str], hints: frozenset[str]) -> bool:
    """Return whether one word alone will do: `yes` does, `no` in a column named like a flag."""
    return found <= {"true", "false", "yes"} or bool(hints & vocabulary.FLAG)


def _flags(values: Texts, hints: frozenset[str], tokens: tuple[str, ...]) -> Inference | None:
    if (
        set(values.counts) <= {"0", "1"}
        and hints & vocabulary.FLAG
        and not hints & vocabulary.COUNT
    ):
        parse = Parse(null_tokens=tokens, true_tokens=("1",), false_tokens=("0",))
        return Inference(BOOLEAN, parse, values)
    return None


_SERIAL_HINTS = vocabulary.word_set("excel serial xls xlsx")
_SERIAL_SHAPE = re.compile(r"9{5}(?:\.9+)?")


def _serial_days(values: Texts, hints: frozenset[str], tokens: tuple[str, ...]) -> Inference | None:
    """Days as spreadsheets count them, where the column's name speaks of both."""
    if not (hints & _SERIAL_HINTS and hints & (vocabulary.DATE | vocabulary.MOMENT)):
        return None
    if not all(_SERIAL_SHAPE.fullmatch(shape) for shape in values.shapes):
        return None
    kind = DATETIME if any("." in shape for shape in values.shapes) else DATE
    return Inference(kind, Parse(null_tokens=tokens, date_format="excel"), values)


def _date(
    values: Texts, hints: frozenset[str], tokens: tuple[str, ...], custom: Custom
) -> Inference | None:
    if not could_be_dates(values):
        return None
    form = date_form(values, _allowed(values), custom.day_first)
    if form is None or (form.type == TIME and hints & vocabulary.DURATION):
        return None
    parse = Parse(null_tokens=tokens, date_format=form.format, date_language=form.language)
    if form.is_partial and not _is_plausible(values, form, parse, hints):
        return None
    warnings = _misses(form.misses, form.type)
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


def _epoch(values: Texts, hints: frozenset[str], tokens: tuple[str, ...]) -> Inference | None:
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


def _is_name_of_a_thing(values: Texts, form: NumberForm, hints: frozenset[str]) -> bool:
    """Return whether digits stand for something that is not a quantity, so text must be kept."""
    if _has_leading_zeros(values):
        return True
    if (
        hints & vocabulary.THING_NUMBER
        and not hints & vocabulary.MONEY
        and not hints & vocabulary.COUNT
    ):
        return form.is_whole or "version" in hints
    if not form.is_whole or form.thousands_mark:
        return False
    lengths = {len(shape) for shape in values.shapes}
    if form.whole_digits > 18:
        return len(lengths) == 1 or bool(hints & vocabulary.IDENTIFIER)
    if len(lengths) > 4 or len(values.counts) < 10:
        return False
    if min(lengths) >= 8 and all(shape.startswith("+") for shape in values.shapes):
        return True
    # Numbers that end in a check digit: one in ten passes by chance, ten of ten do not.
    if lengths <= {13, 14, 15, 16, 19} and all(is_luhn(t) for t in values.counts):
        return True
    return lengths <= {8, 12, 13, 14} and all(is_ean(t) for t in values.counts)


_LEADING_ZERO = re.compile(rf"{SEPARATOR}[+-]?0[0-9]")


def _has_leading_zeros(values: Texts) -> bool:
    """Return whether digits alone begin with a nought that is not all there is."""
    if not _LEADING_ZERO.search(values.joined):
        return False
    return any(re.fullmatch(r"[+-]?0[0-9]+", t) for t in values.counts) and all(
        "9" in shape for shape in values.shapes
    )


def _is_numeric(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?", text) is not None

"""Casts: the one meaning of "this text, or this value, as that type".

Every function returns the source of a polars expression. Text is gated by an ASCII pattern before
it is converted, because what engines accept differs: a value either has exactly the written form
or it becomes null. `docs/semantics.md` states the rules for users.
"""

from __future__ import annotations

import math
import re

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.spec.code import Code, code, join, lit, null_unless
from ai_data_engineer.spec.date_words import ZONES, month_names
from ai_data_engineer.spec.dateformat import EPOCH_FACTORS, DateFormat, escape_pattern
from ai_data_engineer.types import INT64, STRING, LogicalType

PLAIN = Parse()
_EXPONENT = "(?:[eE][+-]?[0-9]+)?"
_ISO_DATETIME = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)$"
)


def parse_text(column: Code, to: LogicalType, parse: Parse = PLAIN) -> Code:
    """Return the String expression `column` read as `to`: null where missing or not convertible.

    Lists and structs arrive natively typed, so they pass unchanged. Raises ValueError for a
    `parse` that cannot be followed, such as a date format without a day for a date.
    """
    match to.name:
        case "list" | "struct":
            return column
        case "string":
            return _string(column, parse)
        case "binary":
            return code("{text}.cast(pl.Binary)", text=_string(column, parse))
        case "boolean":
            return _boolean(column, parse)
        case "int64" | "float64" | "decimal":
            return _number(column, to, parse)
        case _:
            return _temporal(column, to, parse)


def is_missing(column: Code, parse: Parse = PLAIN) -> Code:
    """Return whether the String expression `column` is null or, when trimmed, a null token.

    For natively typed values (lists, structs) ask `.is_null()` instead.
    """
    tokens = _null_tokens(parse)
    if not tokens:
        return code("{column}.is_null()", column=column)
    return code(
        "({column}.is_null() | {trimmed}.is_in({tokens}))",
        column=column,
        trimmed=_stripped(column),
        tokens=lit(tokens),
    )


def can_cast(from_type: LogicalType, to: LogicalType, parse: Parse = PLAIN) -> bool:
    """Return whether `cast_value` knows how to make `to` out of `from_type`.

    An integer becomes a date or datetime only by `parse.date_format`.
    """
    if from_type == to:
        return True
    if from_type.is_nested or to.is_nested:
        if from_type.item is None or to.item is None:
            return False
        return can_cast(from_type.item, to.item, parse)
    if from_type == INT64 and to.name in ("date", "datetime"):
        return parse.date_format is not None
    return to.name in _TARGETS[from_type.name]


_TARGETS: dict[str, frozenset[str]] = {
    source: frozenset(targets.split())
    for source, targets in {
        "string": "boolean int64 float64 decimal string date time datetime binary",
        "boolean": "int64 float64 decimal string",
        "int64": "boolean float64 decimal string",
        "float64": "int64 decimal string",
        "decimal": "int64 float64 decimal string",
        "date": "datetime string",
        "time": "string",
        "datetime": "date time string",
        "binary": "",
    }.items()
}


def cast_value(column: Code, from_type: LogicalType, to: LogicalType, parse: Parse = PLAIN) -> Code:
    """Return the typed expression `column` as another type: null where it does not convert.

    Raises ValueError for a pair that `can_cast` refuses.
    """
    if not can_cast(from_type, to, parse):
        raise ValueError(f"{from_type} cannot become {to}")
    if from_type == STRING:
        return parse_text(column, to, parse)
    if from_type == to:
        return column
    if to.item is not None and from_type.item is not None:
        item = cast_value(Code("pl.element()"), from_type.item, to.item, parse)
        return code("{column}.list.eval({item})", column=column, item=item)
    match from_type.name, to.name:
        case ("int64", "date" | "datetime"):
            return parse_text(code("{column}.cast(pl.String)", column=column), to, parse)
        case ("int64", "boolean"):
            zero_or_one = null_unless(column, "x.is_in([0, 1])")
            return code("{value}.cast(pl.Boolean)", value=zero_or_one)
        case ("boolean", "decimal"):
            template = "{column}.cast(pl.Int64).cast({dtype}, strict=False)"
        case ("float64", "decimal"):
            return _float_to_decimal(column, to)
        case ("decimal", "decimal") if from_type.scale > to.scale:
            if from_type.precision == 38:
                # Rounding may add a digit, and polars raises where there is no room for it.
                room = LogicalType("decimal", 37, min(from_type.scale, 37))
                column = _non_strict(column, room)
            return _non_strict(_rounded(column, to.scale), to)
        case ("date", "string"):
            template = '{column}.dt.strftime("%Y-%m-%d")'
        case ("time", "string"):
            template = '{column}.dt.strftime("%H:%M:%S%.f")'
        case ("datetime", "string"):
            template = '{column}.dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")'
        case ("datetime", "date"):
            template = "{column}.dt.date()"
        case ("datetime", "time"):
            template = "{column}.dt.time()"
        case ("float64" | "int64" | "decimal", "int64" | "decimal"):
            template = "{column}.cast({dtype}, strict=False)"
        case _:
            template = "{column}.cast({dtype})"
    return Code(template.format(column=column, dtype=dtype(to)))


def dtype(kind: LogicalType) -> Code:
    """Return the polars dtype of a logical type as code."""
    match kind.name:
        case "datetime":
            return Code('pl.Datetime("us", "UTC")')
        case "decimal":
            return Code(f"pl.Decimal({kind.precision}, {kind.scale})")
        case "list":
            assert kind.item is not None
            return code("pl.List({item})", item=dtype(kind.item))
        case "struct":
            fields = (code("{n}: {t}", n=lit(n), t=dtype(t)) for n, t in kind.fields)
            return code("pl.Struct({{{fields}}})", fields=join(fields))
        case _:
            return Code(f"pl.{kind.name.capitalize()}")


def _float_to_decimal(column: Code, to: LogicalType) -> Code:
    """Round, and bring what is too large to the first value that is: polars raises for a float
    beyond a decimal's digits, where a decimal beyond them becomes null.
    """
    fits = LogicalType("decimal", min(to.precision, 37), min(to.scale, 37))
    bound = float(10 ** (fits.precision - fits.scale))
    if int(bound) < 10 ** (fits.precision - fits.scale):
        bound = math.nextafter(bound, math.inf)
    clipped = code(
        "{rounded}.clip({low}, {high})",
        rounded=_rounded(column, fits.scale),
        low=lit(-bound),
        high=lit(bound),
    )
    room = LogicalType("decimal", fits.precision + 1, fits.scale)
    fitted = _non_strict(_non_strict(clipped, room), fits)
    return fitted if fits == to else _non_strict(fitted, to)


def _rounded(column: Code, scale: int) -> Code:
    return code(
        '{column}.round({scale}, mode="half_away_from_zero")', column=column, scale=lit(scale)
    )


def _non_strict(column: Code, to: LogicalType) -> Code:
    return code("{column}.cast({dtype}, strict=False)", column=column, dtype=dtype(to))


def _stripped(column: Code) -> Code:
    return code("{column}.str.strip_chars({chars})", column=column, chars=lit(TRIMMED))


def _trimmed(column: Code, parse: Parse) -> Code:
    return _stripped(column) if parse.trim else column


def _null_tokens(parse: Parse) -> list[str]:
    return list(dict.fromkeys(token.strip(TRIMMED) for token in parse.null_tokens))


def _without(text: Code, tokens: list[str]) -> Code:
    if not tokens:
        return text
    if len(tokens) == 1:
        return null_unless(text, f"x != {lit(tokens[0])}")
    return null_unless(text, f"x.is_in({lit(tokens)}).not_()")


def _string(column: Code, parse: Parse) -> Code:
    tokens = _null_tokens(parse)
    if parse.trim or not tokens:
        return _without(_trimmed(column, parse), tokens)
    return code(
        "pl.when({trimmed}.is_in({tokens}).not_()).then({column})",
        trimmed=_stripped(column),
        tokens=lit(tokens),
        column=column,
    )


def _boolean(column: Code, parse: Parse) -> Code:
    true = list(dict.fromkeys(t.lower() for t in parse.true_tokens or ("true",)))
    false = list(dict.fromkeys(t.lower() for t in parse.false_tokens or ("false",)))
    tokens = [t for t in _null_tokens(parse) if t.lower() in (*true, *false)]
    text = code("{text}.str.to_lowercase()", text=_without(_trimmed(column, parse), tokens))
    # A word that stands for both is false.
    known = null_unless(text, f"x.is_in({lit(list(dict.fromkeys([*true, *false])))})")
    return code("{known}.is_in({false}).not_()", known=known, false=lit(false))


def _gated(column: Code, pattern: str, parse: Parse) -> Code:
    """Return the trimmed text where it matches, else null; tokens that would match become null."""
    tokens = [t for t in _null_tokens(parse) if re.fullmatch(pattern, t)]
    text = _without(_trimmed(column, parse), tokens)
    return code("{text}.str.extract({pattern})", text=text, pattern=raw(pattern))


def _number(column: Code, to: LogicalType, parse: Parse) -> Code:
    if parse.thousands_mark == parse.decimal_mark:
        raise ValueError("the decimal and the thousands mark are the same")
    whole, mark = "[0-9]+", escape_pattern(parse.decimal_mark)
    if parse.thousands_mark:
        whole = f"(?:{_groups(parse.thousands_mark)}|[0-9]+)"
    match to.name:
        case "int64":
            pattern = f"^([+-]?{whole})$"
        case "float64":
            pattern = f"^([+-]?(?:{whole}(?:{mark}[0-9]*)?|{mark}[0-9]+){_EXPONENT})$"
        case _:
            # One digit beyond the scale decides the rounding; those behind it cannot. 37 digits
            # leave room for the one that rounding may add, which polars would raise for.
            kept = min(to.scale + 1, 37)
            pattern = (
                f"^([+-]?(?:{whole}(?:{mark}[0-9]{{0,{kept}}})?|{mark}[0-9]{{1,{kept}}}))[0-9]*$"
            )
    if parse.prefix or parse.suffix or parse.negative:
        bare = _without_affixes(_signed(column, parse), parse)
        text = _gated(bare, pattern, parse.model_copy(update={"trim": False, "null_tokens": ()}))
    else:
        text = _gated(column, pattern, parse)
    if parse.thousands_mark:
        text = _replaced(text, parse.thousands_mark, "", every=True)
    if parse.decimal_mark != "." and to.name != "int64":
        text = _replaced(text, parse.decimal_mark, ".")
    match to.name:
        case "int64":
            return code("{text}.cast(pl.Int64, strict=False)", text=text)
        case "float64":
            number = code("{text}.cast(pl.Float64, strict=False)", text=text)
            return null_unless(number, "x.is_finite()")
        case _:
            return code(
                "{text}.cast(pl.Decimal(37, {kept}), strict=False)"
                '.round({scale}, mode="half_away_from_zero").cast({dtype}, strict=False)',
                text=text,
                kept=lit(kept),
                scale=lit(to.scale),
                dtype=dtype(to),
            )


def _groups(mark: str) -> str:
    """Return the pattern of digits in groups of three, or with commas of two before the last."""
    mark = escape_pattern(mark)
    groups = f"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+"
    if mark == ",":
        groups += f"|[0-9]{{1,2}}(?:{mark}[0-9]{{2}})+{mark}[0-9]{{3}}"
    return groups


def _signed(column: Code, parse: Parse) -> Code:
    """Return the trimmed text with the sign before the number, however it was written."""
    text = _without(_trimmed(column, parse), [t for t in _null_tokens(parse) if t])
    match parse.negative:
        case "typographic":
            return _replaced(text, "\u2212", "-")
        case "behind":
            pattern = r"^([^+-]*)-$"
        case "parentheses":
            prefix, suffix = (
                escape_pattern((affix or "").strip(TRIMMED))
                for affix in (parse.prefix, parse.suffix)
            )
            pattern = rf"^(?:{prefix})?[ \t]*\(([^()+-]*)\)[ \t]*(?:{suffix})?$"
        case _:
            return text
    return code('{text}.str.replace({pattern}, "-${{1}}")', text=text, pattern=raw(pattern))


def _without_affixes(text: Code, parse: Parse) -> Code:
    """Take prefix and suffix away, with the blanks between them and the number."""
    if prefix := (parse.prefix or "").strip(TRIMMED):
        # The sign may stand on either side of a currency: -$5 and $-5.
        pattern = raw(f"^([+-]?){escape_pattern(prefix)}[ \\t]*")
        text = code('{text}.str.replace({pattern}, "${{1}}")', text=text, pattern=pattern)
    if suffix := (parse.suffix or "").strip(TRIMMED):
        text = code(
            "{text}.str.strip_suffix({suffix}).str.strip_chars_end({blanks})",
            text=text,
            suffix=lit(suffix),
            blanks=lit(" \t"),
        )
    return text


def _replaced(text: Code, old: str, new: str, *, every: bool = False) -> Code:
    template = "{text}.str.{verb}({old}, {new}, literal=True)"
    verb = Code("replace_all" if every else "replace")
    return code(template, text=text, verb=verb, old=lit(old), new=lit(new))


def _temporal(column: Code, to: LogicalType, parse: Parse) -> Code:
    written = parse.date_format
    if written in EPOCH_FACTORS:
        return _epoch(column, to, parse, EPOCH_FACTORS[written])
    if written is None and to.name == "datetime":
        return _iso_datetime(column, parse)
    if written is None and to.name == "time":
        text = _gated(column, r"^([0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{1,9})?)$", parse)
        return code('{text}.str.to_time("%H:%M:%S%.f", strict=False)', text=text)
    if written == "excel":
        return _excel_days(column, to, parse)
    form = DateFormat(written or "%Y-%m-%d", parse.date_language)
    form.check(to)
    text = _gated(column, form.pattern, parse)
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
    if form.comma_fraction:
        text = _replaced(text, ",", ".")
    if form.language:
        text = code(
            "{text}.str.to_lowercase().str.replace_many({names}, leftmost=True)"
            '.str.replace({point}, "${{1}}")',
            text=text,
            names=lit(month_names(form.language)),
            point=raw(r"([a-z]{3})\."),
        )
    match to.name:
        case "date":
            template = "{text}.str.to_date({form}, strict=False)"
        case "time":
            template = "{text}.str.to_time({form}, strict=False)"
        case _:
            template = (
                '{text}.str.to_datetime({form}, time_unit="us", time_zone="UTC", strict=False)'
            )
    return code(template, text=text, form=lit(form.chrono))


def _iso_datetime(column: Code, parse: Parse) -> Code:
    # One form for strptime: a T in the middle, and an offset where the text has none or a Z.
    return code(
        '{text}.str.replace(" ", "T", literal=True)'
        '.str.replace("^([0-9-]{{10}}T[0-9:.]+)Z?$", "${{1}}+0000")'
        '.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z",'
        ' time_unit="us", time_zone="UTC", strict=False)',
        text=_gated(column, _ISO_DATETIME, parse),
    )


def _epoch(column: Code, to: LogicalType, parse: Parse, factor: int) -> Code:
    if to.name == "time":
        raise ValueError(f"{parse.date_format} is a moment, not a time of day")
    # Eleven digits of seconds reach the year 5138; more would overflow the microseconds.
    digits = {1_000_000: 11, 1_000: 14}.get(factor, 17)
    moment = code(
        '({text}.cast(pl.Int64) * {factor}).cast(pl.Datetime("us", "UTC"))',
        text=_gated(column, f"^([+-]?[0-9]{{1,{digits}}})$", parse),
        factor=Code(f"{factor:_}"),
    )
    return code("{moment}.dt.date()", moment=moment) if to.name == "date" else moment


def _excel_days(column: Code, to: LogicalType, parse: Parse) -> Code:
    """Days since 1899-12-30, the day nought of spreadsheets behind February 1900."""
    if to.name == "time":
        raise ValueError("excel counts days, and says no time of day")
    text = _gated(column, r"^([0-9]{1,6}(?:\.[0-9]+)?)$", parse)
    moment = code(
        "(({text}.cast(pl.Float64) - 25569) * 86_400_000).round().cast(pl.Int64)"
        '.cast(pl.Datetime("ms", "UTC")).cast({dtype})',
        text=text,
        dtype=dtype(LogicalType("datetime")),
    )
    return code("{moment}.dt.date()", moment=moment) if to.name == "date" else moment


def raw(pattern: str) -> Code:
    """Return a regular expression as a raw string where it can be one, for those who read it."""
    plain = pattern.isascii() and pattern.isprintable()
    if plain and '"' not in pattern and "\\" in pattern and not pattern.endswith("\\"):
        return Code(f'r"{pattern}"')
    return lit(pattern)

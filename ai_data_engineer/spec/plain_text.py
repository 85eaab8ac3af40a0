"""Text as most of it is written, read at less cost: no blanks around it, the type's plain form.

What is read here is what `casting.parse_text` reads; anything else is null and left to that.
"""

from __future__ import annotations

import re

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.spec.code import Code, code, lit, null_unless
from ai_data_engineer.spec.dateformat import EPOCH_FACTORS
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.gating import null_tokens, raw
from ai_data_engineer.spec.moment_text import read_moment
from ai_data_engineer.types import LogicalType

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"


def read_plainly(column: Code, to: LogicalType, parse: Parse) -> Code | None:
    """Return an expression that is cheaper than `parse_text` and never contradicts it.

    Its value is null or that of `parse_text`; for an empty text both are null and that is
    `is_missing`. None: there is no such expression for this type and `parse`.
    """
    if "" not in null_tokens(parse):
        return None
    match to.name:
        case "boolean":
            return _boolean(column, parse)
        case "int64" | "float64" | "decimal":
            return _number(column, to, parse)
        case "date" | "time" | "datetime":
            return _moment(column, to, parse)
        case _:
            return None


def _number(column: Code, to: LogicalType, parse: Parse) -> Code | None:
    if (
        (parse.prefix or parse.suffix or parse.negative)
        or (parse.decimal_mark != "." or parse.thousands_mark == ".")
        or any(re.fullmatch(_NUMBER, token) for token in null_tokens(parse))
    ):
        return None  # a number without marks but a point may be something else
    match to.name:
        case "int64":
            return code("{column}.cast(pl.Int64, strict=False)", column=column)
        case "float64":
            number = code("{column}.cast(pl.Float64, strict=False)", column=column)
            return null_unless(number, "x.is_finite()")
        case _:
            # So few digits need no rounding, nor more room than `read_number` has.
            whole = min(to.precision - to.scale, 37 - min(to.scale + 1, 37))
            if whole == 0:
                return None
            pattern = f"^[+-]?[0-9]{{1,{whole}}}(?:\\.[0-9]{{0,{to.scale}}})?$"
            text = null_unless(column, f"x.str.contains({raw(pattern)})")
            return code("{text}.cast({dtype}, strict=False)", text=text, dtype=dtype(to))


def _moment(column: Code, to: LogicalType, parse: Parse) -> Code | None:
    written = parse.date_format or ""
    if written in EPOCH_FACTORS or written == "excel" or written != written.strip(TRIMMED):
        return None
    return read_moment(column, to, parse.model_copy(update={"trim": False}))


def _boolean(column: Code, parse: Parse) -> Code:
    nothing = null_tokens(parse)
    false = [w for w in _cases(parse.false_tokens or ("false",)) if w not in nothing]
    true = [w for w in _cases(parse.true_tokens or ("true",)) if w not in (*nothing, *false)]
    known = null_unless(column, f"x.is_in({lit([*true, *false])})")
    return code("{known}.is_in({false}).not_()", known=known, false=lit(false))


def _cases(tokens: tuple[str, ...]) -> list[str]:
    """Return the words as they are mostly written: `yes`, `YES`, `Yes`."""
    plain = [token for token in tokens if token.isascii() and token == token.strip(TRIMMED)]
    forms = (form(token) for token in plain for form in (str.lower, str.upper, str.capitalize))
    return list(dict.fromkeys(forms))

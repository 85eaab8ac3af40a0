r"""The expectation that texts are moments in a strftime format, as Python's `strptime` reads them.

A format becomes the regular expression that CPython's `_strptime` makes of it (ASCII digits only);
then days are looked up in the calendar. `strptime` takes what the preferred alternatives match and
wants nothing left over, which is not the same as a match from `^` to `$`.
"""

from __future__ import annotations

import re

from ai_data_engineer.spec.code import Code, code, join, lit
from ai_data_engineer.spec.dateformat import escape_pattern
from ai_data_engineer.spec.expectations.kwargs import COLUMN, MOSTLY, TEXT, values
from ai_data_engineer.spec.expectations.registry import KwargError, Kwargs, register
from ai_data_engineer.types import LogicalType

_NAMES = {
    "b": "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    "B": "january|february|march|april|may|june|july|august|september|october|november|december",
    "a": "mon|tue|wed|thu|fri|sat|sun",
    "A": "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    "p": "am|pm",
}
_DIRECTIVES = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    "m": "1[0-2]|0[1-9]|[1-9]",
    "d": "3[0-1]|[1-2][0-9]|0[1-9]|[1-9]| [1-9]",
    "H": "2[0-3]|[0-1][0-9]|[0-9]",
    "I": "1[0-2]|0[1-9]|[1-9]",
    "M": "[0-5][0-9]|[0-9]",
    "S": "6[0-1]|[0-5][0-9]|[0-9]",
    "f": "[0-9]{1,6}",
    # Of equal beginnings Python prefers the longest name.
    **{k: "|".join(sorted(v.split("|"), key=len, reverse=True)) for k, v in _NAMES.items()},
}


def _is_moment(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    regex, groups = _regex(kwargs["strftime_format"])

    def part(directive: str) -> Code:
        return code("{v}.str.extract({r}, {g})", v=value, r=lit(regex), g=lit(groups[directive]))

    whole = code("{v}.str.extract({r}, 0)", v=value, r=lit(regex))
    tests = [code("({whole} == {value})", whole=whole, value=value)]
    if "Y" in groups:
        tests.append(code('({year} != "0000")', year=part("Y")))
    if "S" in groups:
        tests.append(code('~{second}.is_in(["60", "61"])', second=part("S")))
    month = next((d for d in "mbB" if d in groups), None)
    if "d" in groups and month:
        year = part("Y") if "Y" in groups else Code('pl.lit("1900")')
        if "y" in groups and "Y" not in groups:
            # Leap years recur: of 1969 to 2068 and of 2000 to 2099 the same have 29 February.
            year = code('(pl.lit("20") + {y})', y=part("y"))
        form = f"%Y-%{month}-%d"
        day = code("{d}.str.strip_chars()", d=part("d"))
        parts = join((year, part(month), day))
        tests.append(
            code(
                'pl.concat_str({parts}, separator="-").str.to_date({form}, strict=False)'
                ".is_not_null()",
                parts=parts,
                form=lit(form),
            )
        )
    return join(tests, " & ")


def _regex(form: str) -> tuple[str, dict[str, int]]:
    """Return the expression and directive → its group; raises KwargError."""
    groups: dict[str, int] = {}
    parts = []
    for piece in re.findall(r"%.?|\s+|[^%\s]+", form, re.DOTALL):
        if piece.isspace():
            parts.append(r"\s+")
        elif not piece.startswith("%"):
            parts.append(escape_pattern(piece))
        elif piece == "%%":
            parts.append("%")
        elif piece[1:] not in _DIRECTIVES or piece[1:] in groups:
            raise KwargError(
                "strftime_format",
                f"`{piece}` cannot be judged here, or stands there twice.",
                code="E_INVALID_VALUE",
                hint=f"Use {', '.join(f'%{d}' for d in _DIRECTIVES)} and %%, each once.",
            )
        else:
            groups[piece[1:]] = len(groups) + 1
            parts.append(f"({_DIRECTIVES[piece[1:]]})")
    return f"(?i)^{''.join(parts)}", groups


register(
    "expect_column_values_to_match_strftime_format",
    {**COLUMN, "strftime_format": TEXT, **MOSTLY},
    values(_is_moment),
    {"column": "day", "strftime_format": "%Y-%m-%d"},
    optional=("mostly",),
    wants="string",
)

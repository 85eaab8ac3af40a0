"""Python source that is safe by construction.

`Code` is text that we wrote; any other string becomes code only as a literal, through `lit`.
`code()` refuses to splice in anything that is neither, so no name from a file and no word of a
model can turn into code.
"""

from __future__ import annotations

import datetime as dt
import keyword
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


class Code(str):
    """Python source."""

    __slots__ = ()


Literal = str | int | float | bool | Decimal | dt.date | dt.datetime | dt.time | None


def lit(value: object) -> Code:
    """Return the Python literal for a plain value, or a list, tuple or dict of them."""
    match value:
        case Code():
            raise TypeError("code is not a literal")
        case None | bool() | int():
            return Code(repr(value))
        case str():
            return Code(_string(value))
        case float():
            return Code(repr(value)) if math.isfinite(value) else Code(f'float("{value}")')
        case Decimal():
            return Code(f'Decimal("{value}")')
        case dt.datetime() | dt.date() | dt.time():
            return Code(repr(value).replace("datetime.", "dt."))
        case list():
            return Code(f"[{', '.join(map(lit, value))}]")
        case tuple():
            return Code(f"({', '.join(map(lit, value))}{',' if len(value) == 1 else ''})")
        case dict():
            return Code(f"{{{', '.join(f'{lit(k)}: {lit(v)}' for k, v in value.items())}}}")
    raise TypeError(f"no literal for {type(value).__name__}")


def _string(value: str) -> str:
    # repr() leaves bidirectional and other format characters in place; escape what is not plain.
    if value.isascii() and '"' not in value and "\\" not in value and value.isprintable():
        return f'"{value}"'
    text = repr(value)
    return "".join(
        c if c.isascii() or c.isalnum() else c.encode("unicode_escape").decode() for c in text
    )


def code(template: str, /, **parts: Code) -> Code:
    """Fill `{name}` in a template of ours; raises TypeError for a part that is not Code."""
    for name, part in parts.items():
        if type(part) is not Code:
            raise TypeError(f"{name} is {type(part).__name__}, not Code")
    return Code(template.format(**parts))


def join(parts: Iterable[Code], separator: str = ", ") -> Code:
    """Join code with a separator of ours."""
    checked = list(parts)
    if any(type(part) is not Code for part in checked):
        raise TypeError("only Code can be joined")
    return Code(separator.join(checked))


def name(identifier: str) -> Code:
    """Return an identifier as code; raises ValueError for one that Python would not take."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", identifier) or keyword.iskeyword(identifier):
        raise ValueError(f"not an identifier: {identifier!r}")
    return Code(identifier)


def col(column: str) -> Code:
    """Return `pl.col("…")`."""
    return code("pl.col({name})", name=lit(column))


def null_unless(value: Code, condition: str) -> Code:
    """Return `value` where a condition of ours on `x` holds, else null.

    Not `Expr.replace`: for that polars holds all rows of a query in memory.
    """
    return Code(f"{value}.pipe(lambda x: pl.when({condition}).then(x))")


@dataclass(frozen=True)
class StepCode:
    """What a step's function does, in polars.

    `result` is an expression that yields the LazyFrame; `before` are statements run first;
    `rejects`, where the step sets rows aside, yields the LazyFrame of those rows: the input's
    columns and `__reason`, a text without any cell value.
    """

    result: Code
    before: tuple[Code, ...] = ()
    rejects: Code | None = None

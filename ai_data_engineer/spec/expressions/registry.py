"""The functions: name, arguments, result, meaning, examples and polars source, in one place.

The compiler, `docs/semantics.md` and the tests all read this registry; adding a function is one
`register` call in a module of `functions`.
"""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.expressions import functions
from ai_data_engineer.spec.expressions.coercion import coerce, name_of, read_temporal, type_error
from ai_data_engineer.spec.expressions.errors import ExpressionError
from ai_data_engineer.spec.expressions.typed import NULL, Typed, derived, literal
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    FLOAT64,
    INT64,
    STRING,
    LogicalType,
)

Kind = Literal["text", "number", "integer", "boolean", "date", "datetime", "time", "list", "any"]
"""What an argument may be. `date` takes datetimes too, `datetime` takes dates (as midnight)."""
Build = Callable[..., Typed]


@dataclass(frozen=True)
class Param:
    """One argument. `constant`: it must be written out, since it decides what the code does.

    `bare`: a literal may stand as a Python value, where polars does not take it for a column.
    """

    name: str
    kind: Kind
    constant: bool = False
    bare: bool = False
    default: Any = ...
    """`...`: the argument is needed. Defaults are constants."""


@dataclass(frozen=True)
class Function:
    """One function of the expression language."""

    name: str
    group: str
    params: tuple[Param, ...]
    returns: str
    """The result's type in words, for the documentation."""
    meaning: str
    examples: tuple[tuple[str, Any], ...]
    """Expressions of literals with their results."""
    build: Build
    """Called with the checked arguments: Typed, or plain values for constants."""
    variadic: bool = False
    """The last parameter repeats, at least once."""
    aliases: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """How the function is called, such as `round(number[, digits])`."""
        shown = ""
        for i, p in enumerate(self.params):
            comma = ", " if i else ""
            shown += f"{comma}{p.name}" if p.default is ... else f"[{comma}{p.name}]"
        return f"{self.name}({shown}{', …' if self.variadic else ''})"

    def call(self, args: list[Typed]) -> Typed:
        """Check the arguments and build the call; raises ExpressionError."""
        needed = sum(p.default is ... for p in self.params)
        if len(args) < needed or (len(args) > len(self.params) and not self.variadic):
            raise type_error(f"`{self.name}` does not take {len(args)} arguments.", self._usage)
        params = [self.params[min(i, len(self.params) - 1)] for i in range(len(args))]
        checked = [self._checked(p, a) for p, a in zip(params, args, strict=True)]
        return self.build(*checked, *(p.default for p in self.params[len(args) :]))

    def check_column_may_stand_at(self, index: int) -> None:
        """Raise ExpressionError where the argument, counted from 0, must be written out."""
        param = self.params[min(index, len(self.params) - 1)]
        if param.constant:
            raise self._not_written_out(param)

    @property
    def _usage(self) -> str:
        return f"It is called as {self.signature}."

    def _checked(self, param: Param, arg: Typed) -> Any:
        if param.constant:
            return self._constant(param, arg)
        wanted = _WANTED.get(param.kind)
        arg = arg.done
        if arg.type == NULL and wanted:
            return coerce(arg, wanted[0])
        if param.kind == "list" and arg.type.name != "list":
            raise self._wrong(param, arg)
        if wanted is None or arg.type in wanted or (param.kind == "number" and arg.type.is_numeric):
            return arg
        if arg.is_literal and isinstance(arg.value, str) and wanted[0].is_temporal:
            if wanted[0] == DATE and len(arg.value) > 10:
                return literal(read_temporal(arg.value, DATETIME), DATETIME)
            return literal(read_temporal(arg.value, wanted[0]), wanted[0])
        if param.kind == "datetime" and arg.type == DATE:
            return coerce(arg, DATETIME)
        raise self._wrong(param, arg)

    def _constant(self, param: Param, arg: Typed) -> Any:
        if param.kind == "date" and arg.is_literal and isinstance(arg.value, str):
            return read_temporal(arg.value, DATE)
        wanted = {"text": str, "integer": int, "boolean": bool, "date": dt.date}[param.kind]
        if not arg.is_literal or type(arg.value) is not wanted:
            raise self._not_written_out(param)
        return arg.value

    def _not_written_out(self, param: Param) -> ExpressionError:
        quoted = " Text stands in single quotes." if param.kind == "text" else ""
        return type_error(
            f"`{param.name}` of `{self.name}` must be {_ARTICLES[param.kind]} written out, "
            "not a column or a calculation.",
            self._usage + quoted,
        )

    def _wrong(self, param: Param, arg: Typed) -> ExpressionError:
        hint = self._usage
        wanted = _WANTED.get(param.kind)
        if arg.type == STRING and wanted:
            hint += f" CAST(… AS {wanted[0]}) reads text."
            if wanted[0].is_temporal:
                hint += " to_date(…, '%d.%m.%Y') reads dates in another form."
        elif param.kind == "text":
            hint += " CAST(… AS string) makes text."
        return type_error(
            f"`{param.name}` of `{self.name}` must be {_ARTICLES[param.kind]}, "
            f"not {name_of(arg.type)}.",
            hint,
        )


_WANTED: dict[Kind, tuple[LogicalType, ...]] = {
    "text": (STRING,),
    "number": (FLOAT64, INT64),
    "integer": (INT64,),
    "boolean": (BOOLEAN,),
    "date": (DATE, DATETIME),
    "datetime": (DATETIME,),
    "time": (LogicalType("time"), DATETIME),
}
_ARTICLES: dict[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "integer": "an integer",
    "boolean": "true or false",
    "date": "a date or datetime",
    "datetime": "a datetime",
    "time": "a time or datetime",
    "list": "a list",
    "any": "a value",
}

_REGISTRY: dict[str, Function] = {}


def register(
    group: str,
    name: str,
    params: tuple[Param, ...],
    returns: str,
    meaning: str,
    *examples: tuple[str, Any],
    build: Build,
    variadic: bool = False,
    aliases: tuple[str, ...] = (),
) -> None:
    """Add a function."""
    entry = Function(
        name, group, params, returns, meaning, examples, build, variadic=variadic, aliases=aliases
    )
    for key in (name, *aliases):
        if key in _REGISTRY:
            raise ValueError(f"two functions are called {key}")
        _REGISTRY[key] = entry


def template(
    source: str,
    result: LogicalType,
    *,
    nullable: bool | None = None,
    bound: int = 2**63,
    sql: Callable[..., Sql] | None = None,
) -> Build:
    """Return a builder that fills `{0}`, `{1}`, … with the arguments: `{0}` as something a method
    can follow, the others as method arguments; constants as literals.

    `sql` takes the dialect and the SQL of the arguments, constants as they are.
    """

    def build(*args: Any) -> Typed:
        parts = [a for a in args if isinstance(a, Typed)]
        filled = [_filled(i, a) for i, a in enumerate(args)]

        def emit(d: Dialect) -> Sql:
            assert sql is not None
            return sql(d, *(a.done.sql(d) if isinstance(a, Typed) else a for a in args))

        return derived(
            Code(source.format(*filled)),
            result,
            *parts,
            nullable=nullable,
            bound=bound,
            sql=emit if sql else None,
        )

    return build


def _filled(index: int, arg: Any) -> Code:
    if not isinstance(arg, Typed):
        return lit(arg)
    return arg.expr if index == 0 else arg.argument


def method(source: str, *parts: Typed, **more: Code) -> Code:
    """Fill `{0}`, `{1}`, … with the parts, each as something a method can follow."""
    named = {f"p{i}": p.expr for i, p in enumerate(parts)}
    for i in range(len(parts)):
        source = source.replace(f"{{{i}}}", f"{{p{i}}}")
    return code(source, **named, **more)


@cache
def all_functions() -> dict[str, Function]:
    """Return name → function, aliases included, in the order of the documentation."""
    for module in pkgutil.iter_modules(functions.__path__):
        importlib.import_module(f"{functions.__name__}.{module.name}")
    return dict(_REGISTRY)

"""Arithmetic that both engines write alike: division by floor, null where there is no result."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Build, Dialect, Sql, wrapped
from ai_data_engineer.types import FLOAT64, INT64


def null_if_zero(d: Dialect, number: Sql) -> Sql:
    """Return a number, null for 0: a divisor."""
    return d.null_if(number, d.integer(0))


def floor_divide(d: Dialect, number: Sql, divisor: int | Sql) -> Sql:
    """Return an int64 over another, rounded down; a divisor of 0 is null already. The result is
    `Dialect.wide`, since the smallest integer over -1 is not an int64, unless the divisor is a
    positive constant.
    """
    if isinstance(divisor, int) and divisor > 0:
        return d.let(number, lambda x: _over_positive(d, x, divisor))
    by = _integer(d, divisor) if isinstance(divisor, int) else divisor

    def quotient(x: Build, y: Build) -> Sql:
        whole = d.binary(exp.Sub, x(), _rest(d, x(), y))
        return d.wide_quotient(whole, y())

    return d.let(d.wide(number), lambda x: d.let(by, lambda y: quotient(x, y)))


def _over_positive(d: Dialect, number: Build, divisor: int) -> Sql:
    # Engines cut off the fraction, so that below zero one has to go a step further.
    raised = d.binary(exp.Add, number(), d.integer(1))
    below = d.binary(exp.IntDiv, raised, _integer(d, divisor))
    return d.case(
        (
            d.binary(exp.LT, number(), d.integer(0)),
            d.binary(exp.Sub, below, d.integer(1)),
        ),
        otherwise=d.binary(exp.IntDiv, number(), _integer(d, divisor)),
    )


def floor_modulo(d: Dialect, number: Sql, divisor: int | Sql) -> Sql:
    """Return what `floor_divide` leaves, as int64: it has the divisor's sign."""
    if isinstance(divisor, int) and -(2**62) < divisor < 2**62 and divisor != -1:
        return _rest(d, number, lambda: _integer(d, divisor))
    by = _integer(d, divisor) if isinstance(divisor, int) else divisor
    return d.cast(d.let(by, lambda y: _rest(d, d.wide(number), y)), INT64)


def _rest(d: Dialect, number: Sql, divisor: Build) -> Sql:
    rest = d.binary(exp.Mod, number, divisor())
    return d.binary(exp.Mod, d.binary(exp.Add, rest, divisor()), divisor())


def _integer(d: Dialect, value: int) -> Sql:
    return d.integer(value) if abs(value) < 2**31 else d.literal(value, INT64)


def modulo(d: Dialect, number: Sql, divisor: Sql) -> Sql:
    """Return `a - floor(a / b) * b` of float64, as it comes out of this formula."""

    def rest(x: Build, y: Build) -> Sql:
        quotient = d.floor(d.binary(exp.Div, x(), y()))
        return exp.Sub(this=wrapped(x()), expression=d.binary(exp.Mul, quotient, y()))

    return d.let(number, lambda x: d.let(divisor, lambda y: rest(x, y)))


def finite(d: Dialect, number: Sql) -> Sql:
    """Return a float64, null where it is infinite or NaN; NaN is larger than all else."""
    infinity = d.cast(exp.Literal.string("Infinity"), FLOAT64)
    return d.when(number, lambda x: d.binary(exp.LT, d.call("abs", x), infinity))

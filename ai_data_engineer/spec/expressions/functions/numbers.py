"""Functions over numbers. Where a number has no result (the root of −1), it is null."""

from __future__ import annotations

from collections.abc import Callable

from ai_data_engineer.spec.code import Code, code, lit, null_unless
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.expressions.arithmetic import arithmetic, fit
from ai_data_engineer.spec.expressions.coercion import coerce, type_error
from ai_data_engineer.spec.expressions.registry import Build, Param, register
from ai_data_engineer.spec.expressions.typed import INT64_MAX, Typed, derived
from ai_data_engineer.spec.sql.arithmetic import finite, null_if_zero
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

NUMBER = Param("number", "number")
_FINITE = null_unless(Code(""), "x.is_finite()")


def _as_float(part: Typed) -> Typed:
    return coerce(part, FLOAT64)


def _floating(source: str, sql: Callable[[Dialect, Sql], Sql]) -> Build:
    """Build a function from float64 to float64 that may have no result."""

    def build(number: Typed) -> Typed:
        number = _as_float(number)
        result = Code(source.replace("FINITE", _FINITE).format(number.expr))
        return derived(result, FLOAT64, number, nullable=True, sql=lambda d: sql(d, number.sql(d)))

    return build


def _ln(d: Dialect, number: Sql) -> Sql:
    return d.null_if_nan(d.call("ln", null_if_zero(d, number)))


def _log10(d: Dialect, number: Sql) -> Sql:
    # polars divides logarithms, so that its log10(1000) is not quite 3.
    return d.null_if_nan(d.round(d.call("log10", null_if_zero(d, number)), 12))


def _power(base: Typed, exponent: Typed) -> Typed:
    base, exponent = _as_float(base), _as_float(exponent)
    source = code("{b}.pow({e})" + _FINITE, b=base.expr, e=exponent.argument)
    return derived(
        source,
        FLOAT64,
        base,
        exponent,
        nullable=True,
        sql=lambda d: finite(d, d.power(base.sql(d), exponent.sql(d))),
    )


def _abs(number: Typed) -> Typed:
    if number.type == INT64 and number.bound > INT64_MAX:
        # The magnitude of the smallest integer does not fit.
        source = code("{n}.cast(pl.Int128).abs()", n=number.expr)
        return derived(
            source,
            INT64,
            number,
            wide=True,
            bound=number.bound,
            sql=lambda d: d.call("abs", d.wide(number.sql(d))),
        )
    source = code("{n}.abs()", n=number.expr)

    def sql(d: Dialect) -> Sql:
        if number.type.name == "decimal":
            return d.abs_decimal(number.sql(d), number.type)
        return d.call("abs", number.sql(d))

    return derived(source, number.type, number, bound=number.bound, sql=sql)


def _round(number: Typed, digits: int) -> Typed:
    if not 0 <= digits <= 15:
        raise type_error("`digits` must be between 0 and 15.")
    if number.type == INT64 or (number.type.name == "decimal" and number.type.scale <= digits):
        return number
    room = _with_room(number)
    source = code('{n}.round({d}, mode="half_away_from_zero")', n=room.expr, d=lit(digits))
    kind = _grown(room.type)

    def sql(d: Dialect) -> Sql:
        if kind == FLOAT64:
            return d.round(room.sql(d), digits)
        return d.cast(d.call("round", room.sql(d), d.integer(digits)), kind)

    return derived(source, kind, room, sql=sql)


def _with_room(number: Typed) -> Typed:
    """Return a decimal with room for the digit that rounding may add; others as they are."""
    return fit(number, 37) if number.type.name == "decimal" else number


def _grown(kind: LogicalType) -> LogicalType:
    if kind.name != "decimal":
        return kind
    return LogicalType("decimal", kind.precision + 1, kind.scale)


def _whole(verb: str) -> Build:
    """Build ceil, floor and trunc: the type stays."""

    def build(number: Typed) -> Typed:
        if number.type == INT64 or (number.type.name == "decimal" and not number.type.scale):
            return number
        room = number if verb == "truncate" else _with_room(number)
        kind = number.type if verb == "truncate" else _grown(room.type)

        def sql(d: Dialect) -> Sql:
            if kind == FLOAT64:
                whole = {"ceil": d.ceil, "floor": d.floor, "truncate": d.trunc}[verb]
                return whole(room.sql(d))
            if verb == "truncate":
                return d.cast(d.trunc_decimal(room.sql(d)), kind)
            return d.cast(d.call(verb, room.sql(d)), kind)

        return derived(Code(f"{room.expr}.{verb}()"), kind, room, sql=sql)

    return build


def _sign(number: Typed) -> Typed:
    source = code("{n}.sign().cast({t}, strict=False)", n=number.expr, t=dtype(INT64))

    def sql(d: Dialect) -> Sql:
        value = d.null_if_nan(number.sql(d)) if number.type == FLOAT64 else number.sql(d)
        return d.cast(d.call("sign", value), INT64)

    nullable = number.nullable or number.type == FLOAT64
    return derived(source, INT64, number, nullable=nullable, bound=1, sql=sql)


def _mod(number: Typed, divisor: Typed) -> Typed:
    return arithmetic("%", number, divisor)


_LOG = null_unless(Code("{0}"), "x != 0")
for _name, _meaning, _build, _examples, _aliases in (
    ("abs", "The magnitude; the type stays.", _abs, (("abs(-3)", 3), ("abs(-1.5)", 1.5)), ()),
    (
        "ceil",
        "The next whole number that is not smaller; the type stays.",
        _whole("ceil"),
        (("ceil(1.2)", 2.0), ("ceil(-1.2)", -1.0)),
        ("ceiling",),
    ),
    (
        "floor",
        "The next whole number that is not larger; the type stays.",
        _whole("floor"),
        (("floor(1.8)", 1.0), ("floor(-1.2)", -2.0)),
        (),
    ),
    (
        "trunc",
        "The number without its fraction; the type stays.",
        _whole("truncate"),
        (("trunc(-1.8)", -1.0),),
        (),
    ),
):
    register(
        "numbers",
        _name,
        (NUMBER,),
        "as `number`",
        _meaning,
        *_examples,
        build=_build,
        aliases=_aliases,
    )
register(
    "numbers",
    "round",
    (NUMBER, Param("digits", "integer", constant=True, default=0)),
    "as `number`",
    "Rounded to so many digits behind the mark (0 to 15), half away from zero; float64 is rounded "
    "as it is stored, so 1.005 (in truth 1.00499…) gives 1.0. The type stays.",
    ("round(2.5)", 3.0),
    ("round(-2.5)", -3.0),
    ("round(3.14159, 2)", 3.14),
    build=_round,
)
register(
    "numbers",
    "sign",
    (NUMBER,),
    "int64",
    "-1, 0 or 1.",
    ("sign(-2.5)", -1),
    ("sign(0)", 0),
    build=_sign,
)
register(
    "numbers",
    "mod",
    (NUMBER, Param("divisor", "number")),
    "as `%`",
    "What is left of a division that rounds down, like `%`: it has the divisor's sign; null for 0.",
    ("mod(7, 3)", 1),
    ("mod(-7, 3)", 2),
    ("mod(1, 0)", None),
    build=_mod,
)
register(
    "numbers",
    "power",
    (NUMBER, Param("exponent", "number")),
    "float64",
    "The number to the power; null where there is no finite result.",
    ("power(2, 10)", 1024.0),
    ("power(0, -1)", None),
    ("power(-8, 0.5)", None),
    build=_power,
    aliases=("pow",),
)
register(
    "numbers",
    "sqrt",
    (NUMBER,),
    "float64",
    "The square root; null below 0.",
    ("sqrt(9)", 3.0),
    ("sqrt(-1)", None),
    build=_floating("{0}.sqrt().fill_nan(None)", lambda d, x: d.null_if_nan(d.call("sqrt", x))),
)
register(
    "numbers",
    "exp",
    (NUMBER,),
    "float64",
    "e to the power; null where it is too large.",
    ("exp(0)", 1.0),
    ("exp(1000)", None),
    build=_floating("{0}.exp()FINITE", lambda d, x: finite(d, d.call("exp", x))),
)
register(
    "numbers",
    "ln",
    (NUMBER,),
    "float64",
    "The natural logarithm; null for 0 and below.",
    ("ln(1)", 0.0),
    ("ln(0)", None),
    build=_floating(_LOG + ".log().fill_nan(None)", _ln),
)
register(
    "numbers",
    "log10",
    (NUMBER,),
    "float64",
    "The logarithm to the base 10, rounded to 12 digits behind the mark; null for 0 and below.",
    ("log10(1000)", 3.0),
    ("log10(-1)", None),
    build=_floating(_LOG + '.log10().round(12, mode="half_away_from_zero").fill_nan(None)', _log10),
)

"""round: numbers to digits or to multiples."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Columns, Step
from ai_data_engineer.spec.operators.checking import columns_of, retyped
from ai_data_engineer.spec.operators.figures import NUMBERS
from ai_data_engineer.spec.operators.formulas import formula, quoted
from ai_data_engineer.spec.operators.writing import local, with_columns
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

TO_MULTIPLE = """\
def {to_multiple}(number: pl.Expr, a: int, b: int) -> pl.Expr:
    parts = number.abs() * b
    below = (parts / a).floor()
    up = (parts - below * a) * 2 >= a
    return (below + up.cast(pl.Float64)) * a / b * number.sign()"""
"""To the nearest a/b. What is left over decides, for it is exact where a quotient is not: polars
divides by a number by multiplying with 1 / a, which puts 7.5 · 49 / 49 beside 7.5."""


class Round(Step):
    """Round numbers, where they stand, to so many digits or to the nearest multiple of a number.

    Half away from zero: 2.5 → 3, −2.5 → −3; to multiples of 0.25, 0.125 → 0.25. Types stay, but a
    decimal gets a digit more in front where rounding up may need it. Integers and decimals are
    rounded exactly, and null where the result does not fit. float64 is rounded to digits like
    `round(number, digits)`; to the multiple a/b in lowest terms, as often as a/b fits into the
    magnitude, and once more where what is left of magnitude · b is a/2 or more.
    """

    op: Literal["round"] = "round"
    columns: Columns
    """Columns of numbers to round."""
    digits: int | None = Field(None, ge=-18, le=15)
    """Digits behind the mark; negative before it: −3 rounds to thousands."""
    multiple: float | None = Field(None, gt=0, le=1e15)
    """What the results are multiples of, such as 0.05 or 15; give this or `digits`."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"columns": ["net", "tax"], "digits": 2},
        {"columns": ["price"], "multiple": 0.05},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        if (self.digits is None) == (self.multiple is None):
            findings.at("digits").error(
                "E_PARAMETERS", "Rounded to what?", "Give `digits` or `multiple`."
            )
            return None
        at = findings.at("columns")
        good = columns_of(inputs[0], self.columns, at, types=NUMBERS)
        columns = dict(inputs[0])
        for name in self.columns:
            if name in columns and columns[name].type.is_numeric:
                good &= self._fits(name, columns[name].type, findings.at("multiple"))
        if not good:
            return None
        for name in self.columns:
            column = columns[name]
            to, may_miss = self._result(column.type)
            columns[name] = retyped(column, to, nullable=column.nullable or may_miss)
        return Schema(columns)

    def _fits(self, name: str, of: LogicalType, findings: Findings) -> bool:
        """Check that a column of exact numbers can hold multiples of `multiple`."""
        if self.multiple is None or of == FLOAT64 or _places(self._unit) <= of.scale:
            return True
        findings.error(
            "E_VALUE",
            f"`{name}` is {of}, which does not hold multiples of {self.multiple}.",
            "Put a `cast` step before: to float64, or a decimal with more digits behind the mark.",
        )
        return False

    @property
    def _unit(self) -> Decimal:
        """What the results are multiples of."""
        if self.multiple is not None:
            return Decimal(str(self.multiple)).normalize()
        assert self.digits is not None
        return Decimal(1).scaleb(-self.digits)

    def _stays(self, of: LogicalType) -> bool:
        """Return whether all numbers of an exact type are such multiples already."""
        return of != FLOAT64 and self.digits is not None and self.digits >= of.scale

    def _result(self, of: LogicalType) -> tuple[LogicalType, bool]:
        """Return the type of the results, and whether one may not fit into it."""
        if of == FLOAT64 or self._stays(of):
            return of, False
        if of == INT64:
            return of, self._unit > 1
        whole = max(of.precision - of.scale, self._unit.adjusted() + 1) + 1
        precision = min(whole + of.scale, 38)
        return LogicalType("decimal", precision, of.scale), precision - of.scale < whole

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        to_multiple = local("to_multiple", inputs)
        rounded: dict[str, Code] = {}
        before: tuple[Code, ...] = ()
        for name in self.columns:
            of = schemas[0][name].type
            if self._stays(of):
                continue
            if self.digits is not None and self.digits >= 0:
                rounded[name] = formula(self._formula(name), schemas[0]).polars
            elif of == FLOAT64:
                rounded[name] = self._rounded_float(name, to_multiple)
                before = (code(TO_MULTIPLE, to_multiple=to_multiple),)
            else:
                rounded[name] = self._rounded_exactly(name, of)
        return StepCode(with_columns(inputs[0], rounded) if rounded else inputs[0], before)

    def _rounded_float(self, name: str, to_multiple: Code) -> Code:
        a, b = Fraction(self._unit).as_integer_ratio()
        rounded = code("{f}({c}, {a}, {b})", f=to_multiple, c=col(name), a=lit(a), b=lit(b))
        if b == 1:
            return rounded
        places = lit(_places(self._unit))
        return code("{r}.round({places})", r=rounded, places=places)

    def _rounded_exactly(self, name: str, of: LogicalType) -> Code:
        to, _ = self._result(of)
        if of == INT64:
            unit, double = lit(int(self._unit)), lit(2 * int(self._unit))
            number = code("{c}.cast(pl.Int128)", c=col(name))
        else:
            exact = self._unit.quantize(Decimal(1).scaleb(-of.scale))
            unit, double = lit(exact), lit(2 * exact)
            room = dtype(LogicalType("decimal", 37, of.scale))
            number = code("{c}.cast({room}, strict=False)", c=col(name), room=room)
        return code(
            "(({number}.abs() * 2 + {unit}) // {double} * {unit} * {c}.sign())"
            ".cast({to}, strict=False)",
            number=number,
            unit=unit,
            double=double,
            c=col(name),
            to=dtype(to),
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows, rounded = inputs[0], {}
        for name in self.columns:
            of = rows.schema[name].type
            if self._stays(of):
                continue
            if of == FLOAT64 or (self.digits is not None and self.digits >= 0):
                rounded[name] = formula(self._formula(name), rows.schema).sql(dialect)
            else:
                rounded[name] = self._rounded_exactly_in_sql(name, of, dialect)
        return row_wise(dialect, rows, rounded)

    def _formula(self, name: str) -> str:
        number = quoted(name)
        if self.digits is not None and self.digits >= 0:
            return f"round({number}, {self.digits})"
        a, b = Fraction(self._unit).as_integer_ratio()
        parts = f"abs({number}) * {b}"
        below = f"floor({parts} / {a})"
        up = f"CASE WHEN ({parts} - {below} * {a}) * 2 >= {a} THEN 1 ELSE 0 END"
        rounded = f"({below} + {up}) * {a} / {b} * CASE WHEN {number} < 0 THEN -1 ELSE 1 END"
        return rounded if b == 1 else f"round({rounded}, {_places(self._unit)})"

    def _rounded_exactly_in_sql(self, name: str, of: LogicalType, dialect: Dialect) -> Sql:
        to, _ = self._result(of)
        if of == INT64:
            unit = dialect.wide(dialect.literal(int(self._unit), INT64))
            number = dialect.wide(dialect.column(name))
        else:
            room = LogicalType("decimal", 37, of.scale)
            unit = dialect.literal(self._unit.quantize(Decimal(1).scaleb(-of.scale)), room)
            number = dialect.try_cast(dialect.column(name), room)
        # The rest has the number's sign, other than in polars.
        rest = dialect.binary(exp.Mod, number, unit)
        double = dialect.binary(exp.Add, rest, rest.copy())
        minus = exp.Neg(this=unit.copy())
        step = dialect.case(
            (dialect.binary(exp.GTE, double, unit.copy()), unit.copy()),
            (dialect.binary(exp.LTE, double.copy(), minus), minus.copy()),
            otherwise=dialect.binary(exp.Sub, unit.copy(), unit.copy()),
        )
        whole = dialect.binary(exp.Sub, number.copy(), rest.copy())
        return dialect.try_cast(dialect.binary(exp.Add, whole, step), to)


def _places(unit: Decimal) -> int:
    exponent = unit.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(-exponent, 0)

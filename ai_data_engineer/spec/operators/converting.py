"""What `cast` and `parse_date` share: columns replaced by converted ones, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.operators.base import OnError
from ai_data_engineer.spec.operators.writing import local, with_columns
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    REASON,
    Relation,
    StepSql,
    as_they_are,
    carry_order,
    free_name,
    helper,
    in_order,
    row_wise,
    select,
)
from ai_data_engineer.types import LogicalType


@dataclass(frozen=True)
class Conversion:
    """How a column becomes another type."""

    to: LogicalType
    missing: Code
    """Whether the value is missing before: that is not a failure."""
    converted: Code
    """The value; null where it does not convert."""


def convert_columns(
    rows: Code, conversions: Mapping[str, Conversion], on_error: OnError
) -> StepCode:
    """Return the step that replaces the columns and treats what does not convert as asked."""
    if not conversions:
        return StepCode(rows)
    if on_error == "null":
        return StepCode(with_columns(rows, {n: c.converted for n, c in conversions.items()}))
    converted, checked = local("converted", [rows]), local("checked", [rows])
    before: tuple[Code, ...] = (
        code("{converted} = {all}", converted=converted, all=_by_name(conversions)),
        code(
            "{checked} = {rows}.with_columns(__reason={reason})",
            checked=checked,
            rows=rows,
            reason=_reason(conversions, converted),
        ),
    )
    template = '{checked}.filter(pl.col("__reason").is_null()).drop("__reason")'
    rejects = code('{checked}.filter(pl.col("__reason").is_not_null())', checked=checked)
    if on_error == "fail":
        refuse = local("refuse_failures", [rows])
        before = (code(STOP, refuse=refuse), *before)
        checked = code("{checked}.map_batches({f}, streamable=True)", checked=checked, f=refuse)
        template = '{checked}.drop("__reason")'
    result = code(
        template + ".with_columns({columns})",
        checked=checked,
        columns=_unpacked(converted, "self" in conversions),
    )
    return StepCode(result, before, rejects if on_error == "quarantine" else None)


def _by_name(conversions: Mapping[str, Conversion]) -> Code:
    pairs = (code("{n}: {e}", n=lit(n), e=c.converted) for n, c in conversions.items())
    return code("{{{pairs}}}", pairs=join(pairs))


def _unpacked(converted: Code, by_alias: bool) -> Code:
    """Return a dict of expressions as arguments; a column `self` cannot be a keyword."""
    if by_alias:
        return code("[e.alias(n) for n, e in {converted}.items()]", converted=converted)
    return code("**{converted}", converted=converted)


STOP = """\
def {refuse}(batch: pl.DataFrame) -> pl.DataFrame:
    reasons = batch["__reason"].drop_nulls()
    if len(reasons) > 0:
        raise ValueError(f"E_CONVERSION {{reasons[0]}}")
    return batch"""


@dataclass(frozen=True)
class SqlConversion:
    """How a column becomes another type, in SQL."""

    to: LogicalType
    missing: Sql
    converted: Sql


def convert_columns_sql(
    d: Dialect,
    rows: Relation,
    conversions: Mapping[str, SqlConversion],
    on_error: OnError,
    step_id: str,
) -> StepSql:
    """Return the step that `convert_columns` returns, as queries.

    Unless what does not convert becomes null, all rows are first `converted` beside what they were
    made from, then `checked`: `__reason` says what failed.
    """
    if on_error == "null" or not conversions:
        return row_wise(d, rows, {name: c.converted for name, c in conversions.items()})
    given = as_they_are(d, rows)
    beside: dict[str, str] = {}
    for name in conversions:
        beside[name] = free_name("__converted", {*given, *beside.values()})
    made = {beside[name]: c.converted for name, c in conversions.items()}
    converted, checked = helper("converted", step_id), helper("checked", step_id)
    both = {name: d.column(name) for name in (*given, *made)}
    failures = (
        (
            d.both(d.is_null(d.column(beside[name])), d.negate(c.missing)),
            d.string(f"{name}: not {article(c.to)} {c.to}"),
        )
        for name, c in conversions.items()
    )
    helpers = {
        "converted": select(d, rows.name, {**given, **made}),
        "checked": select(d, converted, {**both, REASON: d.case(*failures)}),
    }
    order, carried = carry_order(d, rows, set(conversions))
    replaced = {name: d.column(beside.get(name, name)) for name in given}
    result = select(d, checked, {**replaced, **carried})
    failed = d.is_not_null(d.column(REASON))
    if on_error == "quarantine":
        result.set("where", exp.Where(this=d.is_null(d.column(REASON))))
        rejects = select(
            d, checked, {**as_they_are(d, rows), REASON: d.column(REASON)}, where=failed
        )
        return StepSql(result, order, helpers, rejects=rejects)
    reason = d.joined(d.string("E_CONVERSION "), d.column(REASON))
    first = in_order(d, rows, select(d, checked, {REASON: reason}, where=failed))
    return StepSql(result, order, helpers, violations=first.limit(1))


def _reason(conversions: Mapping[str, Conversion], converted: Code) -> Code:
    """Return the first failure of a row as text, null where there is none."""
    reasons = [
        code(
            "pl.when(~{missing} & {converted}[{name}].is_null()).then(pl.lit({reason}))",
            missing=c.missing,
            converted=converted,
            name=lit(name),
            reason=lit(f"{name}: not {article(c.to)} {c.to}"),
        )
        for name, c in conversions.items()
    ]
    return reasons[0] if len(reasons) == 1 else code("pl.coalesce({all})", all=join(reasons))


def article(of: LogicalType) -> str:
    """Return the indefinite article for a type's name."""
    return "an" if of.name[0] in "aeiou" else "a"


def is_null(column: str) -> Code:
    """Return `pl.col(…).is_null()`."""
    return code("{column}.is_null()", column=col(column))

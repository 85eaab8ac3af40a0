"""Rows of one input held against those of another: what the set operators share."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.spec.operators.checking import all_groupable
from ai_data_engineer.spec.operators.writing import names
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import (
    Relation,
    StepSql,
    as_they_are,
    exists,
    free_name,
    helper,
    numbered,
    select,
)


def comparable(left: Schema, right: Schema, findings: Findings) -> bool:
    """Check that both inputs have the same columns, of types that rows can be compared by."""
    good = all_groupable(left, list(left), findings.at("inputs", 0))
    at = findings.at("inputs", 1)
    for name, column in left.items():
        other = right.get(name)
        if other is None:
            good = False
            at.error("E_UNKNOWN_COLUMN", f"There is no column `{name}` here.", nearest(name, right))
        elif other.type != column.type:
            good = False
            at.error(
                "E_TYPE_CONFLICT",
                f"`{name}` is {other.type} here and {column.type} in the first input.",
                "Put a `cast` step before.",
            )
    if more := [name for name in right if name not in left]:
        good = False
        at.error(
            "E_TYPE_CONFLICT",
            f"The first input has no column `{more[0]}`.",
            "Select the same columns before.",
        )
    return good


def distinct_rows(left: Code, right: Code, schema: Schema, how: str) -> StepCode:
    """Return the distinct rows of `left` that have (semi), or have not (anti), one in `right`."""
    return StepCode(
        code(
            "{left}.unique(maintain_order=True)"
            '.join({right}, on=[{columns}], how={how}, nulls_equal=True, maintain_order="left")',
            left=left,
            right=right,
            columns=names(schema),
            how=lit(how),
        )
    )


def sql_of_distinct_rows(
    step_id: str, left: Relation, right: Relation, dialect: Dialect, *, having: bool
) -> StepSql:
    """Return the distinct rows of `left` that have, or have not, an equal one in `right`."""
    name, place = helper("numbered", step_id), free_name("__place", left.hidden)
    equal = dialect.both(
        *(
            dialect.equal_or_both_null(dialect.column(c, name), dialect.column(c, right.name))
            for c in left.schema
        )
    )
    found = exists(dialect, right.name, equal)
    first = dialect.binary(exp.EQ, dialect.column(place), dialect.integer(1))
    where = dialect.both(first, found if having else dialect.negate(found))
    return StepSql(
        select(dialect, name, as_they_are(dialect, left), where=where),
        left.order,
        helpers={"numbered": numbered(dialect, left, list(left.schema), left.order, place)},
    )

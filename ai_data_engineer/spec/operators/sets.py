"""Rows of one input held against those of another: what the set operators share."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.spec.operators.checking import all_groupable
from ai_data_engineer.spec.operators.writing import names
from ai_data_engineer.spec.schema import Schema


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

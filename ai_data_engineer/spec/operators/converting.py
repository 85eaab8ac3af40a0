"""What `cast` and `parse_date` share: columns replaced by converted ones, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.operators.base import OnError
from ai_data_engineer.spec.operators.writing import atom, local, with_columns
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
    converted = {name: c.converted for name, c in conversions.items()}
    if on_error == "null":
        return StepCode(with_columns(rows, converted))
    checked = local("checked", [rows])
    judge = code(
        "{checked} = {rows}.with_columns(__reason={reason})",
        checked=checked,
        rows=rows,
        reason=_reason(conversions),
    )
    if on_error == "quarantine":
        kept = code(
            '{checked}.filter(pl.col("__reason").is_null()).drop("__reason")', checked=checked
        )
        failed = code('{checked}.filter(pl.col("__reason").is_not_null())', checked=checked)
        return StepCode(with_columns(kept, converted), before=(judge,), rejects=failed)
    refuse = local("refuse_failures", [rows])
    stop = code(STOP, refuse=refuse)
    passed = code(
        '{checked}.map_batches({refuse}, streamable=True).drop("__reason")',
        checked=checked,
        refuse=refuse,
    )
    return StepCode(with_columns(passed, converted), before=(stop, judge))


STOP = """\
def {refuse}(batch: pl.DataFrame) -> pl.DataFrame:
    reasons = batch["__reason"].drop_nulls()
    if len(reasons) > 0:
        raise ValueError(f"E_CONVERSION {{reasons[0]}}")
    return batch"""


def _reason(conversions: Mapping[str, Conversion]) -> Code:
    """Return the first failure of a row as text, null where there is none."""
    reasons = [
        code(
            "pl.when({missing}.not_() & {converted}.is_null()).then(pl.lit({reason}))",
            missing=atom(c.missing),
            converted=atom(c.converted),
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

"""What depends on no column is worked out while compiling: `upper('a')` becomes `"A"`.

It reads better, and polars has corners (a zip of unequal lengths, a panic in a bitmap) that only
scalars among columns reach.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import polars as pl
from polars.exceptions import PolarsError

from ai_data_engineer.spec.expressions.typed import Typed, literal


def fold(part: Typed) -> Typed:
    """Return a part without columns as the literal that it comes to; others as they are."""
    if part.columns or part.is_literal or part.type.is_nested or part.type.name == "binary":
        return part
    part = part.done
    try:
        # Source of ours over literals: every text in it went through `lit`.
        names = {"pl": pl, "dt": dt, "Decimal": Decimal}
        value = pl.select(eval(part.code, names)).item()  # noqa: S307
    except (PolarsError, ValueError, OverflowError):
        # A date beyond the year 9999, say, that Python cannot hold.
        return part
    if isinstance(value, float) and not math.isfinite(value):
        return part
    if isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC)
    return literal(value, part.type, value if isinstance(value, Decimal) else None)

"""Steps that look at rows in an order and leave them where they stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ai_data_engineer.spec.code import Code, code
from ai_data_engineer.spec.operators.base import SortKey
from ai_data_engineer.spec.operators.writing import sort, with_columns


def in_order(rows: Code, keys: Sequence[SortKey], columns: Mapping[str, Code]) -> Code:
    """Return code that computes columns over the rows in an order and restores theirs.

    With keys, `__row` is the row's place before sorting and `__place` its place in the order.
    """
    if not keys:
        return with_columns(rows, columns)
    ordered = code(
        '{sorted}.with_row_index("__place")',
        sorted=sort(code('{rows}.with_row_index("__row")', rows=rows), keys),
    )
    return code(
        '{computed}.sort("__row").drop("__row", "__place")', computed=with_columns(ordered, columns)
    )

"""Steps that look at rows in an order and leave them where they stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ai_data_engineer.spec.code import Code, code
from ai_data_engineer.spec.operators.base import SortKey
from ai_data_engineer.spec.operators.writing import sort, with_columns, within


def in_order(
    rows: Code, partition: Sequence[str], keys: Sequence[SortKey], columns: Mapping[str, Code]
) -> Code:
    """Return code that computes columns over the rows of partitions in an order.

    The rows are sorted for it and put back where they stood.
    """
    indexed = code('{rows}.with_row_index("__row")', rows=rows)
    ordered = sort(indexed, within(partition, keys))
    return code('{computed}.sort("__row").drop("__row")', computed=with_columns(ordered, columns))

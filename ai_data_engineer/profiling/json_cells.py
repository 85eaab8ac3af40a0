"""JSON inside the cells of a table: what lies in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import orjson
import polars as pl

from ai_data_engineer.profiling.columns import ColumnSource
from ai_data_engineer.profiling.profile import ColumnProfile, ProfileWarning
from ai_data_engineer.profiling.warning_codes import warning

_LOOKED_AT = 100
_MOST_NAMES = 5


def json_cell_warnings(
    profile: ColumnProfile, source: ColumnSource, cells: pl.Series
) -> list[ProfileWarning]:
    """Return the warning about a column of JSON texts; in JSON itself such a column is no news."""
    if profile.semantic != "json" or source.path or cells.dtype != pl.String:
        return []
    found = warning("W_JSON_CELLS", _inside(cells.drop_nulls().head(_LOOKED_AT)))
    return [found.model_copy(update={"column": profile.name})]


def _inside(cells: Iterable[str]) -> str:
    """Return what is in the texts: arrays, or objects and the members that most of them have."""
    values = [value for cell in cells if (value := _parsed(cell)) is not None]
    arrays = sum(isinstance(value, list) for value in values)
    items = [v for value in values for v in (value if isinstance(value, list) else [value])]
    objects = [item for item in items if isinstance(item, dict)]
    counts = Counter(name for item in objects for name in item)
    names = [f"`{n}`" for n, count in counts.most_common(_MOST_NAMES) if 2 * count > len(objects)]
    of_what = f"objects with {', '.join(names)}" if names else "objects" if objects else "values"
    if arrays == len(values):
        return f"Arrays of {of_what}."
    return f"{of_what[0].upper()}{of_what[1:]}."


def _parsed(cell: str) -> Any:
    try:
        return orjson.loads(cell)
    except ValueError:
        return None

"""Small charts of a column, without a number on them: they show a shape and no value."""

from __future__ import annotations

from collections.abc import Sequence

from ai_data_engineer.profiling.profile import ColumnProfile
from tasks.artifacts.markdown import Raw, picture

_WIDTH, _HEIGHT = 120, 28
# Seen on white as well as on black.
_VALUES, _MISSING, _RAIL = "#3b82f6", "#f59e0b", "#94a3b8"


def distribution(column: ColumnProfile) -> Raw:
    """Return the histogram of a column, else how often its most frequent values occur.

    Nothing is drawn for personal data, nor where there is nothing to be seen.
    """
    if column.pii or column.is_constant:
        return Raw("")
    if column.histogram:
        bins = [found.count for found in column.histogram]
        return picture(_bars(bins, gap=0), f"histogram of {len(bins)} bins")
    if column.type.is_temporal or len(column.top_values) < 2:
        return Raw("")
    counts = [found.count for found in column.top_values]
    return picture(_bars(counts, gap=2), f"the {len(counts)} most frequent values")


def missing(column: ColumnProfile, records: int) -> Raw:
    """Return the share of missing values, in words and as a bar."""
    if not records:
        return Raw("")
    share = column.null_count / records
    told = "none" if not share else f"{share:.1%}" if share >= 0.001 else "< 0.1%"
    width = max(2.0, _WIDTH / 2 * share) if share else 0.0
    bar = _svg(
        f'<rect width="{_WIDTH / 2}" height="6" rx="3" fill="{_RAIL}" opacity=".4"/>'
        f'<rect width="{width:.1f}" height="6" rx="3" fill="{_MISSING}"/>',
        _WIDTH / 2,
        6,
    )
    return Raw(f"{picture(bar, told)} {told}")


def _bars(counts: Sequence[int], gap: float) -> str:
    highest, step = max(counts) or 1, _WIDTH / len(counts)
    bars = "".join(
        f'<rect x="{place * step:.1f}" y="{_HEIGHT - height:.1f}" width="{step - gap:.1f}" '
        f'height="{height:.1f}"/>'
        for place, found in enumerate(counts)
        # A bin that holds anything is seen.
        for height in [max(1.0, _HEIGHT * found / highest) if found else 0.0]
    )
    return _svg(f'<g fill="{_VALUES}">{bars}</g>', _WIDTH, _HEIGHT)


def _svg(drawn: str, width: float, height: float) -> str:
    size = f'width="{width:g}" height="{height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}</svg>'

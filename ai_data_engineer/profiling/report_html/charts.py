"""Charts as SVG. They are drawn from numbers alone; what they show, the page also says in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup

from ai_data_engineer.profiling.profile import HistogramBin
from ai_data_engineer.profiling.report_html.text import count, value

Told = Callable[[float], str]

_HEIGHT = 100
"""Of a histogram, in its own units; a bin is 10 wide."""
_SPARK_HEIGHT = 16


def spark(counts: Sequence[int], kind: str = "") -> Markup:
    """Return a small chart of bars for a row: a single path, for a page has thousands of them."""
    highest = max(counts, default=0)
    if not highest:
        return Markup("")
    steps, below = [], 0
    for found in counts:
        # A bin that holds anything is seen.
        height = max(1, round(_SPARK_HEIGHT * found / highest)) if found else 0
        steps.append(f"v{below - height}h1" if height != below else "h1")
        below = height
    path = _joined(steps) + f"V{_SPARK_HEIGHT}z"
    return _drawn(
        f'<svg class="spark {kind}" viewBox="0 0 {len(counts)} {_SPARK_HEIGHT}"'
        f' preserveAspectRatio="none" aria-hidden="true"><path d="M0 {_SPARK_HEIGHT}{path}"/></svg>'
    )


def _joined(steps: Sequence[str]) -> str:
    """Return path commands in one text, steps along one height joined to one."""
    joined: list[str] = []
    for step in steps:
        if step == "h1" and joined:
            head, _, width = joined[-1].rpartition("h")
            joined[-1] = f"{head}h{int(width) + 1}"
        else:
            joined.append(step)
    return "".join(joined)


def bar(part: float, total: float) -> Markup:
    """Return a bar that is filled by the share of a part."""
    percent = 100 * part / total if total else 0
    return _drawn(
        f'<svg class="bar" aria-hidden="true"><rect width="{percent:.1f}%" height="100%"/></svg>'
    )


def histogram(bins: Sequence[HistogramBin], told: Told = value) -> Markup:
    """Return the bars of a histogram, each with its range and its count as a tooltip.

    `told` writes an edge of a bin.
    """
    highest = max(found.count for found in bins) or 1
    bars = "".join(
        f'<rect x="{10 * place}" y="{_HEIGHT - height}" width="9.4" height="{height}"><title>'
        f"{told(found.low)} to {told(found.high)}: {found.count:,}</title></rect>"
        for place, found in enumerate(bins)
        for height in [max(1.5, round(_HEIGHT * found.count / highest, 1)) if found.count else 0]
    )
    return _drawn(
        f'<svg class="histogram" role="img" aria-label="{described(bins, told)}"'
        f' viewBox="0 0 {10 * len(bins)} {_HEIGHT}" preserveAspectRatio="none">{bars}</svg>'
    )


def described(bins: Sequence[HistogramBin], told: Told = value) -> str:
    """Return in words what a histogram shows."""
    fullest = max(bins, key=lambda found: found.count)
    return (
        f"Histogram of {len(bins)} bins from {told(bins[0].low)} to {told(bins[-1].high)}; "
        f"the fullest, {told(fullest.low)} to {told(fullest.high)}, holds {count(fullest.count)}."
    )


def box(quantiles: Mapping[str, float], low: float, high: float) -> Markup:
    """Return a box plot: whiskers from 5 to 95 %, a box from 25 to 75 %, a line at the median.

    It is as wide as a histogram from `low` to `high`.
    """
    width = high - low
    named = [quantiles.get(q) for q in ("0.05", "0.25", "0.5", "0.75", "0.95")]
    if not width > 0 or None in named:
        return Markup("")
    p5, p25, p50, p75, p95 = (100 * (float(q or 0) - low) / width for q in named)
    words = "Box plot: a line from 5 % to 95 % of the values, a box around the middle half."
    return _drawn(
        f'<svg class="box" role="img" aria-label="{words}" viewBox="0 0 100 10"'
        f' preserveAspectRatio="none"><path class="whisker" d="M{p5:.2f} 5H{p95:.2f}"/>'
        f'<rect x="{p25:.2f}" y="1" width="{p75 - p25:.2f}" height="8"/>'
        f'<path class="median" d="M{p50:.2f} 0V10"/></svg>'
    )


def overlay(
    before: Sequence[HistogramBin], after: Sequence[HistogramBin], told: Told = value
) -> Markup:
    """Return two histograms over one range: the first as a line, the second filled.

    Heights are densities, for bins of the two are of other widths.
    """
    low, high = min(before[0].low, after[0].low), max(before[-1].high, after[-1].high)
    drawn = [_densities(before), _densities(after)]
    highest = max(density for steps in drawn for _, _, density in steps)
    if not (high > low and highest > 0):
        return Markup("")
    one, other = (_outline(steps, low, high, highest) for steps in drawn)
    return _drawn(
        f'<svg class="histogram overlay" role="img" viewBox="0 0 100 {_HEIGHT}"'
        f' preserveAspectRatio="none" aria-label="Before: {described(before, told)} After:'
        f' {described(after, told)}"><path d="{other}"/><path class="before" d="{one}"/></svg>'
    )


def _densities(bins: Sequence[HistogramBin]) -> list[tuple[float, float, float]]:
    """Return low, high and share by width of each bin."""
    total = sum(found.count for found in bins) or 1
    return [(b.low, b.high, b.count / total / (b.high - b.low)) for b in bins if b.high > b.low]


def _outline(
    steps: Sequence[tuple[float, float, float]], low: float, high: float, highest: float
) -> str:
    path, at = "", ""
    for left, right, density in steps:
        y = _HEIGHT * (1 - density / highest)
        x, at = (f"{100 * (edge - low) / (high - low):.2f}" for edge in (left, right))
        path += f"{'V' if path else f'M{x} {_HEIGHT}V'}{y:.1f}H{at}"
    return f"{path}V{_HEIGHT}"


def strip(shares: Sequence[float], at_most: int = 400) -> Markup:
    """Return a strip along the columns of a table: how much is missing in each.

    Where there are more columns than `at_most`, each step shows the worst of several.
    """
    steps = min(at_most, len(shares))
    places = [round(i * len(shares) / steps) for i in range(steps + 1)] if steps else []
    worst = [max(shares[one:other]) for one, other in pairwise(places)]
    path = "".join(
        f"M{i} 20V{20 - max(1, round(20 * found))}h1V20z" for i, found in enumerate(worst) if found
    )
    return _drawn(
        f'<svg class="strip" viewBox="0 0 {max(1, steps)} 20" preserveAspectRatio="none"'
        f' aria-hidden="true"><path d="{path}"/></svg>'
    )


def _drawn(svg: str) -> Markup:
    """Mark a chart as safe: there is nothing in it but numbers and words of ours."""
    return Markup(svg)  # noqa: S704

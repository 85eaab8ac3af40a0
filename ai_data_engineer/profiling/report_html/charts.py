"""Charts as SVG. They are drawn from numbers alone; what they show, the page also says in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from ai_data_engineer.profiling.profile import HistogramBin
from ai_data_engineer.profiling.report_html.text import count, value

_HEIGHT = 100
"""Of a histogram, in its own units; a bin is 10 wide."""
_SPARK_HEIGHT = 16


def spark(counts: Sequence[int]) -> Markup:
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
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="M0 {}{}"/></svg>'
    ).format(len(counts), _SPARK_HEIGHT, _SPARK_HEIGHT, path)


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


def bar(part: float, total: float, kind: str = "") -> Markup:
    """Return a bar that is filled by the share of a part."""
    percent = 100 * part / total if total else 0
    return Markup(
        '<svg class="bar {}" aria-hidden="true"><rect width="{:.1f}%" height="100%"/></svg>'
    ).format(kind, percent)


def histogram(bins: Sequence[HistogramBin]) -> Markup:
    """Return the bars of a histogram, each with its range and its count as a tooltip."""
    highest = max(found.count for found in bins) or 1
    bars = Markup("").join(
        Markup('<rect x="{}" y="{}" width="9.4" height="{}"><title>{}</title></rect>').format(
            10 * place,
            _HEIGHT - height,
            height,
            f"{value(found.low)} to {value(found.high)}: {count(found.count)}",
        )
        for place, found in enumerate(bins)
        for height in [max(1.5, round(_HEIGHT * found.count / highest, 1)) if found.count else 0]
    )
    return Markup(
        '<svg class="histogram" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' preserveAspectRatio="none">{}</svg>'
    ).format(described(bins), 10 * len(bins), _HEIGHT, bars)


def described(bins: Sequence[HistogramBin]) -> str:
    """Return in words what a histogram shows."""
    fullest = max(bins, key=lambda found: found.count)
    return (
        f"Histogram of {len(bins)} bins from {value(bins[0].low)} to {value(bins[-1].high)}; "
        f"the fullest, {value(fullest.low)} to {value(fullest.high)}, holds {count(fullest.count)}."
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
    return Markup(
        '<svg class="box" role="img" aria-label="{}" viewBox="0 0 100 10" preserveAspectRatio="none">'
        '<path class="whisker" d="M{:.2f} 5H{:.2f}"/>'
        '<rect x="{:.2f}" y="1" width="{:.2f}" height="8"/>'
        '<path class="median" d="M{:.2f} 0V10"/></svg>'
    ).format(
        "Box plot: 5 % to 95 % of the values as a line, the middle half as a box, the median in it.",
        p5,
        p95,
        p25,
        p75 - p25,
        p50,
    )


def strip(shares: Sequence[float], at_most: int = 400) -> Markup:
    """Return a strip along the columns of a table: how much is missing in each.

    Where there are more columns than `at_most`, each step shows the worst of several.
    """
    steps = min(at_most, len(shares))
    places = [round(i * len(shares) / steps) for i in range(steps + 1)] if steps else []
    worst = [max(shares[one:other]) for one, other in zip(places, places[1:], strict=False)]
    path = "".join(
        f"M{i} 20V{20 - max(1, round(20 * found))}h1V20z" for i, found in enumerate(worst) if found
    )
    return Markup(
        '<svg class="strip" viewBox="0 0 {} 20" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="{}"/></svg>'
    ).format(max(1, steps), path)

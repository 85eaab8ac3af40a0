"""What `/metrics` says, in Prometheus' form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from ai_data_engineer import __version__
from ai_data_engineer.metrics import catalogue
from ai_data_engineer.metrics.tally import Tally
from deployments.exporter.looking import Looks, Seen

INTERNAL = ("figures", "ended runs", "budget")
"""Looks for figures alone: when one fails, runs do not."""


class Figures(Collector):
    """The catalogue's metrics; one that is not known now, because its source is gone, is absent."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks

    def collect(self) -> Iterator[Metric]:
        """Yield each metric of the catalogue with its series."""
        seen = self._looks.take()
        tally, gauges = Tally(), dict[tuple[str, tuple[str, ...]], float]()
        for look in seen.values():
            tally.add_all(look.figures.counts)
            gauges |= look.gauges
        for name, look in seen.items():
            gauges[catalogue.READY.name, (name.replace(" ", "_"),)] = float(not look.problem)
        gauges[catalogue.BUILD.name, (__version__,)] = 1
        known = _is_known(seen)
        for metric in catalogue.METRICS.values():
            if metric in catalogue.KEPT and not known:
                continue  # 0 would look as if counters had begun anew
            yield _family(metric, tally, gauges)


def _is_known(seen: Mapping[str, Seen]) -> bool:
    return not seen["figures"].problem


def _family(
    metric: catalogue.Metric, tally: Tally, gauges: Mapping[tuple[str, tuple[str, ...]], float]
) -> Metric:
    series = {k[1]: v for k, v in sorted(tally.counts.items()) if k[0] == metric.name}
    if metric.kind == "counter":
        counter = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
        if not metric.labels:
            series = series or {(): [0.0]}
        for labels, (count,) in series.items():
            counter.add_metric(labels, count)
        return counter
    if metric.kind == "histogram":
        histogram = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
        bounds = [*(f"{bound:g}" for bound in metric.buckets), "+Inf"]
        for labels, counts in series.items():
            up_to = accumulate(counts[:-1])
            histogram.add_metric(labels, [*zip(bounds, up_to, strict=True)], counts[-1])
        return histogram
    gauge = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
    found = {k[1]: v for k, v in gauges.items() if k[0] == metric.name}
    for labels, value in {**{k: v[0] for k, v in series.items()}, **found}.items():
        gauge.add_metric(labels, value)
    return gauge

"""How many workers so many files a day need: by formula, then by simulating the day.

`python -m benchmarks.capacity [--write]` prints the tables of `docs/capacity.md` (`--write` puts
them there) from the costs in `benchmarks/stage_costs.json`. `--files 20000 --workers 10` simulates
one case of your own.

The formula sizes: the mean wait in a queue M/G/c is about (1 + C²)/2 times that of M/M/c, where C
is the coefficient of variation of the service time (Allen–Cunneen: A. O. Allen, Probability,
Statistics, and Queueing Theory, 2nd ed. 1990, 5.3; W. Whitt, Approximations for the GI/G/m queue,
Production and Operations Management 2(2), 1993), and M/M/c waits as Erlang C says. The simulation
checks: Poisson arrivals with a daily peak, two priorities, runs that die and are run again.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

COSTS = Path(__file__).with_name("stage_costs.json")
PAGE = Path(__file__).parents[1] / "docs" / "capacity.md"
BEGIN, END = "<!-- benchmarks.capacity: begin -->\n", "<!-- benchmarks.capacity: end -->\n"

DAY = 86_400.0
PEAK = 3.0
"""The busiest hour brings this many times the mean."""
TARGET = 0.7
"""At most this share of the slots is busy at the peak."""
MAX_WAIT = 60.0
"""Seconds that a file may wait on average at the peak."""
MIX = {"10KB": 0.70, "10MB": 0.28, "1GB": 0.02}
"""How many of the files are of which class of size."""
_SMALLEST = "10KB"
KNOWN = 0.3
"""Share of the files whose content was seen before: they are served from the cache."""
URGENT = 0.05
"""Share of the runs that a person asks for, which the queue `urgent` takes first."""
DIES = 0.002
"""Share of the runs that are killed (machine, memory) and are run again."""
NOTICED = 200.0
"""Seconds until such a run is called crashed: the automation's 180 and its round."""
PICK_UP = 2.5
"""Seconds that a slot stays free before its next run is fetched: a worker asks the server every
PREFECT_WORKER_QUERY_SECONDS, and so waits for half of that on average."""
BATCH = 100
"""Files of one run of the flow `batch`."""


@dataclass(frozen=True)
class Service:
    """How long one run holds one slot: what is drawn from, in seconds, and how often."""

    seconds: tuple[float, ...]
    weights: tuple[float, ...]

    @property
    def mean(self) -> float:
        return sum(s * w for s, w in zip(self.seconds, self.weights, strict=True))

    @property
    def variation(self) -> float:
        """Return C², the squared coefficient of variation."""
        square = sum(s * s * w for s, w in zip(self.seconds, self.weights, strict=True))
        return square / self.mean**2 - 1


def service(costs: dict[str, Any]) -> Service:
    """Return how long a file's run takes a slot that has a core: to be fetched, then to run."""
    seconds, weights = [], []
    for size, share in MIX.items():
        seconds += [PICK_UP + cold(costs, size), PICK_UP + warm(costs, size)]
        weights += [share * (1 - KNOWN), share * KNOWN]
    return Service(tuple(seconds), tuple(weights))


def batched(costs: dict[str, Any], files: int) -> Service:
    """Return the service time of a batch: one start, then each file's stages or cached answers.

    The sum of many files hardly varies, so its mean stands for it.
    """
    seconds = [(1 - KNOWN) * stages(costs, s) + KNOWN * receive(costs, s) for s in MIX]
    each = sum(share * s for share, s in zip(MIX.values(), seconds, strict=True))
    return Service((PICK_UP + float(costs["warm"]["worker_cpu"]) + files * each,), (1.0,))


def cold(costs: dict[str, Any], size: str) -> float:
    """Return the processor seconds of a run: measured for the smallest, stages differ by size."""
    more = stages(costs, size) - stages(costs, _SMALLEST)
    return float(costs["cold"]["worker_cpu"]) + max(0.0, more)


def warm(costs: dict[str, Any], size: str) -> float:
    """Return the processor seconds of a run whose content is known: the file is read once."""
    more = receive(costs, size) - receive(costs, _SMALLEST)
    return float(costs["warm"]["worker_cpu"]) + max(0.0, more)


def stages(costs: dict[str, Any], size: str) -> float:
    return float(sum(stage["cpu"] for stage in costs["stages"][size].values()))


def receive(costs: dict[str, Any], size: str) -> float:
    return float(costs["stages"][size]["receive"]["cpu"])


def erlang_c(slots: int, load: float) -> float:
    """Return the share of arrivals that wait in M/M/c, where `load` is in Erlang, below `slots`."""
    # Erlang B by its recursion, which does not overflow.
    blocked = 1.0
    for n in range(1, slots + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / slots * (1 - blocked))


def expected_wait(rate: float, slots: int, work: Service) -> float:
    """Return the mean seconds of waiting in M/G/c (Allen–Cunneen); infinite when overloaded."""
    load = rate * work.mean
    if load >= slots:
        return math.inf
    waiting = erlang_c(slots, load) * work.mean / (slots - load)
    return waiting * (1 + work.variation) / 2


def slots_for(rate: float, work: Service) -> int:
    """Return the fewest slots that keep to the target and to the wait."""
    slots = max(1, math.ceil(rate * work.mean / TARGET))
    while expected_wait(rate, slots, work) > MAX_WAIT:
        slots += 1
    return slots


def rate_at(second: float, per_day: float) -> float:
    """Return arrivals per second: a smooth day whose peak, at 14:00, is PEAK times the mean."""
    shape = math.exp(_SHARPNESS * (math.cos(2 * math.pi * (second / DAY - 14 / 24)) - 1))
    return PEAK * per_day / DAY * shape


def _sharpness() -> float:
    """Return k such that exp(k (cos − 1)) has the mean 1/PEAK over a day."""

    def mean_of(k: float) -> float:
        return mean(math.exp(k * (math.cos(2 * math.pi * n / 1000) - 1)) for n in range(1000))

    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_of(middle) > 1 / PEAK else (low, middle)
    return low


_SHARPNESS = _sharpness()


@dataclass(frozen=True)
class Day:
    """What a simulated day was like."""

    runs: int
    utilisation: float
    """At the peak hour."""
    mean_wait: float
    """At the peak hour, in seconds."""
    wait_95: float
    urgent_wait: float
    """Mean wait of the urgent at the peak hour, in seconds."""
    longest_queue: int
    died: int


def arrivals(per_day: float, random: Random, start: float = 0.0, end: float = DAY) -> list[float]:
    """Return the moments of arrival: a Poisson process thinned to the day's shape."""
    moments, now, most = [], start, PEAK * per_day / DAY
    while (now := now + random.expovariate(most)) < end:
        if random.random() * most < rate_at(now, per_day):
            moments.append(now)
    return moments


def simulate(moments: Sequence[float], slots: int, work: Service, random: Random) -> Day:
    """Serve the arrivals in their order, the urgent first; a run that dies comes back."""
    drawn = random.choices(work.seconds, work.weights, k=len(moments))
    # (moment, order, kind): 0 a slot is free again, 1 a run arrives
    happens: list[tuple[float, int, int, float, bool, bool]] = [
        (moment, n, 1, seconds, random.random() < URGENT, random.random() < DIES)
        for n, (moment, seconds) in enumerate(zip(moments, drawn, strict=True))
    ]
    heapq.heapify(happens)
    queues: tuple[deque[tuple[float, float, bool]], ...] = (deque(), deque())
    free, number, longest, died = slots, len(moments), 0, 0
    peak_from, peak_to = DAY * 13.5 / 24, DAY * 14.5 / 24
    waits: list[float] = []
    urgent: list[float] = []
    busy = 0.0
    while happens:
        now, _, kind, seconds, is_urgent, dies = heapq.heappop(happens)
        if kind == 0:
            free += 1
        else:
            queues[0 if is_urgent else 1].append((now, seconds, dies))
        while free and (queues[0] or queues[1]):
            first = bool(queues[0])
            came, takes, will_die = (queues[0] if first else queues[1]).popleft()
            if peak_from <= came < peak_to:
                (urgent if first else waits).append(now - came)
            held = takes
            if will_die:
                died += 1
                held = takes / 2  # on average it dies halfway; what it had done is cached
                number += 1
                again = (now + held + NOTICED, number, 1, takes / 2, first, False)
                heapq.heappush(happens, again)
            number += 1
            heapq.heappush(happens, (now + held, number, 0, 0.0, False, False))
            busy += max(0.0, min(now + held, peak_to) - max(now, peak_from))
            free -= 1
        longest = max(longest, len(queues[0]) + len(queues[1]))
    ordered = sorted(waits + urgent) or [0.0]
    return Day(
        runs=len(moments),
        utilisation=busy / (slots * (peak_to - peak_from)),
        mean_wait=mean(ordered),
        wait_95=ordered[int(0.95 * (len(ordered) - 1))],
        urgent_wait=mean(urgent or [0.0]),
        longest_queue=longest,
        died=died,
    )


def simulated(per_day: float, slots: int, work: Service, seed: int = 6) -> Day:
    """Return a day with that many runs; where they are very many, the hours around its peak."""
    random = Random(seed)
    start, end = (0.0, DAY) if per_day <= 200_000 else (DAY * 13.2 / 24, DAY * 14.6 / 24)
    return simulate(arrivals(per_day, random, start, end), slots, work, random)


def turnarounds(moments: Sequence[float], slots: int, work: Service, random: Random) -> list[float]:
    """Return for each arrival the seconds until its end, first come, first served."""
    free = [0.0] * slots
    took = []
    for moment in moments:
        seconds = random.choices(work.seconds, work.weights)[0]
        end = max(moment, heapq.heappop(free)) + seconds
        heapq.heappush(free, end)
        took.append(end - moment)
    return took


@dataclass(frozen=True)
class Plan:
    """One row: how the files are run, and what that takes."""

    files: int
    batch: int
    work: Service

    @property
    def runs(self) -> float:
        return self.files / self.batch

    @property
    def peak(self) -> float:
        """Return runs per second at the peak."""
        return PEAK * self.runs / DAY

    @property
    def slots(self) -> int:
        return slots_for(self.peak, self.work)


def plans(costs: dict[str, Any]) -> list[Plan]:
    """Return what the page compares."""
    single = service(costs)
    return [
        Plan(1_000, 1, single),
        Plan(10_000, 1, single),
        Plan(100_000, 1, single),
        Plan(100_000, BATCH, batched(costs, BATCH)),
        Plan(10_000_000, 1, single),
        Plan(10_000_000, BATCH, batched(costs, BATCH)),
    ]


def per_run(costs: dict[str, Any], name: str) -> float:
    """Return what one run costs on average, such as `requests` or `events`."""
    return float((1 - KNOWN) * costs["cold"][name] + KNOWN * costs["warm"][name])


def tables(costs: dict[str, Any]) -> str:
    """Return the page's tables."""
    return "\n".join([_costs_table(costs), _runs_table(costs), _plans(costs), _loads(costs)])


def _costs_table(costs: dict[str, Any]) -> str:
    lines = [f"Measured with {costs['measured_with']}", ""]
    lines += ["| stage | size | CPU s | wall s | most memory so far |", "|---|---|--:|--:|--:|"]
    for size in MIX:
        for name, stage in costs["stages"][size].items():
            cells = f"{stage['cpu']:.1f} | {stage['wall']:.1f} | {stage['peak_mb']:,.0f} MB"
            lines.append(f"| {name} | {size} | {cells} |")
    return "\n".join(lines) + "\n"


def _runs_table(costs: dict[str, Any]) -> str:
    rows = {
        "CPU s of the run, its process and its imports included": ("worker_cpu", "{:.1f}"),
        "wall s, as Prefect counts": ("wall", "{:.1f}"),
        "s from submitted to running": ("start", "{:.1f}"),
        "CPU s of the API server": ("server_cpu", "{:.2f}"),
        "CPU s of the background services": ("background_cpu", "{:.2f}"),
        "CPU s of PostgreSQL": ("database_cpu", "{:.2f}"),
        "requests to the API": ("requests", "{:.0f}"),
        "transactions": ("transactions", "{:.0f}"),
        "events": ("events", "{:.0f}"),
        "log lines": ("log_lines", "{:.0f}"),
        "KB in the database": ("database_bytes", "{:,.0f}"),
        "KB in the result store": ("result_bytes", "{:,.0f}"),
        "KB of bundle": ("bundle_bytes", "{:,.0f}"),
    }
    lines = [f"| one run, {_SMALLEST} | cold | warm |", "|---|--:|--:|"]
    for title, (name, form) in rows.items():
        values = [costs[kind][name] for kind in ("cold", "warm")]
        values = [v / 1000 if name.endswith("bytes") else v for v in values]
        cells = " | ".join(form.format(max(0.0, v)) for v in values)
        lines.append(f"| {title} | {cells} |")
    for size in MIX:
        lines.append(
            f"| CPU s of the run, {size}, by its stages "
            f"| {cold(costs, size):.1f} | {warm(costs, size):.1f} |"
        )
    return "\n".join(lines) + "\n"


def _plans(costs: dict[str, Any]) -> str:
    lines = [
        "| files a day | runs | s of a run | slots = cores | busy at the peak | mean wait: formula "
        "| simulated | 95 % wait less than | urgent wait | longest queue |",
        "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for plan in plans(costs):
        day = simulated(plan.runs, plan.slots, plan.work) if plan.slots < 3000 else None
        how = "one each" if plan.batch == 1 else f"{plan.batch} each"
        cells = [f"{plan.files:,}", how, f"{plan.work.mean:,.0f}", f"{plan.slots:,}"]
        wait = expected_wait(plan.peak, plan.slots, plan.work)
        if day is None:
            cells += [f"{plan.peak * plan.work.mean / plan.slots:.0%}", f"{wait:.1f} s", *"––––"]
        else:
            cells += [f"{day.utilisation:.0%}", f"{wait:.1f} s", f"{day.mean_wait:.1f} s"]
            cells += [f"{day.wait_95:.0f} s", f"{day.urgent_wait:.1f} s", f"{day.longest_queue:,}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _loads(costs: dict[str, Any]) -> str:
    lines = [
        "| files a day | runs | API requests/s at the peak | transactions/s | events/s "
        "| API servers | cores of background services | GB of database in 7 days |",
        "|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for plan in plans(costs):
        # Each file of a batch is a run of its own to the server, a child of the batch's.
        rate = plan.peak * plan.batch
        cells = [f"{plan.files:,}", "one each" if plan.batch == 1 else f"{plan.batch} each"]
        cells += [
            f"{rate * per_run(costs, n):,.1f}" for n in ("requests", "transactions", "events")
        ]
        servers = max(2, math.ceil(rate * per_run(costs, "server_cpu") / TARGET))
        background = rate * per_run(costs, "background_cpu")
        week = 7 * DAY * rate / PEAK * per_run(costs, "database_bytes") / 1e9
        cells += [f"{servers:,}", f"{background:,.2f}", f"{week:,.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def with_tables(page: str, tables: str) -> str:
    """Return the page with these tables between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{tables}{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, help="files a day, one run each")
    parser.add_argument("--workers", type=int, help="slots; else as many as the formula says")
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    options = parser.parse_args()
    costs = json.loads(COSTS.read_text())
    if options.files:
        plan = Plan(options.files, 1, service(costs))
        slots = options.workers or plan.slots
        print(f"{slots} slots; by formula {expected_wait(plan.peak, slots, plan.work):.1f} s")
        print(replace(simulated(plan.runs, slots, plan.work)))
        return
    text = tables(costs)
    print(text)
    if options.write:
        PAGE.write_text(with_tables(PAGE.read_text(), text))


if __name__ == "__main__":
    main()

"""Every metric: name, unit and labels, as Prometheus' conventions have them.

A label takes one of a few values: stages, providers, codes of errors. Never a source, a run, a
column or anything else that people or data name, for each value is a series that is kept for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MIB = 1024**2


@dataclass(frozen=True)
class Metric:
    """What is measured; `buckets` are the upper bounds of a histogram, without the last, +Inf."""

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


SIZES = {"1MiB": MIB, "16MiB": 16 * MIB, "256MiB": 256 * MIB, "4GiB": 4096 * MIB}
"""Classes of a run's sources by the bytes that are stored, each up to and including its bound."""
LARGER, UNKNOWN = "larger", "unknown"

_SHORT = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600)
_LONG = (1, 2.5, 5, 10, 30, 60, 180, 600, 1800, 3600, 14400)

RUNS = Metric(
    "ade_runs_total", "counter", "Flow runs that ended, by how; killed ones too.", ("flow", "state")
)
RUN_SECONDS = Metric(
    "ade_run_duration_seconds",
    "histogram",
    "Time for which a flow run that ended was running.",
    ("flow",),
    _LONG,
)
STAGE_SECONDS = Metric(
    "ade_stage_duration_seconds",
    "histogram",
    "Time that a stage took which was executed, by size of the run's sources.",
    ("stage", "size"),
    _SHORT,
)
STAGE_FAILURES = Metric(
    "ade_stage_failures_total", "counter", "Tries of a stage that failed.", ("stage", "code")
)
CACHE = Metric(
    "ade_cache_lookups_total",
    "counter",
    "Stages by whether an earlier result was there: hit, miss, or unusable (found, not used).",
    ("stage", "outcome"),
)
MODEL_REQUESTS = Metric(
    "ade_model_requests_total",
    "counter",
    "Requests to models, by outcome: ok or the code of the failure.",
    ("provider", "outcome"),
)
MODEL_TOKENS = Metric(
    "ade_model_tokens_total", "counter", "Tokens sent and answered.", ("provider", "direction")
)
MODEL_COST = Metric(
    "ade_model_cost_dollars_total", "counter", "What models cost in US dollars.", ("provider",)
)
REPAIRS = Metric(
    "ade_spec_repairs_total",
    "counter",
    "Times that a model was asked to mend its specification.",
    ("provider",),
)
FALLBACKS = Metric(
    "ade_spec_fallbacks_total",
    "counter",
    "Specifications that the offline planner wrote in place of a model, by why.",
    ("reason",),
)
SPECS_REJECTED = Metric(
    "ade_specs_rejected_total", "counter", "Specifications in which a gate found errors."
)
RECORDS = Metric(
    "ade_records_total",
    "counter",
    "Records that profiles read: accepted, or rejected as not usable.",
    ("outcome",),
)
BYTES = Metric(
    "ade_source_read_bytes_total", "counter", "Bytes of sources that a stage read.", ("stage",)
)
BUNDLES = Metric("ade_bundles_published_total", "counter", "Verified bundles handed over.")
DRIFTS = Metric(
    "ade_schema_drifts_total", "counter", "Scheduled runs whose source no longer fits its spec."
)
ARRIVALS = Metric("ade_files_arrived_total", "counter", "New files that the watcher announced.")
BATCH_SOURCES = Metric(
    "ade_batch_sources",
    "histogram",
    "Sources of a batch that ended.",
    (),
    (1, 10, 50, 100, 200, 500, 1000, 5000),
)
REVIEWS_DECIDED = Metric(
    "ade_reviews_decided_total", "counter", "Specifications that a person decided on."
)
MAINTAINED = Metric(
    "ade_maintenance_last_success_timestamp_seconds",
    "gauge",
    "When maintenance last ended well, in seconds since 1970.",
)

READY = Metric(
    "ade_ready", "gauge", "Whether what runs need is there (1) or not (0), by check.", ("check",)
)
RUNS_NOW = Metric("ade_runs", "gauge", "Flow runs that have not ended, by state.", ("state",))
REVIEWS_WAITING = Metric(
    "ade_reviews_waiting", "gauge", "Runs that wait for a person, without a process."
)
WORKERS = Metric("ade_workers_online", "gauge", "Workers with a fresh heartbeat.", ("pool",))
DISK_FREE = Metric("ade_disk_free_bytes", "gauge", "Free space for this user.", ("place",))
DISK_SIZE = Metric("ade_disk_size_bytes", "gauge", "Size of the file system.", ("place",))
BUDGET_LIMIT = Metric(
    "ade_model_budget_limit", "gauge", "What models may take today (UTC), by unit.", ("unit",)
)
BUDGET_LEFT = Metric(
    "ade_model_budget_left", "gauge", "What is left of it; calls under way are off.", ("unit",)
)
BUILD = Metric("ade_build_info", "gauge", "Always 1; the version of the exporter.", ("version",))

KEPT = (
    *(RUNS, RUN_SECONDS, STAGE_SECONDS, STAGE_FAILURES, CACHE),
    *(MODEL_REQUESTS, MODEL_TOKENS, MODEL_COST, REPAIRS, FALLBACKS, SPECS_REJECTED),
    *(RECORDS, BYTES, BUNDLES, DRIFTS, ARRIVALS, BATCH_SOURCES, REVIEWS_DECIDED, MAINTAINED),
)
"""What runs add to in the shared store."""
LOOKED_UP = (
    *(READY, RUNS_NOW, REVIEWS_WAITING, WORKERS, DISK_FREE, DISK_SIZE),
    *(BUDGET_LIMIT, BUDGET_LEFT, BUILD),
)
"""What the exporter sees when it looks."""
METRICS = {metric.name: metric for metric in (*KEPT, *LOOKED_UP)}


def size_class(size: int | None) -> str:
    """Return the class of sources with that many bytes; None: nobody knows."""
    if size is None:
        return UNKNOWN
    return next((name for name, most in SIZES.items() if size <= most), LARGER)

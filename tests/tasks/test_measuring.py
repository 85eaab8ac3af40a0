"""What a run counts, in Prefect, on a real store."""

import itertools
from uuid import UUID

import pytest
from prefect import flow, task

from ai_data_engineer.errors import SourceError, TransientError
from ai_data_engineer.metrics.tally import load
from ai_data_engineer.settings import load_settings
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.specifying.provenance import Attempt, Provenance, Specified
from ai_data_engineer.stores.files import FileStore
from tasks import events, measuring
from tasks.caching import ContentKey, from_cache_if
from tasks.measuring import measured
from tasks.observing import observed
from tasks.redaction import redacted
from tasks.stages import KEPT

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home")]


def stage(function, **options):
    name = function.__name__
    wrapped = measured(redacted(function))
    return task(**{**KEPT, **options}, name=name, cache_policy=ContentKey())(wrapped)


def run(body):
    """Run a function as an observed flow."""
    return flow(name="generate")(observed(body))()


def counted(name):
    """Return labels → count, of a histogram its number of values."""
    counts = load(FileStore(load_settings().home / "state")).counts
    return {
        labels: values[0] if len(values) == 1 else sum(values[:-1])
        for (metric, labels), values in counts.items()
        if metric == name
    }


def found(text):
    return Finding(code="E_X", pointer="", message=text)


def test_a_cached_stage_is_a_hit_and_has_no_duration():
    def measure(source: Finding) -> Finding:
        return source

    measuring_stage = stage(measure)
    for _ in range(3):
        run(lambda: measuring_stage(found("cached, or not")))
    assert counted("ade_cache_lookups_total") == {("measure", "miss"): 1, ("measure", "hit"): 2}
    assert counted("ade_stage_duration_seconds") == {("measure", "unknown"): 1}


def test_a_result_that_is_not_used_is_no_hit():
    def bundle(source: Finding) -> Finding:
        return source

    bundled = stage(bundle)
    for _ in range(2):
        run(lambda: from_cache_if(lambda _: False, bundled, found("gone")))
    assert counted("ade_cache_lookups_total") == {("bundle", "miss"): 2, ("bundle", "unusable"): 1}


def test_failures_have_the_code_and_each_try_counts():
    tries = itertools.count()

    def read(source: Finding) -> Finding:
        if next(tries) == 0:
            raise TransientError("The network is down.")
        raise SourceError("There is nothing.", code="E_EMPTY")

    with pytest.raises(SourceError):
        run(lambda: stage(read, retries=3, retry_delay_seconds=0)(found("fails")))
    assert counted("ade_stage_failures_total") == {
        ("read", "E_TRANSIENT"): 1,
        ("read", "E_EMPTY"): 1,
    }


def test_stages_and_bytes_are_of_the_size_of_the_sources():
    def look(source: Finding) -> Finding:
        return source

    def body():
        measuring.received(900_000)
        measuring.received(900_000)
        stage(look)(found("of two sources"))

    run(body)
    assert counted("ade_stage_duration_seconds") == {("look", "16MiB"): 1}
    assert counted("ade_source_read_bytes_total") == {("receive",): 1_800_000}


def test_what_models_cost_is_counted_once_with_repairs_failures_and_the_fallback():
    first = Attempt(
        provider="gemini", calls=3, failures=("E_PROVIDER_BUSY", "E_PROVIDER_BUSY"),
        input_tokens=100, output_tokens=10, cost=0.25,
    )  # fmt: skip
    second = Attempt(
        provider="gemini", calls=1, input_tokens=50, error="E_PROVIDER_NONSENSE",
        findings=(found("unknown column"),), cost=0.5,
    )  # fmt: skip
    offline = Attempt(provider="offline")
    proposed = Specified(document={}, provenance=Provenance(attempts=(first,)))
    attempts = (first, second, offline)
    mended = Specified(document={}, provenance=Provenance(attempts=attempts, fell_back=True))

    def body():
        measuring.specified(proposed, None)
        measuring.specified(mended, proposed)
        kept = proposed.model_copy(update={"from_cache": True})
        measuring.specified(kept, None)  # was paid for by whoever asked first

    run(body)
    assert counted("ade_model_requests_total") == {
        ("gemini", "E_PROVIDER_BUSY"): 2,
        ("gemini", "ok"): 1,
        ("gemini", "E_PROVIDER_NONSENSE"): 1,
    }
    assert counted("ade_model_tokens_total") == {
        ("gemini", "sent"): 150,
        ("gemini", "answered"): 10,
    }
    assert counted("ade_model_cost_dollars_total") == {("gemini",): 0.75}
    assert counted("ade_spec_repairs_total") == {("gemini",): 1}
    assert counted("ade_spec_fallbacks_total") == {("E_PROVIDER_NONSENSE",): 1}


def test_events_are_counted_and_what_people_named_is_no_label():
    def body():
        for _ in range(2):  # told again, as after a crash
            events._emit(
                "ade.file.arrived", "x", "salaries.csv", event_id=UUID(int=7), uri="salaries"
            )
        events._emit("ade.schema.drifted", "ade.source.x", "salaries.csv")
        events._emit("ade.batch.completed", "ade.batch.x", "night", sources=200, failed=3)

    run(body)
    assert counted("ade_files_arrived_total") == {(): 1}
    assert counted("ade_schema_drifts_total") == {(): 1}
    assert counted("ade_batch_sources") == {(): 1}
    state = load_settings().home / "state" / "values"
    assert not [p for p in state.rglob("*") if p.is_file() and b"salaries" in p.read_bytes()]


@pytest.mark.parametrize(
    ("outcomes", "dry_run", "noted"),
    [
        ({"backup": "done", "keys": "attention"}, False, 1),
        ({"backup": "failed", "keys": "done"}, False, 0),
        ({"backup": "done", "keys": "done"}, True, 0),
    ],
    ids=["well", "a part failed", "it only looked"],
)
def test_maintenance_counts_as_done_when_it_was_and_ended_well(outcomes, dry_run, noted):
    # Else no alert would say that there have been no backups for days.
    run(lambda: events.maintenance_completed("x", outcomes, 0, dry_run=dry_run))
    assert len(counted("ade_maintenance_last_success_timestamp_seconds")) == noted


def test_a_store_that_cannot_be_reached_costs_the_figures_and_not_the_run(monkeypatch):
    monkeypatch.setenv("ADE_HOME", "/proc/nowhere")

    def look(source: Finding) -> Finding:
        return source

    assert run(lambda: stage(look)(found("no store"))) == found("no store")


def test_outside_of_a_run_nothing_is_counted():
    measuring.received(17)
    run(lambda: None)
    assert counted("ade_source_read_bytes_total") == {}


def test_every_flow_of_ours_is_observed():
    """Its figures would not reach the store, and its trace would have no name."""
    import importlib
    from pathlib import Path

    from prefect import Flow

    flows = {
        found.name: found.fn
        for path in Path("flows").glob("[!_]*.py")
        for found in vars(importlib.import_module(f"flows.{path.stem}")).values()
        if isinstance(found, Flow)
    }
    assert flows
    assert [name for name, fn in flows.items() if not getattr(fn, "is_observed", False)] == []

"""Events that automations can react to. They name and count; they hold no value of a cell."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect.events import emit_event
from prefect.runtime import flow_run

from ai_data_engineer.batching.request import BatchResult
from ai_data_engineer.io.addresses import redact
from ai_data_engineer.packaging.bundle import BundleRecord
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.refreshing import InUse, Proposal, Standing
from ai_data_engineer.reviewing import Shown, Verdict
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.validating import ValidationReport
from ai_data_engineer.watching.watch import Arrival
from tasks import key_events, measuring


def source_received(uri: str, digest: str) -> None:
    """`ade.source.received`: a source could be read; its resource is its content."""
    _emit("ade.source.received", f"ade.source.{digest}", PurePosixPath(uri).name, uri=uri)


def profile_completed(profile: FileProfile, digest: str) -> None:
    """`ade.profile.completed`: format, size, and how much there is."""
    _emit(
        "ade.profile.completed",
        f"ade.source.{digest}",
        profile.name,
        uri=profile.uri,
        format=profile.format,
        records=profile.records.total,
        columns=len(profile.columns),
        warnings=[w.code for w in profile.warnings],
    )


def spec_proposed(proposed: Specified) -> None:
    """`ade.spec.proposed`: who wrote it, at which attempt and what it cost."""
    provenance = proposed.provenance
    _emit(
        "ade.spec.proposed",
        _spec(proposed),
        str(proposed.document.get("name", "")),
        provider=provenance.provider,
        fell_back=provenance.fell_back,
        errors=[a.error for a in provenance.asked if a.error],
        from_cache=proposed.from_cache,
        attempts=len(provenance.attempts),
        calls=sum(a.calls for a in provenance.attempts),
        input_tokens=sum(a.input_tokens for a in provenance.attempts),
        output_tokens=sum(a.output_tokens for a in provenance.attempts),
        cost=provenance.cost,
    )


def spec_rejected(proposed: Specified, report: ValidationReport) -> None:
    """`ade.spec.rejected`: a gate found errors."""
    _emit(
        "ade.spec.rejected",
        _spec(proposed),
        str(proposed.document.get("name", "")),
        findings=[{"code": f.code, "pointer": f.pointer, "gate": f.gate} for f in report.errors],
    )


def bundle_published(record: BundleRecord) -> None:
    """`ade.bundle.published`: a verified ZIP lies at `path`."""
    _emit(
        "ade.bundle.published",
        f"ade.bundle.{record.sha256}",
        record.name,
        path=record.path,
        sha256=record.sha256,
        size_bytes=record.size_bytes,
    )


def review_requested(shown: Shown, seconds: float) -> None:
    """`ade.review.requested`: a run waits for a person, for so many seconds."""
    _emit(
        "ade.review.requested",
        f"ade.review.{flow_run.id}",
        str(shown.proposed.document.get("name", "")),
        run=flow_run.id,
        round=shown.number,
        note=shown.note,
        provider=shown.proposed.provenance.provider,
        findings=[
            {"code": f.code, "pointer": f.pointer, "severity": f.severity} for f in shown.findings
        ],
        seconds=seconds,
    )


def run_waits() -> None:
    """`ade.run.waits`, of the run itself: it is suspended, and no sign of life is to be expected.

    The server hears of the suspension at once and of heartbeats a little later; one that comes in
    after it would have the run taken for dead. This comes after the last one, on the same way.
    """
    _emit("ade.run.waits", f"prefect.flow-run.{flow_run.id}", str(flow_run.name))


def review_decided(shown: Shown, verdict: Verdict) -> None:
    """`ade.review.decided`: a person answered; the same event where a run reads it again."""
    _emit(
        "ade.review.decided",
        f"ade.review.{flow_run.id}",
        str(shown.proposed.document.get("name", "")),
        event_id=uuid5(NAMESPACE_URL, f"ade.review.decided/{flow_run.id}/{shown.key}"),
        run=flow_run.id,
        round=shown.number,
        decision=verdict.decision,
        reviewer=verdict.reviewer,
    )


def file_arrived(arrival: Arrival) -> None:
    """`ade.file.arrived`: a file lies where one is watched for; its id is that of the arrival."""
    _emit(
        "ade.file.arrived",
        f"ade.file.{arrival.id}",
        PurePosixPath(arrival.uri).name,
        event_id=arrival.id,
        uri=arrival.uri,
        size=arrival.size,
        version=arrival.version,
        goal=arrival.goal,
    )


def schema_drifted(used: InUse, now: Standing, proposal: Proposal) -> None:
    """`ade.schema.drifted`: a pipeline no longer fits its sources; told once for each drift."""
    sources = used.proposed.spec.sources
    _emit(
        "ade.schema.drifted",
        f"ade.pipeline.{used.proposed.spec.name}",
        used.proposed.spec.name,
        run=flow_run.id,
        sources=[redact(source.uri) for source in sources],
        changes=[
            {"source": s.id, "code": c.code, "severity": c.severity, "column": c.column}
            for s, drift in zip(sources, now.drifts, strict=True)
            for c in drift.changes
            if c.severity != "info"
        ],
        findings=[{"code": f.code, "pointer": f.pointer} for f in now.errors],
        bundle=used.bundle,
        proposal=proposal.path,
    )


def batch_completed(result: BatchResult, run_id: str) -> None:
    """`ade.batch.completed`: how many sources ended how, and with which errors."""
    codes = Counter(outcome.code for outcome in result.outcomes if outcome.code)
    _emit(
        "ade.batch.completed",
        f"ade.batch.{run_id}",
        "batch",
        sources=result.sources,
        failed=result.failed,
        endings=result.endings,
        codes=dict(codes),
        seconds=round(result.seconds, 1),
    )


def maintenance_completed(
    run_id: str, outcomes: dict[str, str], freed_bytes: int, *, dry_run: bool
) -> None:
    """`ade.maintenance.completed`: what became of each part, and how much was freed or would be."""
    _emit(
        "ade.maintenance.completed",
        f"ade.maintenance.{run_id}",
        "maintain",
        outcomes=outcomes,
        failed=sorted(name for name, outcome in outcomes.items() if outcome == "failed"),
        freed_bytes=freed_bytes,
        dry_run=dry_run,
    )


def _spec(proposed: Specified) -> str:
    return f"ade.spec.{proposed.content_digest()}"


def _emit(
    event: str, resource: str, name: str, *, event_id: UUID | None = None, **payload: Any
) -> None:
    source = resource.removeprefix("ade.source.")
    key_events.log(event, payload, source if source != resource else None)
    measuring.happened(event, payload, event_id)
    emit_event(
        event,
        id=event_id,
        resource={"prefect.resource.id": resource, "prefect.resource.name": name},
        payload=payload,
    )

"""Events that automations can react to. They name and count; they hold no value of a cell."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from prefect.events import emit_event

from ai_data_engineer.packaging.bundle import BundleRecord
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.validating import ValidationReport


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


def _spec(proposed: Specified) -> str:
    return f"ade.spec.{proposed.content_digest()}"


def _emit(event: str, resource: str, name: str, **payload: Any) -> None:
    emit_event(
        event,
        resource={"prefect.resource.id": resource, "prefect.resource.name": name},
        payload=payload,
    )

"""Package: render the project, run it on the sample, zip it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from prefect import task
from prefect.runtime import flow_run

from ai_data_engineer.errors import VerificationError
from ai_data_engineer.io.addresses import local_path
from ai_data_engineer.packaging.bundle import BundleRecord
from ai_data_engineer.packaging.bundle import package as bundle
from ai_data_engineer.packaging.places import below, is_on_s3, lies_there
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.rendering.project import package_name
from ai_data_engineer.requests import GenerateResult
from ai_data_engineer.reviewing import Verdict
from ai_data_engineer.settings import load_settings
from ai_data_engineer.sources.policy import check_output
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.validating import ValidationReport
from tasks import artifacts, events
from tasks.caching import ContentKey, from_cache_if
from tasks.jobs import job_of_run
from tasks.measuring import measured
from tasks.receiving import Received, require_unchanged
from tasks.redaction import redacted
from tasks.stages import KEPT


@task(name="package", cache_policy=ContentKey(), **KEPT)
@measured
@redacted
def _package(
    proposed: Specified, profiles: Sequence[FileProfile], sources: Sequence[Received], output: str
) -> BundleRecord:
    # The sources are part of the key: the sample is read from them.
    for source in sources:
        require_unchanged(source)
    return bundle(
        proposed.spec,
        profiles,
        output,
        settings=load_settings(),
        provenance=proposed.provenance,
    )


def check_place(output: str | None) -> None:
    """Raise OutputError `E_DENIED` for a place of bundles that may not be chosen.

    To be called at the start of a run, before anything is read and a model costs money.
    """
    if output is not None:
        check_output(output, load_settings())


def package(
    proposed: Specified,
    profiles: Sequence[FileProfile],
    sources: Sequence[Received],
    output: str | None,
    report: ValidationReport,
) -> tuple[BundleRecord | None, ValidationReport]:
    """Return the record of the verified bundle, with a link to it among the run's artifacts.

    A model's project that does not run is no error yet: there is no bundle, and the report has a
    finding more, for the model to mend.

    Raises:
        VerificationError: the offline planner's project does not run.
        OutputError: a bundle may not be put where `output` says.
        Cancelled: the run was; nothing is published.
    """
    job_of_run().check()
    target = output or _default_output(proposed, sources)
    if not is_on_s3(target):
        target = str(local_path(target).resolve())
    check_output(target, load_settings())
    try:
        record = from_cache_if(_is_there, _package, proposed, profiles, sources, target)
    except VerificationError as error:
        if not proposed.may_be_mended:
            raise
        return None, report.with_verification(error)
    artifacts.verification(record)
    artifacts.bundle_link(record, package_name(proposed.spec))
    events.bundle_published(record)
    return record, report


def answer(
    record: BundleRecord, proposed: Specified, report: ValidationReport, verdict: Verdict | None
) -> GenerateResult:
    """Return what whoever asked is told of the bundle; `verdict` is a reviewer's, where one was."""
    provenance = proposed.provenance
    return GenerateResult(
        bundle=str(record.path),
        sha256=record.sha256,
        name=proposed.spec.name,
        provider=provenance.provider,
        fell_back=provenance.fell_back,
        fell_back_because=provenance.fell_back_because,
        tokens=provenance.tokens,
        cost=provenance.cost,
        assumptions=tuple(proposed.spec.assumptions),
        warnings=tuple(f"{f.code} {f.pointer}: {f.message}" for f in report.findings),
        reviewed=provenance.reviewed,
        reviewed_by=verdict and verdict.by,
        run_id=flow_run.id,
        run_name=flow_run.name,
    )


def _default_output(proposed: Specified, sources: Sequence[Received]) -> str:
    """Name the file after its content, so that no pipeline takes the place of another."""
    content = hashlib.sha256(proposed.content_digest().encode())
    for source in sources:
        content.update(source.content_digest().encode())
    name = f"{proposed.spec.name}-{content.hexdigest()[:12]}.zip"
    settings = load_settings()
    return below(settings.bundles or settings.home / "bundles", name)


def _is_there(record: BundleRecord) -> bool:
    """Return whether the bundle still lies there, unchanged."""
    return lies_there(record.path, record.sha256, record.size_bytes)

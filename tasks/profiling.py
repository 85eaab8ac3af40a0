"""Profile: measure a source, unless its content is known."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from prefect import task

from ai_data_engineer.profiling.full.progress import Progress as Read
from ai_data_engineer.profiling.profile import PROFILER_VERSION, FileProfile
from ai_data_engineer.profiling.profile_source import profile_source
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.references import profile_sources
from ai_data_engineer.text_file import write_text
from tasks import artifacts, events
from tasks.caching import ContentKey
from tasks.jobs import job_of_run
from tasks.limits import PROFILE, slot
from tasks.measuring import measured
from tasks.receiving import Received, require_unchanged
from tasks.redaction import redacted
from tasks.stages import KEPT, NOT_KEPT

_HEAVY = (".xlsx", ".xlsm", ".ods", ".xls", ".xlsb", ".parquet", ".avro", ".zip")


@task(name="profile", cache_policy=ContentKey(version=PROFILER_VERSION), **KEPT)
@measured
@redacted
def _profile(source: Received) -> FileProfile:
    with slot(PROFILE) if _is_heavy(source) else nullcontext():
        profiled = profile_source(source.uri, settings=load_settings())
    require_unchanged(source)
    return profiled


def _is_heavy(source: Received) -> bool:
    """Return whether a profile of it may take much memory: text is sampled, these are unpacked."""
    return source.uri.lower().partition("!")[0].endswith(_HEAVY)


@task(name="profile-full", cache_policy=ContentKey(version=PROFILER_VERSION), **KEPT)
@measured
@redacted
def _profile_full(source: Received) -> FileProfile:
    job, told = job_of_run(), artifacts.Reading(source.uri)

    def observe(read: Read) -> None:
        job.check()
        told(read)

    with slot(PROFILE):
        profiled = profile_source(
            source.uri, settings=load_settings(), mode="full", progress=observe
        )
    require_unchanged(source)
    return profiled


def profile(source: Received, *, full: bool = False) -> FileProfile:
    """Return the profile of a source, with a report among the run's artifacts.

    Raises Cancelled where the run was while all of a source was read.
    """
    profiled = _profile_full(source) if full else _profile(source)
    artifacts.profile_report(profiled)
    events.profile_completed(profiled, source.digest)
    return profiled


@task(name="relate", cache_policy=ContentKey(version=PROFILER_VERSION), **KEPT)
@measured
@redacted
def _relate(sources: Sequence[Received]) -> list[FileProfile]:
    with slot(PROFILE) if any(map(_is_heavy, sources)) else nullcontext():
        return profile_sources([source.uri for source in sources], settings=load_settings())


def profile_all(sources: Sequence[Received]) -> list[FileProfile]:
    """Return the profiles of the sources, of several with the references between them."""
    profiles = [profile(source) for source in sources]
    # Values do not travel between tasks, so the samples are read anew.
    return _relate(sources) if len(sources) > 1 else profiles


@task(name="page", **NOT_KEPT)
@redacted
def write_page(profiled: FileProfile, path: Path) -> None:
    """Write a page with all figures and charts; raises OutputError where it cannot be written."""
    from ai_data_engineer.profiling.report_html import profile_page

    write_text(path.expanduser(), profile_page(profiled))

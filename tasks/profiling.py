"""Profile: measure a source, unless its content is known."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import task

from ai_data_engineer.profiling.profile import PROFILER_VERSION, FileProfile
from ai_data_engineer.profiling.profile_source import profile_source
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.references import profile_sources
from tasks import artifacts, events
from tasks.caching import ContentKey
from tasks.measuring import measured
from tasks.receiving import Received
from tasks.redaction import redacted
from tasks.stages import KEPT


@task(name="profile", cache_policy=ContentKey(version=PROFILER_VERSION), **KEPT)
@measured
@redacted
def _profile(source: Received) -> FileProfile:
    return profile_source(source.uri, settings=load_settings())


def profile(source: Received) -> FileProfile:
    """Return the profile of a source, with a report among the run's artifacts."""
    profiled = _profile(source)
    artifacts.profile_report(profiled)
    events.profile_completed(profiled, source.digest)
    return profiled


@task(name="relate", cache_policy=ContentKey(version=PROFILER_VERSION), **KEPT)
@measured
@redacted
def _relate(sources: Sequence[Received]) -> list[FileProfile]:
    return profile_sources([source.uri for source in sources], settings=load_settings())


def profile_all(sources: Sequence[Received]) -> list[FileProfile]:
    """Return the profiles of the sources, of several with the references between them."""
    profiles = [profile(source) for source in sources]
    # Values do not travel between tasks, so the samples are read anew.
    return _relate(sources) if len(sources) > 1 else profiles

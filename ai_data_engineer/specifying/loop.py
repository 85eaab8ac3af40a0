"""Propose, validate, ask again with what was found, fall back: until a spec is valid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pydantic import SecretStr

from ai_data_engineer.errors import AdeError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings
from ai_data_engineer.settings import settings as default_settings
from ai_data_engineer.specifying.author import choice, from_environment
from ai_data_engineer.specifying.caching import spec_cache
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.prompt.composing import MOST_OF_GOAL
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.specifying.specify import Task, kept_answer, specify
from ai_data_engineer.stores.opening import open_store
from ai_data_engineer.validating import ValidationReport, validate


def specify_valid(
    profiles: Sequence[FileProfile],
    goal: str = "",
    *,
    provider: str = "auto",
    credentials: Sequence[SecretStr] = (),
    settings: Settings | None = None,
    examples: bool = False,
    use_cache: bool = True,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Specified, ValidationReport]:
    """Return the first valid proposal with its report.

    It ends: a model is asked a bounded number of times, then the offline planner writes the spec.

    Raises:
        ProviderError: the provider is asked for by name and is not configured.
        AdeError: `E_REQUEST`, the goal is longer than what a model is shown.
        Cancelled: `is_cancelled` said so; nothing was asked since.
    """
    chosen = settings or default_settings()
    configured = from_environment(chosen)
    if credentials:
        configured = {n: replace(a, keys=tuple(credentials)) for n, a in configured.items()}
    author, keys, _ = choice(provider, chosen, configured)
    if author.is_model and len(goal.strip()) > MOST_OF_GOAL:
        # Half a goal would be met without a word of the other half.
        raise AdeError(
            f"goal: A model is shown at most {MOST_OF_GOAL:,} characters of {len(goal.strip()):,}.",
            hint="Say it shorter, or in several pipelines.",
            code="E_REQUEST",
        )
    task = Task(profiles, goal, author, examples or chosen.llm_samples == "redacted")
    job = Job(chosen, open_store(chosen), is_cancelled=is_cancelled, use_cache=use_cache)
    specified = specify(task, keys, job)
    report = validate(specified.document)
    while not report.is_valid and specified.may_be_mended:
        specified = specify(task, keys, job, specified, report.errors)
        report = validate(specified.document)
    if report.is_valid:
        remember(task, specified, job)
    return specified, report


def remember(task: Task, specified: Specified, job: Job) -> None:
    """Keep a model's valid spec for whoever asks the very same; one that is kept is not renewed."""
    if task.may_be_kept and specified.may_be_mended and not specified.from_cache:
        # Findings speak of what lies in the data; the goal is hidden by whoever keeps it.
        kept = specified.provenance.with_findings_said(task.aliases.hide)
        kept = kept.model_copy(update={"goal": ""})
        days = job.settings.llm_cache_days
        spec_cache.remember(job.store, task.cache_key, kept, task.goal, task.sources, days=days)


def forget(task: Task, job: Job) -> None:
    """Keep it no longer: its project did not run."""
    spec_cache.forget(job.store, task.cache_key)


def is_remembered(task: Task, specified: Specified, job: Job) -> bool:
    """Return whether a proposal may be used again: the planner's always, a model's once valid.

    A fall-back may not: the model may answer now.
    """
    if specified.provenance.fell_back:
        return False
    if not specified.may_be_mended:
        return True
    kept, _ = kept_answer(task, job)
    return kept is not None and [a.received for a in kept.asked] == [
        a.received for a in specified.provenance.asked
    ]

"""Specify: have a specification proposed, by a model or by the offline planner."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from prefect import task
from prefect.logging import get_run_logger

from ai_data_engineer.document import Document
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.requests import GenerateRequest
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying import loop
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.specifying.specify import Task
from ai_data_engineer.specifying.specify import specify as propose
from ai_data_engineer.validating import ValidationReport
from tasks import artifacts, events, measuring
from tasks.caching import ContentKey, from_cache_if
from tasks.credentials import choose_author, credentials
from tasks.jobs import job_of_run
from tasks.limits import MODEL, slot
from tasks.measuring import measured
from tasks.redaction import redacted
from tasks.stages import KEPT
from tasks.validating import require_valid


class Rejected(Document):
    """A proposal and what is wrong with it."""

    proposal: Specified
    report: ValidationReport


@task(name="specify", cache_policy=ContentKey(), **KEPT)
@measured
@redacted
def _specify(
    profiles: Sequence[FileProfile],
    goal: str,
    by: Author,
    examples: bool,
    rejected: Rejected | None,
) -> Specified:
    # The keys are loaded here and not passed: what is passed is hashed and may be stored.
    with slot(MODEL) if by.is_model else nullcontext():
        proposed = propose(
            Task(profiles, goal, by, examples),
            credentials(by),
            job_of_run(),
            previous=rejected.proposal if rejected else None,
            findings=rejected.report.errors if rejected else (),
        )
    measuring.specified(proposed, rejected.proposal if rejected else None)
    return proposed


def specify(
    profiles: Sequence[FileProfile], request: GenerateRequest, rejected: Rejected | None = None
) -> Specified:
    """Return a proposal; `rejected` asks for a better one than that.

    Raises:
        SpecError: what was rejected is the offline planner's, and nobody is left to ask.
        ProviderError: a provider is asked for by name and is not configured.
        Cancelled: the run was.
    """
    job_of_run().check()
    if rejected is not None and not rejected.proposal.may_be_mended:
        require_valid(rejected.report)
    by, _, why = choose_author(request.provider)
    wanted, job = _wanted(profiles, request, by), job_of_run(use_cache=request.use_cache)
    if rejected is None:
        get_run_logger().info(why)
    else:
        loop.forget(wanted, job)
    stage = _specify if request.use_cache else _specify.with_options(refresh_cache=True)
    proposed = from_cache_if(
        lambda kept: loop.is_remembered(wanted, kept, job),
        stage, profiles, request.goal, by, wanted.examples, rejected,
    )  # fmt: skip
    if proposed.provenance.fell_back:
        get_run_logger().warning(
            "The offline planner writes the specification: %s",
            proposed.provenance.fell_back_because,
        )
    asked = proposed.provenance.asked
    if asked and asked[-1].failures:
        failures = ", ".join(asked[-1].failures)
        get_run_logger().warning("Requests failed before there was an answer: %s", failures)
    if proposed.problem:
        get_run_logger().warning(proposed.problem)
    artifacts.specification(proposed)
    events.spec_proposed(proposed)
    return proposed


def remember(
    proposed: Specified, profiles: Sequence[FileProfile], request: GenerateRequest
) -> None:
    """Keep a model's valid specification for whoever asks the same, before a person edits it."""
    if proposed.provenance.reviewed is not None:
        return
    wanted = _wanted(profiles, request, choose_author(request.provider).author)
    loop.remember(wanted, proposed, job_of_run(use_cache=request.use_cache))


def forget(profiles: Sequence[FileProfile], request: GenerateRequest) -> None:
    """Keep a model's specification no longer: a person refused it."""
    wanted = _wanted(profiles, request, choose_author(request.provider).author)
    loop.forget(wanted, job_of_run(use_cache=request.use_cache))


def _wanted(profiles: Sequence[FileProfile], request: GenerateRequest, by: Author) -> Task:
    examples = request.show_examples or load_settings().llm_samples == "redacted"
    return Task(profiles, request.goal, by, examples)

"""Specify: have a specification proposed, by a model or by the offline planner."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import task

from ai_data_engineer.document import Document
from ai_data_engineer.errors import TransientError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.specifying.specify import fall_back
from ai_data_engineer.specifying.specify import specify as propose
from ai_data_engineer.validating import ValidationReport
from tasks import artifacts, events
from tasks.caching import ContentKey, from_cache_if
from tasks.credentials import Author, author, credentials
from tasks.redaction import redacted
from tasks.stages import KEPT


class Rejected(Document):
    """A proposal and what is wrong with it."""

    proposal: Specified
    report: ValidationReport


@task(name="specify", cache_policy=ContentKey(), **KEPT)
@redacted
def _specify(
    profiles: Sequence[FileProfile], goal: str, by: Author, rejected: Rejected | None
) -> Specified:
    # The keys are loaded here and not passed: what is passed is hashed and may be stored.
    return propose(
        profiles,
        goal,
        provider=by.provider,
        credentials=credentials() if by.provider == "gemini" else (),
        settings=by.applied_to(load_settings()),
        previous=rejected.proposal if rejected else None,
        findings=rejected.report.errors if rejected else (),
    )


def specify(
    profiles: Sequence[FileProfile],
    goal: str,
    provider: str = "auto",
    rejected: Rejected | None = None,
) -> Specified:
    """Return a proposal; `rejected` asks for a better one than that.

    A model that is still out of reach after all retries is fallen back from; that is not kept, so
    the next run asks the model again.
    """
    try:
        proposed = from_cache_if(
            _model_answered, _specify, profiles, goal, author(provider), rejected
        )
    except TransientError as error:
        proposed = fall_back(profiles, goal, error)
    artifacts.specification(proposed)
    events.spec_proposed(proposed)
    return proposed


def _model_answered(proposed: Specified) -> bool:
    return not proposed.provenance.fell_back

"""Propose, validate, ask again with what was found, fall back: until a spec is valid."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import SecretStr

from ai_data_engineer.errors import TransientError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.specifying.specify import fall_back, specify
from ai_data_engineer.validating import ValidationReport, validate


def specify_valid(
    profiles: Sequence[FileProfile],
    goal: str = "",
    *,
    provider: str = "auto",
    credentials: Sequence[SecretStr] = (),
    settings: Settings | None = None,
) -> tuple[Specified, ValidationReport]:
    """Return the first valid proposal with its report.

    It ends: a model is asked a bounded number of times, then the offline planner writes the spec.
    Raises what `specify` raises, but not TransientError: an unreachable model is fallen back from.
    """
    try:
        specified = specify(
            profiles, goal, provider=provider, credentials=credentials, settings=settings
        )
    except TransientError as error:
        specified = fall_back(profiles, goal, error)
    report = validate(specified.document)
    while not report.is_valid and specified.provenance.provider != "offline":
        try:
            specified = specify(
                profiles,
                goal,
                provider="gemini",
                credentials=credentials,
                settings=settings,
                previous=specified,
                findings=report.errors,
            )
        except TransientError as error:
            specified = fall_back(profiles, goal, error)
        report = validate(specified.document)
    return specified, report

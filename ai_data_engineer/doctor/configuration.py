"""What is said of models and of the store, in the environment or in blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from ai_data_engineer.doctor.check import Check
from ai_data_engineer.io.s3_access import S3Access
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.author import Access, from_environment
from ai_data_engineer.stores.opening import open_store
from ai_data_engineer.stores.protocol import Store


@dataclass(frozen=True)
class Configuration:
    """Who can be asked, and what runs share."""

    known: Mapping[str, Access]
    sdk: str
    """`gemini` or `google-genai`: which of the two asks Gemini for `auto`."""
    open_store: Callable[[], Store]
    """May raise what the opening of a store does."""
    blocks: Sequence[Check] = ()
    """What there is to say of the server and its blocks."""
    sentry_dsn: SecretStr | None = None
    sentry_origin: str = "ADE_SENTRY_DSN"
    """Where it is set."""
    s3: Callable[[], S3Access | None] = lambda: None
    """Whose keys open S3 in a run; raises AdeError where nobody says."""


def of_environment(settings: Settings, blocks: Sequence[Check] = ()) -> Configuration:
    """Return what is said where no block is."""
    return Configuration(
        from_environment(settings),
        "gemini",
        lambda: open_store(settings),
        blocks,
        settings.sentry_dsn,
    )

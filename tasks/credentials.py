"""Who writes specifications, and the keys for it: a Prefect block, else the environment."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import SecretStr

from ai_data_engineer.document import Document
from ai_data_engineer.settings import Settings, load_settings
from blocks.gemini import GeminiCredentials
from tasks.redaction import remember

BLOCK = "gemini"
"""Name of the GeminiCredentials block that is looked for."""


class Author(Document):
    """Who is asked for a specification; part of the cache key, so without any key to a service."""

    provider: str
    model: str | None = None
    base_url: str | None = None

    def applied_to(self, settings: Settings) -> Settings:
        """Return the settings with this model and endpoint."""
        chosen = {"gemini_model": self.model, "gemini_base_url": self.base_url}
        return settings.model_copy(update={k: v for k, v in chosen.items() if v is not None})


def author(provider: str) -> Author:
    """Return who is meant: `auto` is whom ADE_PROVIDER names, else Gemini if there is a key."""
    if provider == "auto":
        provider = load_settings().provider
    block = _block() if provider != "offline" else None
    if provider == "auto":
        has_key = (block and block.api_keys) or load_settings().gemini_api_key
        provider = "gemini" if has_key else "offline"
    if provider == "gemini" and block:
        return Author(provider=provider, model=block.model, base_url=block.base_url)
    return Author(provider=provider)


def credentials() -> Sequence[SecretStr]:
    """Return the keys, in the order in which they are tried; empty when there is none."""
    block, from_environment = _block(), load_settings().gemini_api_key
    keys = block.api_keys if block else [from_environment] if from_environment else []
    for key in keys:
        remember(key.get_secret_value())
    return keys


def _block() -> GeminiCredentials | None:
    try:
        return GeminiCredentials.load(BLOCK)  # type: ignore[return-value]
    except ValueError:  # what Prefect raises for a block that was never saved
        return None

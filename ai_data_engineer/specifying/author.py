"""Who writes a specification: the provider with all that is configured of it, but the keys."""

from __future__ import annotations

from pydantic import Field

from ai_data_engineer.document import Document

MODELS = ("gemini", "google-genai", "openai", "replay")
"""Providers that ask a model, or a record of one."""


class Author(Document):
    """Whom to ask and how. Part of cache keys and of logs, so no key to a service is in it."""

    provider: str
    """`offline` or one of MODELS."""
    model: str | None = None
    base_url: str | None = None
    """Another endpoint than the provider's own."""
    context_tokens: int = Field(200_000, ge=2048)
    """How many tokens the model takes in and gives out at once; the prompt is cut to it."""
    max_output_tokens: int = Field(32_768, ge=256)
    """Of one answer, thoughts included."""
    input_price: float | None = Field(None, ge=0)
    """US dollars for a million tokens, where the price list is not to be believed."""
    output_price: float | None = Field(None, ge=0)
    """The same for tokens of the answer."""

    @property
    def is_model(self) -> bool:
        """Whether a model is asked; the offline planner is none."""
        return self.provider != "offline"

"""Keys for Gemini."""

from __future__ import annotations

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl, SecretStr


class GeminiCredentials(Block):
    """Keys for Gemini, the model to ask and where. Saved as `gemini`, it is found by itself.

    Example:
        Load the stored keys:

        ```python
        from blocks.gemini import GeminiCredentials

        credentials = GeminiCredentials.load("BLOCK_NAME")
        ```
    """

    _block_type_name = "Gemini Credentials"
    _block_type_slug = "gemini-credentials"
    _documentation_url = HttpUrl("https://ai.google.dev/gemini-api/docs/api-key")

    api_keys: list[SecretStr] = Field(
        default_factory=list,
        title="Keys",
        description="API keys; when one is refused the next is tried, so that keys can be rotated.",
    )
    model: str | None = Field(
        default=None,
        title="Model",
        description="Model that writes specifications; empty takes ADE_GEMINI_MODEL.",
    )
    base_url: str | None = Field(
        default=None,
        title="Endpoint",
        description="Another endpoint that speaks Gemini's REST form, such as a gateway.",
    )

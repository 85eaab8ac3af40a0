"""Keys for Gemini."""

from __future__ import annotations

from typing import Literal

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl, SecretStr

from blocks.limits import CONTEXT_TOKENS, MAX_OUTPUT_TOKENS, OUTPUT_PRICE


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
        description="API keys; when one is refused the next is tried, so that keys can be rotated. "
        "Empty takes GEMINI_API_KEY, but never for an endpoint that is set here.",
    )
    model: str | None = Field(
        default=None,
        title="Model",
        description="Model that writes specifications; empty takes ADE_GEMINI_MODEL.",
    )
    base_url: str | None = Field(
        default=None,
        title="Endpoint",
        description="Another endpoint that speaks Gemini's REST form, such as a gateway; "
        "empty takes ADE_GEMINI_BASE_URL, else Google's own.",
    )
    sdk: Literal["google-generativeai", "google-genai"] = Field(
        default="google-generativeai",
        title="SDK",
        description="Package that asks when the provider is `auto`; google-genai is the newer one "
        "and has to be installed.",
    )
    context_tokens: int | None = CONTEXT_TOKENS
    max_output_tokens: int | None = MAX_OUTPUT_TOKENS
    input_price: float | None = Field(
        default=None,
        ge=0,
        title="Price of what is sent",
        description="US dollars for a million tokens; empty takes ADE_LLM_INPUT_PRICE, "
        "else the price list.",
    )
    output_price: float | None = OUTPUT_PRICE

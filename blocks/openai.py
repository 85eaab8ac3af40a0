"""Keys for a server that speaks OpenAI's protocol."""

from __future__ import annotations

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl, SecretStr

from blocks.limits import CONTEXT_TOKENS, MAX_OUTPUT_TOKENS, OUTPUT_PRICE


class OpenAICredentials(Block):
    """A server that speaks OpenAI's protocol: OpenAI itself, a gateway, or a model of your own.

    Saved as `openai`, it is found by itself.

    Example:
        Load the stored server:

        ```python
        from blocks.openai import OpenAICredentials

        credentials = OpenAICredentials.load("BLOCK_NAME")
        ```
    """

    # `openai-credentials` is the block of prefect-openai, which may live on the same server.
    _block_type_name = "OpenAI-compatible Server"
    _block_type_slug = "openai-compatible-server"
    _documentation_url = HttpUrl("https://platform.openai.com/docs/api-reference/authentication")

    model: str | None = Field(
        default=None,
        title="Model",
        description="Model that writes specifications, as the server calls it; "
        "empty takes ADE_OPENAI_MODEL.",
    )
    base_url: str | None = Field(
        default=None,
        title="Endpoint",
        description="Where the server answers, such as http://127.0.0.1:11434/v1; "
        "empty takes ADE_OPENAI_BASE_URL, else OpenAI's own.",
    )
    api_keys: list[SecretStr] = Field(
        default_factory=list,
        title="Keys",
        description="API keys; when one is refused the next is tried. A server of your own may "
        "want none. Empty takes OPENAI_API_KEY, but never for an endpoint that is set here.",
    )
    context_tokens: int | None = CONTEXT_TOKENS
    max_output_tokens: int | None = MAX_OUTPUT_TOKENS
    input_price: float | None = Field(
        default=None,
        ge=0,
        title="Price of what is sent",
        description="US dollars for a million tokens, 0 for a model of your own; "
        "empty takes ADE_LLM_INPUT_PRICE, else the price list.",
    )
    output_price: float | None = OUTPUT_PRICE

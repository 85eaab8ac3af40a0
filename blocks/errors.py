"""Where unexpected errors are reported to."""

from __future__ import annotations

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl, SecretStr


class ErrorReporting(Block):
    """A server that speaks Sentry's protocol. Saved as `errors`, it is found by itself.

    It is told of defects and crashes alone, by kind and place in our code; never of data.

    Example:
        Load the stored server:

        ```python
        from blocks.errors import ErrorReporting

        reporting = ErrorReporting.load("BLOCK_NAME")
        ```
    """

    _block_type_name = "Error Reporting"
    _block_type_slug = "error-reporting"
    _documentation_url = HttpUrl("https://docs.sentry.io/platforms/python/configuration/options/")

    dsn: SecretStr | None = Field(
        default=None,
        title="DSN",
        description="Address and key of the project, such as https://KEY@sentry.example.com/42; "
        "empty takes ADE_SENTRY_DSN, else nothing is reported.",
    )
    environment: str = Field(
        default="production",
        min_length=1,
        max_length=64,
        pattern=r"^[^\s/]+$",
        title="Environment",
        description="Name that tells this installation from others, such as staging.",
        examples=["production", "staging"],
    )
    sample_rate: float = Field(
        default=1.0,
        ge=0,
        le=1,
        title="Share that is reported",
        description="1 reports every unexpected error, 0.1 every tenth, 0 none.",
    )

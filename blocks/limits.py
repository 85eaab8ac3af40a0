"""Fields that every block of a model has: what it takes, and what it costs."""

from __future__ import annotations

from typing import Any

from pydantic import Field

CONTEXT_TOKENS: Any = Field(
    default=None,
    ge=4096,
    title="Context, in tokens",
    description="What the model takes in and gives out at once; "
    "empty takes ADE_LLM_CONTEXT_TOKENS.",
)
MAX_OUTPUT_TOKENS: Any = Field(
    default=None,
    ge=256,
    title="Longest answer, in tokens",
    description="A model's thoughts count as well; empty takes ADE_LLM_MAX_OUTPUT_TOKENS.",
)
OUTPUT_PRICE: Any = Field(
    default=None,
    ge=0,
    title="Price of what is answered",
    description="US dollars for a million tokens; empty takes ADE_LLM_OUTPUT_PRICE, "
    "else the price list.",
)

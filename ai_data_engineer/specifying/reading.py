"""The JSON object in a model's answer, whatever stands around it."""

from __future__ import annotations

import json
from typing import Any

from ai_data_engineer.errors import ProviderError

PARTS = frozenset({"steps", "outputs", "expectations", "remove"})
"""Fields of which an answer has at least one: a specification, or parts of one in a repair."""
MAX_STARTS = 2000
"""How many braces are tried: an answer of a million of them is not read for minutes."""


def read_object(text: str) -> dict[str, Any]:
    """Return the last JSON object in the text that is (a part of) a specification.

    The last one, because thoughts that come before the answer may hold a draft of it.

    Raises:
        ProviderError: there is none (`E_BAD_ANSWER`).
    """
    decoder = json.JSONDecoder()
    found: dict[str, Any] | None = None
    at, starts = text.find("{"), 0
    while at >= 0 and starts < MAX_STARTS:
        starts += 1
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):  # ValueError: an integer of thousands of digits too
            end = at + 1
        else:
            if isinstance(value, dict) and PARTS & value.keys():
                found = value
        at = text.find("{", end)
    if found is None:
        raise ProviderError("The model's answer holds no spec.", code="E_BAD_ANSWER")
    return found

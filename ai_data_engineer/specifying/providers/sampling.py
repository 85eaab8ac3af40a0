"""Which models take a temperature: newer ones ignore it, and some refuse the request."""

from __future__ import annotations

import re

from ai_data_engineer.specifying.author import Author

_TAKES_NONE = re.compile(
    # Gemini: "deprecated and ignored" from 3.5 Flash-Lite and 3.6 on, not recommended for any 3.
    r"gemini-(?:[3-9]|\d{2,})(?:[.-]|$)"
    # OpenAI's models that reason answer 400 to any but their own.
    r"|o\d(?:-|$)|gpt-(?:[5-9]|\d{2,})(?:[.-]|$)"
)


def temperature(author: Author) -> float | None:
    """Return 0 where a model can be asked for its likeliest answer, None where it is not said."""
    name = (author.model or "").rpartition("/")[2].lower()
    return None if _TAKES_NONE.match(name) else 0.0

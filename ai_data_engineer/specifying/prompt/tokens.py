"""How many tokens a text is, near enough to make room for it, without any model's tokenizer."""

from __future__ import annotations

import re

_PIECES = re.compile(
    r"(?P<word>[ _]?[A-Za-z]+)|(?P<digits>[0-9]{1,3})|(?P<blank>\s+)|[!-/:-@\[-`{-~]+|."
)
_LONGEST = 8
"""Letters that one token takes at most, on average."""


def estimate(text: str) -> int:
    """Return about how many tokens a text is to today's models.

    Within a tenth of what the tokenizers of Llama 3.2, Qwen 2.5 and DeepSeek V4 count for this
    package's own English prompts, an eighth below that of SmolLM2 with its small vocabulary; more
    than they count for other languages.
    """
    return sum(
        -(-len(piece[0]) // _LONGEST) if piece["word"] else 0 if piece["blank"] == " " else 1
        for piece in _PIECES.finditer(text)
    )

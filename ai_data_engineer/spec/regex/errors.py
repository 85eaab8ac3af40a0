"""What is wrong with a regular expression or with a text that replaces its matches."""

from __future__ import annotations


class RegexError(ValueError):
    """A message that says what is wrong and where, and a hint what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

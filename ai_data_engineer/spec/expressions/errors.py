"""What is wrong with an expression, before it becomes a finding."""

from __future__ import annotations

from sqlglot import exp


class ExpressionError(Exception):
    """A code, a message and a hint; `node` is the part of the expression that it is about."""

    def __init__(
        self, code: str, message: str, hint: str = "", node: exp.Expr | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.start = None if node is None else start_of(node)


def start_of(node: exp.Expr) -> int | None:
    """Return the index of the node's first character, where the parser kept any."""
    starts = [n.meta["start"] for n in node.walk() if "start" in n.meta]
    return min(starts, default=None)


def place(text: str, start: int | None) -> str:
    """Return where that is, in words: `character 8`, with the line where there are several."""
    if start is None:
        return ""
    line = text.count("\n", 0, start) + 1
    character = start - (text.rfind("\n", 0, start) + 1) + 1
    return f"character {character}" if "\n" not in text else f"line {line}, character {character}"

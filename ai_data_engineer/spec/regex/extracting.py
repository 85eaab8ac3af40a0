"""What a match has taken, in polars."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, lit, null_unless
from ai_data_engineer.spec.gating import raw
from ai_data_engineer.spec.regex import Regex


def extracted(text: Code, regex: Regex, group: int) -> Code:
    """Return one group of the first match, or for 0 the match as a whole.

    Null without a match, and for a group that can be passed by where it takes nothing: the other
    engines do not tell these two apart.
    """
    taken = code(
        "{text}.str.extract({pattern}, {group})",
        text=text,
        pattern=raw(regex.polars),
        group=lit(group),
    )
    capture = regex.captures[group]
    unclear = capture.is_optional and capture.can_be_empty
    return null_unless(taken, 'x != ""') if unclear else taken

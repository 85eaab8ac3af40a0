"""Data in a prompt: marked, so that whatever it says it cannot pass for rules.

Names of columns, fields and sources, goals and findings were written by anyone. They stand between
`<data>` and `</data>`, where no `<` is left as it is and nothing that is invisible or turns the
direction of writing round: JSON escapes say the same and do nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from ai_data_engineer.specifying.privacy.aliases import Aliases

MAX_NAME = 80
"""Characters of a name that are shown."""
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_TYPE = re.compile(r"[a-z0-9]+(\([0-9, ]+\))?|list<[a-z0-9]+>")
_MARK = re.compile(r"<(\s*/?\s*data\s*>)", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SUSPECT = re.compile(r"[^\n -;=-~]")
"""All but what stands in plain English text; most texts hold nothing else."""


@dataclass(frozen=True)
class Names:
    """The one way for names and texts into a prompt: hidden where they must be, then marked."""

    aliases: Aliases

    def name(self, name: str) -> str:
        """Return a name that an answer may hold: quoted where it is no identifier."""
        hidden = self.aliases.hide_name(name)
        return hidden if _PLAIN.fullmatch(hidden) and len(hidden) <= MAX_NAME else quoted(hidden)

    def type(self, kind: str) -> str:
        """Return a written type: as it is where it is plain, else quoted."""
        hidden = self.aliases.hide_type(kind)
        return hidden if _PLAIN_TYPE.fullmatch(hidden) else quoted(hidden)

    def label(self, name: str) -> str:
        """Return a name that no answer holds: quoted."""
        return quoted(self.aliases.hide_name(name))

    def text(self, text: str, longest: int) -> str:
        """Return a text in quotes, of at most about so many characters."""
        return quoted(self.aliases.hide(text), longest)


def data(text: str) -> str:
    """Return text between the marks; it is made of constants and of what `Names` returns."""
    inside = _MARK.sub(lambda mark: f"\\u003c{mark[1]}", text)
    return f"<data>\n{inside}\n</data>"


def as_json(value: Any) -> str:
    """Return compact JSON in which nothing is invisible."""
    return _escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def quoted(text: str, longest: int = MAX_NAME) -> str:
    """Return a text in double quotes, as JSON writes it, cut in the middle where it is long."""
    return as_json(shortened(text, longest))


def shortened(text: str, longest: int) -> str:
    """Return a text of at most about so many characters.

    The beginning and the end stay, with the number of characters between: long names often begin
    alike and end differently.
    """
    if len(text) <= longest:
        return text
    end = longest // 3
    return f"{text[: longest - end]}…{len(text) - longest}…{text[-end:]}"


def _escaped(text: str) -> str:
    return _SUSPECT.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character != "<" and unicodedata.category(character) not in _INVISIBLE:
        return character
    return json.dumps(character)[1:-1] if character != "<" else "\\u003c"

"""Findings: what is wrong with a spec, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

from ai_data_engineer.document import Document


class Finding(Document):
    """One thing wrong with a spec; also what a model is shown when it is asked again."""

    code: str
    """`E_…`, stable, documented in `docs/errors.md`."""
    pointer: str
    """JSON pointer into the spec, such as `/steps/2/where`."""
    message: str
    """What is wrong, naming the fix."""
    hint: str = ""
    """A way to mend it, such as the nearest name."""
    severity: Literal["error", "warning"] = "error"
    gate: Literal["schema", "rules", "data", "verification"] = "rules"


class Findings:
    """Collects findings under a pointer; `at()` narrows it."""

    def __init__(self, pointer: str = "", into: list[Finding] | None = None) -> None:
        self.pointer = pointer
        self.items: list[Finding] = [] if into is None else into

    def at(self, *keys: str | int) -> Findings:
        """Return a collector for a place below this one; both share one list."""
        escaped = (str(k).replace("~", "~0").replace("/", "~1") for k in keys)
        return Findings("/".join((self.pointer, *escaped)), self.items)

    def error(self, code: str, message: str, hint: str = "") -> None:
        """Add an error here."""
        self.items.append(Finding(code=code, pointer=self.pointer, message=message, hint=hint))

    def warning(self, code: str, message: str, hint: str = "") -> None:
        """Add a warning here; a spec with warnings alone is valid."""
        self.items.append(
            Finding(code=code, pointer=self.pointer, message=message, hint=hint, severity="warning")
        )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known name, or lists a few, or nothing."""
    names = list(known)
    folded = {n.lower(): n for n in names}
    if match := difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6):
        return f"Did you mean `{folded[match[0]]}`?"
    if not names:
        return ""
    more = ", …" if len(names) > 10 else ""
    return f"Known here: {', '.join(f'`{n}`' for n in names[:10])}{more}."

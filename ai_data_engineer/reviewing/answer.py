"""What a person decided, and the specification that they mean by it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from ai_data_engineer.document import Document
from ai_data_engineer.reviewing.shown import Shown
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.specifying.provenance import Specified

Decision = Literal["accept", "edit", "refuse"]
MAX_TEXT = 2_000_000
"""Characters of an edited specification; what is longer was not written by a person."""


class Verdict(Document):
    """A person's answer."""

    decision: Decision
    reviewer: str = ""
    reason: str = ""
    specification: str = ""
    """As JSON text; empty where it is the one that was shown."""

    @property
    def is_refused(self) -> bool:
        """Whether there is to be no project."""
        return self.decision == "refuse"

    @property
    def by(self) -> str:
        """Who decided, for a sentence."""
        return self.reviewer.strip() or "a person who gave no name"


def corrected(
    shown: Shown, verdict: Verdict, given: Sequence[dict[str, Any]]
) -> tuple[Specified | None, tuple[Finding, ...]]:
    """Return the specification that the person means, marked as reviewed, or what keeps it from it.

    A text that was changed is what the person wants, whether they chose `accept` or `edit`. It is
    not validated here. `given` are the sources of the request as the specification was given them:
    which data is read is not the reviewer's to change, since it is what was profiled and allowed.
    """
    text = verdict.specification.strip() or shown.text
    document, wrong = _read(text)
    if document is None:
        return None, (wrong,) if wrong else ()
    moved = _moved(document, given)
    if moved is not None:
        return None, (moved,)
    proposed = shown.proposed
    was_edited = proposed.provenance.reviewed == "edited" or document != proposed.document
    provenance = proposed.provenance.model_copy(
        update={"reviewed": "edited" if was_edited else "accepted"}
    )
    return proposed.model_copy(update={"document": document, "provenance": provenance}), ()


def _read(text: str) -> tuple[dict[str, Any] | None, Finding | None]:
    def wrong(message: str) -> tuple[None, Finding]:
        hint = "Mend the text; nothing of it was lost."
        return None, Finding(code="E_SPEC", pointer="", message=message, hint=hint, gate="schema")

    if len(text) > MAX_TEXT:
        return wrong(f"The text is longer than {MAX_TEXT:,} characters.")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return wrong(f"The text is not JSON: {error.msg} at {place}.")
    except (RecursionError, ValueError):  # nested without end; a number of thousands of digits
        return wrong("The text is nested too deeply, or holds a number that is too long.")
    if not isinstance(document, dict):
        return wrong("A specification is a JSON object.")
    return document, None


def _moved(document: dict[str, Any], given: Sequence[dict[str, Any]]) -> Finding | None:
    sources = document.get("sources")
    if not isinstance(sources, list) or not all(isinstance(s, dict) for s in sources):
        return None  # the first gate says it better
    if [s.get("uri") for s in sources] == [s.get("uri") for s in given]:
        return None
    return Finding(
        code="E_OTHER_SOURCES",
        pointer="/sources",
        message="The addresses of the sources are not those that were asked for.",
        hint="Leave every `uri` as it was, in its order; start a run of its own for other data.",
        gate="rules",
    )

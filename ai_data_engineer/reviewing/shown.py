"""What a person is shown of a specification: pinned, so that this and no other is decided on."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.specifying.provenance import Specified


class Shown(Document):
    """One round of a review. It is kept until the next one, for the run that comes back."""

    number: int = Field(1, ge=1)
    """Which round it is; what was found in one is shown in the next."""
    proposed: Specified
    """What is to be decided on, or was, before the person wrote something of their own."""
    text: str
    """The specification as JSON text in the form: the proposed one's, or the person's own."""
    sources: tuple[str, ...]
    """Digests of the sources' content, in order."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with the text, or worth knowing."""
    note: str = ""
    """Why it is shown again, in a sentence."""
    calls: int = Field(0, ge=0)
    """Requests that were sent to models so far."""

    @property
    def key(self) -> str:
        """Return what names this round: the same round, text and content have the same key.

        An answer belongs to a key, so it can never be taken for an answer to something else.
        """
        parts = json.dumps([self.text, *self.sources])
        return f"review-{self.number}-{hashlib.sha256(parts.encode()).hexdigest()[:16]}"

    def with_note(self, note: str, findings: tuple[Finding, ...] | None = None) -> Shown:
        """Return it with why it is shown again."""
        found = self.findings if findings is None else findings
        return self.model_copy(update={"note": note, "findings": found})

    def again(self, text: str, findings: tuple[Finding, ...], note: str) -> Shown:
        """Return the next round, with the person's own text and what was found in it."""
        return self.model_copy(
            update={"number": self.number + 1, "text": text, "findings": findings, "note": note}
        )


def as_text(document: dict[str, Any]) -> str:
    """Return a specification as a person edits it."""
    return json.dumps(document, indent=2, ensure_ascii=False)

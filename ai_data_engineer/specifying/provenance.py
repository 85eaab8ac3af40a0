"""Where a spec comes from: every attempt, what was sent, what came back."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.spec.spec import PipelineSpec


class Answer(Document):
    """What a model said, and what it cost in tokens."""

    text: str
    model: str
    input_tokens: int = Field(0, ge=0)
    output_tokens: int = Field(0, ge=0)
    """Thoughts included."""


class Attempt(Document):
    """One try at writing the spec."""

    provider: str
    """`offline` or `gemini`."""
    model: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    error: str | None = None
    """Code of the error that ended it, such as `E_PROVIDER_BUSY`."""
    findings: tuple[Finding, ...] = ()
    """What was wrong with the attempt before it, as the model was told."""
    sent: str | None = None
    """Exactly what the model was sent."""
    received: str | None = None
    """Exactly what it answered."""


class Provenance(Document):
    """The goal, and the attempts in their order; the last one wrote the spec."""

    goal: str = ""
    attempts: tuple[Attempt, ...] = ()
    fell_back: bool = False
    """Whether the offline planner stepped in for a model."""

    @property
    def provider(self) -> str:
        """Who wrote the spec."""
        return self.attempts[-1].provider if self.attempts else "unknown"


class Specified(Document):
    """A proposed spec as a document, not yet validated, and where it comes from."""

    document: dict[str, Any]
    provenance: Provenance

    @property
    def spec(self) -> PipelineSpec:
        """The document as a spec; raises pydantic's ValidationError when it is none."""
        return PipelineSpec.model_validate(self.document)

"""Where a spec comes from: every attempt, what was sent, what came back, what it cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.spec.spec import PipelineSpec

OFFLINE = "offline"


class Attempt(Document):
    """One try at writing the spec."""

    provider: str
    """`offline`, or who asked the model: `gemini`, `google-genai`, `openai`, `replay`."""
    model: str | None = None
    parameters: dict[str, int | float | bool] = {}
    """What the model was asked with, such as `temperature` and `max_output_tokens`."""
    input_tokens: int = Field(0, ge=0)
    output_tokens: int = Field(0, ge=0)
    """Thoughts included."""
    thought_tokens: int = Field(0, ge=0)
    cached_tokens: int = Field(0, ge=0)
    """Part of the input that the service had kept from an earlier request."""
    cost: float | None = Field(None, ge=0)
    """US dollars; None where no price is known."""
    calls: int = Field(0, ge=0)
    """Requests that it took, those that failed included."""
    shared: bool = False
    """Whether another run asked the same at the same time; it paid, and its answer is this one."""
    failures: tuple[str, ...] = ()
    """Codes of the requests that failed before the one that did not."""
    error: str | None = None
    """Code of the error that ended it, such as `E_PROVIDER_BUSY`."""
    message: str = ""
    """That error in words, with how to mend it."""
    findings: tuple[Finding, ...] = ()
    """What was wrong with the attempt before it; without hints, for these list names, and a name
    may be a value (a pivot's). What the model was told stands in `sent`."""
    sent: str | None = None
    """Exactly what the model was sent: the rules, a line end, the question."""
    received: str | None = None
    """Exactly what it answered."""

    @property
    def is_model(self) -> bool:
        """Whether a model was asked."""
        return self.provider != OFFLINE


class Provenance(Document):
    """The goal, and the attempts in their order; the last one wrote the spec."""

    goal: str = ""
    attempts: tuple[Attempt, ...] = ()
    fell_back: bool = False
    """Whether the offline planner stepped in for a model."""
    reviewed: Literal["accepted", "edited"] | None = None
    """What a person did with it before a project was made of it; left out where nobody was asked.
    Edited, it is no longer word for word what the last attempt wrote."""

    @property
    def provider(self) -> str:
        """Who wrote the spec."""
        return self.attempts[-1].provider if self.attempts else "unknown"

    @property
    def asked(self) -> tuple[Attempt, ...]:
        """The attempts of models."""
        return tuple(a for a in self.attempts if a.is_model)

    @property
    def tokens(self) -> int:
        """All tokens, in and out."""
        return sum(a.input_tokens + a.output_tokens for a in self.attempts)

    @property
    def cost(self) -> float | None:
        """US dollars for all attempts; None where the price of one is not known."""
        costs = [a.cost for a in self.asked if a.calls]
        return None if None in costs else sum(c for c in costs if c is not None)

    @property
    def fell_back_because(self) -> str:
        """Return why the offline planner stepped in, in a sentence; empty when it did not."""
        if not self.fell_back:
            return ""
        last = self.asked[-1] if self.asked else None
        if last is not None and last.message:
            return last.message
        # Codes alone: a pointer may hold the name of a column, and that a value.
        codes = dict.fromkeys(f.code for a in self.attempts[-1:] for f in a.findings)
        which = f": {', '.join(codes)}" if codes else ""
        return f"The model's specification had findings that it did not mend{which}."

    def with_findings_said(self, say: Callable[[str], str]) -> Provenance:
        """Return it with the texts of its findings put in other words."""
        attempts = [
            a.model_copy(
                update={
                    "findings": tuple(
                        f.model_copy(update={"message": say(f.message)}) for f in a.findings
                    )
                }
            )
            for a in self.attempts
        ]
        return self.model_copy(update={"attempts": tuple(attempts)})

    def with_attempt(self, attempt: Attempt) -> Provenance:
        """Return it with one attempt more, which nobody has reviewed yet."""
        return self.model_copy(update={"attempts": (*self.attempts, attempt), "reviewed": None})


class Specified(Document):
    """A proposed spec as a document, not yet validated, and where it comes from."""

    document: dict[str, Any]
    provenance: Provenance
    from_cache: bool = Field(False, exclude=True)
    """Whether an earlier answer to the very same question was taken. No part of the content: the
    same answers give the same bundle."""

    suggestions: tuple[str, ...] = Field((), exclude=True)
    """Goals that were asked of such sources before and sound alike: offered, never served."""

    problem: str = Field("", exclude=True)
    """What kept earlier answers from being looked for, for a person to read."""

    @property
    def spec(self) -> PipelineSpec:
        """The document as a spec; raises pydantic's ValidationError when it is none."""
        return PipelineSpec.model_validate(self.document)

    @property
    def may_be_mended(self) -> bool:
        """Whether somebody can be asked for a better one: a model, or the person who reviewed it.

        The offline planner cannot.
        """
        return self.provenance.provider != OFFLINE or self.provenance.reviewed is not None

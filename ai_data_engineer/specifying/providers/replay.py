"""Answers that a bundle has on record, given again: the same pipeline without a model or a key."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, NonNegativeInt, SecretStr, ValidationError

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers.protocol import Answer, Question, Usage

_MOST_BYTES = 64 * 1024**2
_HINT = "Set ADE_REPLAY_FILE to provenance/provenance.json of a bundle that a model has written."


class _Lenient(BaseModel):
    """What is needed of a record, whichever version has written it."""

    model_config = ConfigDict(extra="ignore")


class _Attempt(_Lenient):
    model: str | None = None
    input_tokens: NonNegativeInt = 0
    output_tokens: NonNegativeInt = 0
    thought_tokens: NonNegativeInt = 0
    cached_tokens: NonNegativeInt = 0
    sent: str | None = None
    received: str | None = None


class _Record(_Lenient):
    attempts: tuple[_Attempt, ...]


class Replay:
    """Finds the recorded attempt that was sent the very same text."""

    name = "replay"

    def __init__(self, file: Path) -> None:
        self._file = file

    def ask(self, question: Question, key: SecretStr | None) -> Answer:
        """Return the recorded answer; of several the last, for those before it did not do.

        Raises:
            ProviderError: E_NOT_RECORDED, when this question was never answered.
        """
        sent = f"{question.system}\n{question.prompt}"
        for attempt in reversed(self._attempts()):
            if attempt.sent == sent and attempt.received is not None:
                return Answer(
                    text=attempt.received,
                    model=attempt.model or self.name,
                    usage=Usage(
                        input_tokens=attempt.input_tokens,
                        output_tokens=attempt.output_tokens,
                        thought_tokens=attempt.thought_tokens,
                        cached_tokens=attempt.cached_tokens,
                    ),
                )
        raise ProviderError(
            "This question is not on record.",
            code="E_NOT_RECORDED",
            location=self._file.name,
            hint="Goal, sources and version must be those of the recorded run; "
            "ask the model once more for a new record.",
        )

    def models(self, key: SecretStr | None, timeout: float = 10.0) -> list[str]:
        """Return the models whose answers are on record."""
        return sorted({a.model for a in self._attempts() if a.model and a.received is not None})

    def _attempts(self) -> tuple[_Attempt, ...]:
        try:
            with self._file.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
            if len(data) > _MOST_BYTES:
                raise ValueError
            return _Record.model_validate_json(data).attempts
        except OSError:
            problem = "The record cannot be read."
        except (ValidationError, ValueError):
            problem = "This is no record of a run."
        raise ProviderError(problem, code="E_NOT_RECORDED", location=self._file.name, hint=_HINT)

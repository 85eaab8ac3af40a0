"""Answers that a bundle has on record, given again: the same pipeline without a model or a key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr, ValidationError

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers.protocol import Answer, Question, Usage

if TYPE_CHECKING:
    from ai_data_engineer.specifying.provenance import Attempt

_MOST_BYTES = 64 * 1024**2
_HINT = "Set ADE_REPLAY_FILE to provenance/provenance.json of a bundle that a model has written."


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
                        input_tokens=attempt.input_tokens, output_tokens=attempt.output_tokens
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

    def _attempts(self) -> tuple[Attempt, ...]:
        # With it come all operators, which whoever asks a model has not yet needed.
        from ai_data_engineer.specifying.provenance import Provenance

        try:
            with self._file.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
            if len(data) > _MOST_BYTES:
                raise ValueError
            return Provenance.model_validate_json(data).attempts
        except OSError:
            problem = "The record cannot be read."
        except (ValidationError, ValueError):
            problem = "This is no record of a run."
        raise ProviderError(problem, code="E_NOT_RECORDED", location=self._file.name, hint=_HINT)

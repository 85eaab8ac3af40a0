"""The base of every document that crosses a boundary."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """A strict, immutable pydantic model with one canonical JSON form."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    def to_json(self) -> str:
        """Return indented JSON, keys in field order, without unset optional fields, newline-ended."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, leaving out fields that are None."""
        return self.model_dump(mode="json", exclude_none=True, by_alias=True)

    def content_digest(self) -> str:
        """Return the sha256 of the canonical JSON (sorted keys, no white space), in hex."""
        canonical = json.dumps(
            self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Parse JSON text; raises pydantic's ValidationError."""
        return cls.model_validate_json(text)

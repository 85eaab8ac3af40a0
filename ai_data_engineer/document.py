"""The base of every document that crosses a boundary."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer


class Document(BaseModel):
    """A strict, immutable pydantic model with one canonical JSON form."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    def to_json(self) -> str:
        """Return indented JSON: keys in field order, Nones by default left out, newline-ended."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, leaving out fields that are None by default and None here."""
        return self.model_dump(mode="json", by_alias=True)

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

    @model_serializer(mode="wrap")
    def _leave_out_nones(self, serialize: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]
        # A None that stands for something (no quote, no header) where the default says otherwise
        # has to survive the way through JSON; `exclude_none` would lose it. There is no return type
        # because pydantic would take it for the JSON Schema.
        written: dict[str, Any] = serialize(self)
        optional = {
            name
            for field, info in type(self).model_fields.items()
            if info.default is None
            for name in (field, info.serialization_alias)
        }
        return {k: v for k, v in written.items() if v is not None or k not in optional}

"""What is remembered of a pipeline in use: its specification, and what it was made for."""

from __future__ import annotations

import hashlib
import json

from ai_data_engineer.document import Document
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.requests import GenerateRequest
from ai_data_engineer.specifying.provenance import Specified


class Proposal(Document):
    """A specification for sources that have changed, which nobody has accepted yet."""

    drift: str
    """Digest of what had changed: while it is the same, nothing is proposed again."""
    run_id: str
    """Of the Prefect flow run that proposed it."""
    proposed: Specified | None = None
    """None where there is nothing to make one of: no record is left."""
    path: str | None = None
    """Where it lies as JSON, for a person to read."""


class InUse(Document):
    """A pipeline, the profiles that it was made for, and what waits to take its place."""

    proposed: Specified
    profiles: tuple[FileProfile, ...]
    bundle: str
    sha256: str
    proposal: Proposal | None = None


def key_of(request: GenerateRequest) -> str:
    """Return the key under which a pipeline is remembered: the same sources and goal have one."""
    asked = json.dumps([request.sources, request.goal.strip()])
    return f"in-use/{hashlib.sha256(asked.encode()).hexdigest()}"

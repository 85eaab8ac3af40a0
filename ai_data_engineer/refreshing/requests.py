"""What is asked of a pipeline that is watched over, and what became of it: `refresh`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.profiling.drift.document import Drift
from ai_data_engineer.requests import GenerateRequest


class RefreshRequest(GenerateRequest):
    """A pipeline to be made once, and to be watched over from then on."""

    accept: bool = Field(
        False, title="Accept the proposed specification", json_schema_extra={"position": 7}
    )
    """Whether the specification that was proposed when the sources changed takes the place of the
    one in use. For a run by hand: left off in a schedule, nothing is replaced without a person."""


class RefreshResult(Document):
    """What became of a pipeline in use."""

    outcome: Literal["made", "unchanged", "drifted", "accepted"]
    """`made`: there was none yet. `unchanged`: it still fits its sources, and nothing was made.
    `drifted`: it no longer fits, and what is proposed waits for a person. `accepted`: what was
    proposed has taken its place."""
    name: str
    """Name of the pipeline in use."""
    bundle: str
    """Path of its bundle."""
    sha256: str
    """Digest of the bundle, in hex."""
    drifts: tuple[Drift, ...] = ()
    """What changed of each source since the pipeline was made; empty for a new one."""
    findings: tuple[str, ...] = ()
    """What the gates find of the specification in use now, as text."""
    proposal: str | None = None
    """Path of the specification that is proposed, as JSON."""
    is_new: bool = False
    """Whether this run was the first to see this drift."""
    reviewed_by: str | None = None
    """The name that a reviewer gave."""
    run_id: str | None = None
    """Id of the Prefect flow run."""
    run_name: str | None = None

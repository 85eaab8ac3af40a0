"""What the nightly maintenance is asked for, and what becomes of each part of it."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from ai_data_engineer.document import Document


class MaintainRequest(Document):
    """What is done, and how much is kept."""

    model_config = ConfigDict(hide_input_in_errors=True)

    dry_run: bool = Field(False, title="Only look", json_schema_extra={"position": 0})
    """Say what would be removed, and remove and write nothing."""
    bundle_days: int | None = Field(
        None, ge=1, title="Days that bundles are kept", json_schema_extra={"position": 1}
    )
    """Older bundles that nobody named are removed; left empty, none ever is."""
    backups: int = Field(30, ge=0, title="Backups that are kept", json_schema_extra={"position": 2})
    """The newest ones; 0 makes no backup and removes none."""
    run_days: int = Field(
        90, ge=1, title="Days after which runs are old", json_schema_extra={"position": 3}
    )
    """Prefect's server removes them where it is told to; here they are counted."""


class Outcome(Document):
    """What became of one part."""

    outcome: Literal["done", "attention", "failed"] = "done"
    """`attention`: it was done, and a person has to mend something."""
    removed: int = Field(0, ge=0)
    freed_bytes: int = Field(0, ge=0)
    said: str = ""

"""What a batch is asked for and what came of it: the form and the answer of `batch`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ai_data_engineer.document import Document
from ai_data_engineer.errors import AdeError
from ai_data_engineer.requests import Provider, SourceUri

Ending = Literal["done", "failed", "crashed", "timed_out", "cancelled", "not_run"]


class BatchRequest(Document):
    """Many sources, of each of which a pipeline of its own is to be made."""

    model_config = ConfigDict(hide_input_in_errors=True)

    sources: Annotated[list[SourceUri], Field(max_length=10_000)] = Field(
        [],
        title="Sources",
        examples=[["examples/*.csv"], ["s3://shop/2024/**/*.csv"]],
        json_schema_extra={"position": 0},
    )
    """Paths, addresses and globs. Each file that a glob names is a source of its own."""
    manifest: SourceUri | None = Field(
        None, title="Manifest", examples=["sources.csv"], json_schema_extra={"position": 1}
    )
    """A CSV or JSON file of sources, with columns or keys `source` and, if wanted, `goal`. Paths
    in it begin at its own folder."""
    goal: str = Field("", title="Goal", max_length=4000, json_schema_extra={"position": 2})
    """What is wanted of each source that the manifest names no goal for, in plain words."""
    provider: Provider = Field(
        "auto", title="Who writes the specifications", json_schema_extra={"position": 3}
    )
    """`auto` takes a model where there is a key, else the deterministic offline planner."""
    minutes_each: float = Field(
        30.0, gt=0, le=24 * 60, title="Minutes for each source", json_schema_extra={"position": 4}
    )
    """A source that takes longer is given up, and the process that works on it ended."""

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.sources and self.manifest is None:
            raise ValueError("name sources or a manifest")
        return self


class Item(Document):
    """One source and what is wanted of it."""

    source: str
    goal: str


class Outcome(Document):
    """What became of one source."""

    source: str
    """Its address, or where in the manifest it stands if that cannot be read."""
    goal: str = ""
    ending: Ending
    bundle: str | None = None
    """Where the ZIP lies."""
    code: str | None = None
    """Code of the error (`E_…`)."""
    problem: str | None = None
    """The error: what, where and how to mend it."""
    seconds: float = Field(0.0, ge=0)
    run_id: str | None = None
    """Id of the source's own flow run."""


class BatchResult(Document):
    """What became of all of them."""

    sources: int = Field(ge=0)
    """How many there were, each once."""
    endings: dict[Ending, int]
    """How many ended how."""
    repeated: int = Field(ge=0)
    """Sources that were named again with the same goal, and done once."""
    seconds: float = Field(ge=0)
    """By the clock."""
    outcomes: tuple[Outcome, ...]
    """Of each source, in the order in which they were named."""

    @property
    def failed(self) -> int:
        """How many sources have no bundle."""
        return self.sources - self.endings.get("done", 0)


class BatchFailed(AdeError):
    """Some sources have no bundle; `result` has the outcome of each source.

    An error, for Prefect makes one of whatever a failed run returns, and of a document it cannot.
    """

    code = "E_BATCH"

    def __init__(self, message: str, *, result: BatchResult, **said: str) -> None:
        super().__init__(message, **said)
        self.result = result

    @classmethod
    def of(cls, result: BatchResult) -> Self:
        """Return the error that says how many failed."""
        return cls(
            f"{result.failed} of {result.sources} sources failed.",
            result=result,
            hint="Its artifact `batch-sources` says which and why. "
            "Run it again to do what is missing.",
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.message, self.code, self.location, self.hint, self.result))


def _rebuild(message: str, code: str, location: str, hint: str, result: BatchResult) -> BatchFailed:
    return BatchFailed(message, code=code, location=location, hint=hint, result=result)

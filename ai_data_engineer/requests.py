"""What a person asks for and what they get: the form and the answer of `generate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from ai_data_engineer.document import Document
from ai_data_engineer.errors import AdeError
from ai_data_engineer.io.addresses import CREDENTIALS, has_credentials
from ai_data_engineer.packaging.places import problem_of


def _without_credentials(uri: str) -> str:
    # A request is kept, in clear, by whoever runs it: what is secret must not be in it.
    if has_credentials(uri):
        raise ValueError(
            "the address holds credentials; give them to the process that reads it "
            "(AWS_ACCESS_KEY_ID, a profile, a role) and leave them out here"
        )
    return uri


SourceUri = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2048),
    AfterValidator(_without_credentials),
    # Refused by the server as well, before a run exists; (?i) may stand only at the very start.
    Field(json_schema_extra={"not": {"pattern": CREDENTIALS}}),
]

Provider = Literal["auto", "offline", "gemini", "google-genai", "openai", "replay"]


def _bundle_place(place: str) -> str:
    if problem := problem_of(place):
        raise ValueError(problem)
    return place


BundlePlace = Annotated[
    str,
    BeforeValidator(lambda place: str(place) if isinstance(place, Path) else place),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2048),
    AfterValidator(_bundle_place),
    Field(json_schema_extra={"not": {"pattern": CREDENTIALS}}),
]


def _position(number: int) -> dict[str, Any]:
    return {"position": number}


class GenerateRequest(Document):
    """A pipeline to be made: from which data, and what for."""

    model_config = ConfigDict(hide_input_in_errors=True)

    sources: Annotated[list[SourceUri], Field(min_length=1, max_length=50)] = Field(
        title="Sources",
        examples=[["examples/orders.csv"], ["s3://shop/orders/2024-*.csv.gz"]],
        json_schema_extra=_position(0),
    )
    """Where the data lies: paths and globs on the machine that runs it (the worker's), `s3://…` or
    `https://…` addresses, without credentials."""
    goal: str = Field(
        "",
        title="Goal",
        max_length=4000,
        examples=["total amount by month and country, only paid orders, as CSV"],
        json_schema_extra=_position(1),
    )
    """What is wanted, in plain words. Left empty, the data is cleaned, typed and checked."""
    provider: Provider = Field(
        "auto", title="Who writes the specification", json_schema_extra=_position(2)
    )
    """`auto` takes Gemini where there is a key, else an OpenAI-compatible server that is set, else
    the deterministic offline planner."""
    output: BundlePlace | None = Field(
        None,
        title="Bundle file",
        examples=["bundles/orders.zip", "s3://shop/bundles/orders.zip"],
        json_schema_extra=_position(3),
    )
    """Where the ZIP is put: a path, or `s3://bucket/key` without credentials. Left empty: where
    ADE_BUNDLES says, else in `bundles` below ADE_HOME, named after its content."""
    show_examples: bool = Field(
        False, title="Show the model redacted examples", json_schema_extra=_position(4)
    )
    """Whether a model sees examples of values, of harmless columns and redacted, besides names,
    types and rates. Left off, ADE_LLM_SAMPLES says it, which shows none by itself."""
    use_cache: bool = Field(
        True,
        title="Use an earlier specification for the same question",
        json_schema_extra=_position(5),
    )
    """Whether a valid specification is given again for the very same question; off asks anew."""
    review: bool = Field(False, title="Wait for my review", json_schema_extra=_position(6))
    """Whether a person sees the specification, and may edit or refuse it, before a project is made
    of it. The run waits for ADE_REVIEW_DAYS and holds no process meanwhile."""

    @classmethod
    def checked(cls, **fields: object) -> Self:
        """Return the request; raises AdeError `E_REQUEST` naming each field and what is wrong."""
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            problems = [
                (".".join(map(str, e["loc"])), e["msg"].removeprefix("Value error, "))
                for e in error.errors()
            ]
        raise AdeError(
            " ".join(f"{at}: {what[0].upper()}{what[1:]}." for at, what in problems),
            code="E_REQUEST",
        )


class ProfileRequest(Document):
    """A source to be measured."""

    model_config = ConfigDict(hide_input_in_errors=True)

    source: SourceUri = Field(
        title="Source",
        examples=["examples/orders.csv", "s3://shop/orders/2024-*.csv.gz"],
        json_schema_extra=_position(0),
    )
    """Where the data lies: a path or a glob on the machine that runs it (the worker's), `s3://…` or
    `https://…`, without credentials."""
    full: bool = Field(False, title="Read every record", json_schema_extra=_position(1))
    """Whether the whole source is read, in bounded memory, instead of a sample."""
    page: Path | None = Field(
        None,
        title="Report",
        examples=["reports/orders.html"],
        json_schema_extra=_position(2),
    )
    """Where a page with all figures and charts is put; it shows values. Left empty: nowhere."""


class GenerateResult(Document):
    """Where the bundle lies and how it came to be."""

    bundle: str
    """Where the ZIP lies: a path, or `s3://bucket/key`."""
    sha256: str
    """Digest of the ZIP, in hex."""
    name: str
    """Name of the pipeline; the project's package has it too."""
    provider: str
    """Who wrote the specification: `offline`, or the provider of the model that did."""
    fell_back: bool = False
    """Whether the offline planner stepped in for a model."""
    fell_back_because: str = ""
    """Why it did, in a sentence with the code of the failure; empty where it did not."""
    tokens: int = Field(0, ge=0)
    """What models took in and gave out for this specification, repairs and failures included."""
    cost: float | None = Field(None, ge=0)
    """The same in US dollars; left out where a price is not known."""
    assumptions: tuple[str, ...] = ()
    """What was understood of the goal, what was not, and what was decided."""
    warnings: tuple[str, ...] = ()
    """Findings that do not make the specification invalid, as text."""
    reviewed: Literal["accepted", "edited"] | None = None
    """What a person did with the specification; left out where nobody was asked."""
    reviewed_by: str | None = None
    """The name that they gave."""
    run_id: str | None = None
    """Id of the Prefect flow run."""
    run_name: str | None = None


class Refusal(Document):
    """The result of a run whose specification a person refused: there is no bundle."""

    name: str
    """Name of the pipeline that is not made."""
    refused_by: str
    """The name that the person gave, or that they gave none."""
    reason: str = ""
    run_id: str | None = None
    """Id of the Prefect flow run."""
    run_name: str | None = None

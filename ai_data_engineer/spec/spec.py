"""`PipelineSpec`: the pipeline as one document that a person reviews; its names are a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.parsing import Parse
from ai_data_engineer.sources.dialect import Compression, Dialect, Format, SheetLayout
from ai_data_engineer.spec.operators.base import ColumnName, Identifier, OnError, Step
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.types import LogicalType


class SourceColumn(Document):
    """A column of a source: where its text is found and what it becomes."""

    name: ColumnName
    """Name from here on."""
    source_name: str = ""
    """Name as found in the source; empty when the source names none."""
    path: tuple[str, ...] = ()
    """Keys from the record to the value (JSON, XML, Avro); `@x` is an attribute, `#text` the text;
    in a workbook the column's name, or `column C` where it has none."""
    type: LogicalType
    nullable: bool = True
    """False: a missing value sets the row aside."""
    parse: Parse = Parse()
    pii: str | None = None
    """Class of personal data, from the profile."""


class Source(Document):
    """Where rows come from and how they are read."""

    id: Identifier
    uri: str = Field(min_length=1, max_length=2048)
    """A path, glob, `s3://…` or `https://…` address, without credentials; `archive.zip!/name` is a
    file in an archive."""
    format: Format
    compression: Compression = "none"
    encoding: str | None = None
    dialect: Dialect | None = None
    """Only for CSV and its relatives, and fixed-width text."""
    record_path: str | None = None
    """JSON: pointer to the array of records, or with the steps `*` (each member, its name the
    column `@key`), `1:` (from the second item on), `~columns`, and `*` in front (documents one
    behind another); XML: path of the record element."""
    sheet: SheetLayout | None = None
    """Only for workbooks."""
    columns: list[SourceColumn] = Field(min_length=1)
    file_column: ColumnName | None = None
    """New column, behind the others, that takes the name of the file each row came from (without
    its folder): for globs and archives."""
    on_error: OnError = "quarantine"
    """What becomes of a value that does not parse as its column's type."""


class Output(Document):
    """What is written, where and how."""

    id: Identifier
    input: Identifier
    """Id of the step or source that is written."""
    format: Literal["parquet", "csv", "ndjson"] = "parquet"
    path: str = Field(min_length=1, max_length=255)
    """Path below the output directory, such as `orders.parquet`; a directory when partitioned."""
    mode: Literal["overwrite", "append", "upsert"] = "overwrite"
    """overwrite: in place of what is there; append: behind it, the same delivery once only; upsert:
    in place of the rows with the same keys. Each can be repeated."""
    keys: list[ColumnName] = []
    """Columns that identify a row, for upsert."""
    partition_by: list[ColumnName] = []
    """Columns whose values name the partitions' folders (`column=value`)."""


class Expectation(Document):
    """A Great Expectations expectation and where it holds."""

    on: Identifier
    """Id of the source, step or output whose rows are judged."""
    type: str = Field(pattern=r"^expect_[a-z_]+$")
    kwargs: dict[str, Any] = {}
    severity: Literal["critical", "warning"] = "critical"
    """critical: nothing is published when it fails; warning: it is reported."""
    note: str = ""


class Schedule(Document):
    """When the pipeline runs."""

    cron: str = Field(max_length=200, examples=["0 3 * * *"])
    timezone: str = "UTC"


class Trigger(Document):
    """What starts the pipeline besides a schedule."""

    event: Literal["file_arrival"] = "file_arrival"
    pattern: str = Field(min_length=1)
    """Glob of the files whose arrival starts a run."""


if TYPE_CHECKING:
    AnyStep = Step
else:
    AnyStep = Annotated[Union[tuple(all_operators().values())], Field(discriminator="op")]  # noqa: UP007


class PipelineSpec(Document):
    """A pipeline: sources, steps, expectations, outputs, and when it runs."""

    spec_version: Literal["1"] = "1"
    name: Identifier
    description: str = Field("", max_length=2000)
    assumptions: list[str] = []
    """What was understood of the goal, what was not, and what was decided."""
    sources: list[Source] = Field(min_length=1)
    steps: list[AnyStep] = Field([], max_length=1000)
    outputs: list[Output] = Field(min_length=1, max_length=1000)
    expectations: list[Expectation] = []
    schedule: Schedule | None = None
    trigger: Trigger | None = None

    def step(self, step_id: str) -> Step:
        """Return the step with that id; raises KeyError."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

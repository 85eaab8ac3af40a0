"""`FileProfile`: what was measured of a source. Field names here are a contract."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.parsing import Parse
from ai_data_engineer.sources.dialect import Compression, Dialect, Format, SheetLayout
from ai_data_engineer.types import LogicalType

PROFILER_VERSION = "3"
"""Part of every cache key: raise it whenever the profiler's answers change."""

Scalar = bool | int | float | str
"""A statistic as JSON: dates, times, datetimes and decimals are ISO / plain text."""

Semantic = Literal[
    "email", "phone", "url", "uuid", "ip", "mac", "iban", "card", "postcode", "country", "language",
    "currency", "latitude", "longitude", "name", "address", "birth_date", "national_number", "hash",
    "base64", "json", "file_path", "colour", "free_text", "category", "ordinal", "measure", "key",
    "city", "region", "company", "company_number", "coordinates", "ip_network", "mime_type",
    "user_agent", "version", "duration", "quarter", "year", "ean", "isbn",
]  # fmt: skip

PersonalData = Literal[
    "email", "phone", "name", "address", "birth_date", "national_number", "card", "iban", "ip",
    "location", "credential", "device",
]  # fmt: skip


class ValueCount(Document):
    """A value and how often it was seen. Kept in the profile, never sent to a model as it is."""

    value: Scalar
    count: int


class HistogramBin(Document):
    """Half-open bin [low, high); the last one is closed.

    Of dates and datetimes they are seconds since 1970 (UTC), of times seconds since midnight.
    """

    low: float
    high: float
    count: int


CadenceName = Literal[
    "secondly", "minutely", "hourly", "daily", "business_daily", "weekly", "monthly", "quarterly",
    "yearly", "irregular",
]  # fmt: skip


class Cadence(Document):
    """How often the moments of a column follow each other."""

    name: CadenceName
    """`business_daily`: Monday to Friday. `irregular`: not even weeks or months are all there."""
    period: str | None
    """The step as an ISO 8601 duration (`PT15M`, `P1D`, `P1M`); None where there is none."""
    is_regular: bool
    """Whether moments stand one step apart; False: events at any time, some in (nearly) each."""
    median_seconds: float
    """Median interval between two different moments that follow each other."""
    missing: int = 0
    """Steps between the first and the last moment in which there is none."""
    missing_share: float = 0.0
    schedule: str | None = None
    """Cron line (UTC) on which new data could be fetched."""


Monotonic = Literal["strictly_increasing", "increasing", "strictly_decreasing", "decreasing"]


class ColumnProfile(Document):
    """One column."""

    name: str
    """Safe, unique name: lower case, digits and underscores."""
    source_name: str
    """Name as found (a dotted path for nested JSON and XML); empty when there was none."""
    path: tuple[str, ...] = ()
    """Keys from the record to the value for JSON, XML and Avro; `@x` is an attribute, `#text` text.
    In a workbook the column's label: its name, or `column C` where it has none."""
    type: LogicalType
    """Logical type."""
    parse: Parse = Parse()
    """How its text becomes that type."""
    nullable: bool
    """Whether a value was missing, or is likely to be."""
    null_count: int = Field(ge=0)
    """Missing values among the records read."""
    unparsed_count: int = Field(0, ge=0)
    """Values among the records read that do not parse as `type`."""
    support: float = Field(1.0, ge=0, le=1)
    """Share of the values, missing ones not counted, that parse as `type`."""
    unit: str | None = None
    """Unit or currency that stands at every number, such as `kg`, `%` or `€`."""
    distinct_count: int = Field(0, ge=0)
    """Distinct values, nulls not counted."""
    distinct_is_exact: bool = True
    """False when a sketch counted."""
    min: Scalar | None = None
    max: Scalar | None = None
    mean: float | None = None
    std: float | None = None
    """Sample standard deviation (n − 1)."""
    quantiles: dict[str, float] = {}
    """`"0.01"`, `"0.05"`, `"0.25"`, `"0.5"`, `"0.75"`, `"0.95"`, `"0.99"` of a numeric column,
    linear interpolation."""
    min_length: int | None = None
    max_length: int | None = None
    """Length of the text in characters."""
    top_values: tuple[ValueCount, ...] = ()
    """The most frequent values, at most ten, only where they repeat."""
    histogram: tuple[HistogramBin, ...] = ()
    shapes: tuple[ValueCount, ...] = ()
    """Most frequent shapes: `a` a lower-case letter, `A` an upper-case one, `9` a digit; runs of
    letters longer than four are written `a+`/`A+`."""
    semantic: Semantic | None = None
    """What the values mean, where that is evident."""
    semantic_support: float | None = None
    """Share of the values that have the form of that meaning; None where the name tells it."""
    pii: PersonalData | None = None
    """Class of personal data, where the name or the values say so."""
    pii_reason: str | None = None
    """Why: `name of the column`, `98 % of the values`."""
    is_unique: bool = False
    """No value repeats and none is missing."""
    could_be_key: bool = False
    """Unique, of a type and a name that a key may have."""
    is_constant: bool = False
    is_grouped: bool = False
    """Equal values of a small category stand together, so that the first records do not show what
    the others hold."""
    skew: float | None = None
    """Skewness of a numeric column: the third central moment over the second to the power 1.5."""
    distinct_error: float | None = None
    """Relative standard error of `distinct_count` where it is not exact."""
    estimated_from: int | None = None
    """Full mode: how many values, drawn at random, quantiles, histogram, frequent values and shapes
    were estimated from; None where they were counted over all values."""
    monotonic: Monotonic | None = None
    """Order of numbers, dates and times as they stand in the source, missing ones passed over."""
    outlier_count: int | None = None
    """Values outside `outlier_fences`; None where that says nothing (few values, a key)."""
    outlier_fences: tuple[float, float] | None = None
    """Tukey's outer fences: three interquartile ranges below the first and above the third
    quartile."""
    off_shape_count: int = 0
    """Texts that have not the shape which 95 % of the others have."""
    cadence: Cadence | None = None
    """How often dates or times follow each other, whatever their order in the source."""


class RejectedRecord(Document):
    """A record that could not be used: where it begins and why, without any of its cells."""

    line: int
    """Physical line of a text, counted from 1; else the number of the record."""
    reason: str
    file: str | None = None
    """Which file, where the source has several."""


class Records(Document):
    """How many records there are and what became of them."""

    read: int = Field(ge=0)
    """Records read by the profiler."""
    total: int = Field(ge=0)
    """Records in the source: counted or estimated."""
    total_is_exact: bool
    ragged: int = 0
    """Records read whose number of cells is not the table's."""
    rejected: int = 0
    """Records read that could not be used (wrong width, broken JSON)."""
    duplicate: int = 0
    """Records read that repeat an earlier one whole."""
    rejected_reasons: dict[str, int] = {}
    """Full mode: the most frequent reasons for which records were rejected, and how often."""
    rejects: tuple[RejectedRecord, ...] = ()
    """Full mode: the first rejected records."""

    @property
    def are_all_read(self) -> bool:
        """Whether the profile speaks for every record, not for the first ones only."""
        return self.total_is_exact and self.read >= self.total


class ProfileWarning(Document):
    """Something a person should know. `code` is `W_…`."""

    code: str
    message: str
    column: str | None = None


class FunctionalDependency(Document):
    """Records that agree in one column agree in another (`zip` → `city`)."""

    determinant: str
    """Safe name."""
    dependent: str
    """Safe name."""
    violations: int = 0
    """Fewest records that would have to change for it to hold in all that were read."""
    share: float = 1.0
    """Share of the records read in which it holds."""


class RepeatedColumns(Document):
    """Columns that say the same."""

    columns: tuple[str, ...]
    """Safe names, in the order of the source."""
    kind: Literal["identical", "one_to_one"]
    """`identical`: equal values in every record read; `one_to_one`: each value of one stands for
    one of the other (a code and its name)."""


class Reference(Document):
    """A column whose values are found in a key of another source: a likely foreign key."""

    column: str
    """Safe name, in this source."""
    source: str
    """Short name of the other source."""
    source_column: str
    """Safe name, in the other source."""
    containment: float
    """Share of this column's different values, of those read, that the other column has among
    those read."""


class ChildColumn(Document):
    """A column of a child table: its name as found, and its type."""

    name: str
    type: LogicalType


class ChildTable(Document):
    """A list inside the records, as a table of its own: a proposal, the pipeline keeps the list."""

    path: str
    """Record path of its rows; XML: `/orders/order/line`, JSON: `/orders/*/lines`."""
    column: str
    """Safe name of the column that holds the list."""
    parent_key: tuple[str, ...] = ()
    """Safe names of the columns that identify the record that a row belongs to; empty: none do."""
    columns: tuple[ChildColumn, ...]
    """Lists inside the list are child tables of their own."""
    rows: int
    """Items in the records read."""


class RecordKinds(Document):
    """Records of several kinds, told apart by a column."""

    column: str
    """Safe name."""
    counts: tuple[ValueCount, ...]
    """Records read of each kind. Kept in the profile, never sent to a model as it is."""


class FileProfile(Document):
    """What was measured of one source."""

    profile_version: Literal["1"] = "1"
    uri: str
    """Where it lies, without credentials."""
    name: str
    """Safe short name from the file's name: the default id of the source."""
    mode: Literal["sampled", "full"] = "sampled"
    format: Format
    compression: Compression = "none"
    encoding: str | None = None
    """Python's name of the text encoding; None for what is no text."""
    encoding_confidence: float | None = None
    dialect: Dialect | None = None
    """Only for CSV and its relatives."""
    record_path: str | None = None
    """JSON: pointer to the array (`` for the top, `/data/items`), where `*` stands for all members
    of an object, whose names are the column `key`, `1:` for the rows below a header, `~columns` for
    an object of columns, and `*` in front for documents one behind another; XML: `/catalog/book`.
    """
    record_path_alternatives: tuple[str, ...] = ()
    sheet: SheetLayout | None = None
    """Only for workbooks: the sheet that was taken, and where its table lies."""
    sheet_alternatives: tuple[str, ...] = ()
    """Other sheets that hold something."""
    record_kinds: RecordKinds | None = None
    child_tables: tuple[ChildTable, ...] = ()
    """Lists inside the records, as tables of their own."""
    size_bytes: int = Field(ge=0)
    """Size as stored."""
    bytes_read: int = Field(ge=0)
    """Bytes read after decompression."""
    digest: str
    """sha256 over exactly the bytes read, the size, the settings that matter and the profiler's
    version: the cache key."""
    records: Records
    columns: tuple[ColumnProfile, ...]
    candidate_keys: tuple[tuple[str, ...], ...] = ()
    """Safe names, best first; at most three columns a key."""
    record_schema: dict[str, Any] = {}
    """JSON Schema of one record."""
    functional_dependencies: tuple[FunctionalDependency, ...] = ()
    """Those worth knowing: on no key, with no constant, none that follows from two others."""
    repeated_columns: tuple[RepeatedColumns, ...] = ()
    references: tuple[Reference, ...] = ()
    """Likely foreign keys to other sources of the same run."""
    warnings: tuple[ProfileWarning, ...] = ()

    def column(self, name: str) -> ColumnProfile:
        """Return the column with that safe name; raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

"""Parquet that Spark reads by itself, each worker its part: files, globs and partitioned folders.

Only where the types in the files are those of the source, or widen to them without a doubt; in any
other case the project's own reader takes the file, and says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from urllib.parse import unquote

import polars as pl
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import file_name, local_path, scheme_of
from ai_data_engineer.io.archives import MEMBER
from ai_data_engineer.io.batches import LINE
from ai_data_engineer.io.opening import expand
from ai_data_engineer.rendering.runtime.reading import Source
from ai_data_engineer.rendering.runtime.sql_run import REASON, ROW
from ai_data_engineer.rendering.runtime.sql_text import quoted

_WIDENS: Mapping[str, tuple[type[T.DataType], ...]] = {
    "BOOLEAN": (T.BooleanType,),
    "BIGINT": (T.ByteType, T.ShortType, T.IntegerType, T.LongType),
    "DOUBLE": (T.FloatType, T.DoubleType),
    "STRING": (T.StringType,),
    "DATE": (T.DateType,),
    "TIME(6)": (T.TimeType,),
    "TIMESTAMP": (T.TimestampType, T.TimestampNTZType),
    "BINARY": (T.BinaryType,),
}
"""Spark's type of a column of ours → those that become it without a loss."""


@dataclass(frozen=True)
class SparkRows:
    """A source that Spark reads: typed rows with ROW, and those that lack a required value."""

    kept: DataFrame
    records: int
    rejected: DataFrame | None
    """With LINE and REASON; None where no value is required."""


def read_parquet(
    session: SparkSession,
    source: Source,
    uri: str,
    paths: Mapping[str, tuple[str, ...]],
    types: Mapping[str, T.DataType],
) -> SparkRows | None:
    """Return the rows of a source as Spark reads them; None where the project's reader has to.

    `paths` say where each column lies in the files, `types` what it becomes.
    """
    files = _addresses(uri)
    if not files:
        return None
    rows = session.read.parquet(*files)
    if "_metadata" in rows.columns:
        return None  # Spark would take it for what it knows of the files itself
    flat = session.read.option("recursiveFileLookup", "true").parquet(*files)
    folders = set(rows.columns) - set(flat.columns)
    columns: dict[str, Column] = {}
    for name, dtype in types.items():
        if name == source.file_column:
            continue
        value = F.col(".".join(quoted(key, "spark") for key in paths[name]))
        found = _found(rows.schema, paths[name])
        # Values of partitions are text in the names of folders.
        if found is None or not (_widens(found, dtype) or paths[name][0] in folders):
            return None
        columns[name] = value
    return _numbered(session, source, rows, columns, types)


def _numbered(
    session: SparkSession,
    source: Source,
    rows: DataFrame,
    columns: Mapping[str, Column],
    types: Mapping[str, T.DataType],
) -> SparkRows:
    """Return the rows numbered through the files in the order of their names."""
    place = F.col("_metadata.file_path")
    counts = {r[0]: r[1] for r in rows.groupBy(place).count().collect()}
    offsets, records = [], 0
    for file in sorted(counts, key=unquote):
        offsets.append((file, file_name(file), records))
        records += counts[file]
    before = session.createDataFrame(offsets, "__file STRING, __name STRING, __before BIGINT")
    line = (F.col("_metadata.row_index") + 1).alias(LINE)
    taken = rows.select(
        place.alias("__file"), line, *(column.alias(n) for n, column in columns.items())
    )
    numbered = taken.join(F.broadcast(before), "__file")
    row = (F.col("__before") + F.col(LINE) - 1).alias(ROW)
    found = [
        F.col("__name").alias(name) if name == source.file_column else F.col(quoted(name, "spark"))
        for name in source.conversions
    ]
    typed = [
        column.cast(types[name]).alias(name)
        for name, column in zip(source.conversions, found, strict=True)
    ]
    required = {
        n: F.col(quoted(n, "spark")).isNull() for n, c in source.conversions.items() if c.required
    }
    if not required:
        return SparkRows(numbered.select(row, *typed), records, None)
    lacking = reduce(lambda one, other: one | other, required.values())
    texts = (F.when(is_null, F.lit(f"{name}: missing")) for name, is_null in required.items())
    reason = F.concat_ws("; ", *texts).alias(REASON)
    aside = numbered.filter(lacking).orderBy(row).select(LINE, *found, reason)
    return SparkRows(numbered.filter(~lacking).select(row, *typed), records, aside)


def _addresses(uri: str) -> list[str]:
    """Return what Spark is to read; nothing where it would not find what our reader does."""
    scheme = scheme_of(uri)
    if MEMBER in uri or scheme in ("http", "https"):
        return []
    if scheme == "s3":
        return [f"s3a{uri[2:]}"]
    if scheme not in ("", "file"):
        return [uri]
    try:
        path = local_path(uri)
        found = [str(path)] if path.is_dir() else [str(local_path(f)) for f in expand(uri)]
    except (OSError, RuntimeError, ValueError, SourceError):
        return []  # our reader will say so
    return [] if any(MEMBER in file for file in found) else [pattern(Path(f)) for f in found]


def pattern(path: Path) -> str:
    """Return the pattern that names a local file, whose path may hold `[` or `*`."""
    return "file://" + re.sub(r"([\[\]{}*?\\])", r"\\\1", str(path.resolve()))


def _found(schema: T.StructType, path: tuple[str, ...]) -> T.DataType | None:
    found: T.DataType = schema
    for key in path:
        fields = {f.name: f.dataType for f in found} if isinstance(found, T.StructType) else {}
        if key not in fields:
            return None
        found = fields[key]
    return found


def _widens(found: T.DataType, to: T.DataType) -> bool:
    """Say whether each value of one type is a value of the other."""
    match found, to:
        case T.ArrayType(), T.ArrayType():
            return _widens(found.elementType, to.elementType)
        case T.StructType(), T.StructType():
            pairs = zip(found, to, strict=False)
            same = [f.name for f in found] == [f.name for f in to]
            return same and all(_widens(f.dataType, t.dataType) for f, t in pairs)
        case T.DecimalType(), T.DecimalType():
            return bool(found.scale == to.scale and found.precision <= to.precision)
    widening: tuple[type[T.DataType], ...] = _WIDENS.get(to.simpleString().upper(), ())
    return isinstance(found, widening)


def spark_type(dtype: pl.DataType) -> T.DataType:
    """Return the type in which Spark holds a column."""
    match dtype:
        case pl.List():
            return T.ArrayType(spark_type(dtype.inner))  # type: ignore[arg-type]
        case pl.Struct():
            fields = (T.StructField(f.name, spark_type(f.dtype)) for f in dtype.fields)  # type: ignore[arg-type]
            return T.StructType(list(fields))
        case pl.Decimal():
            return T.DecimalType(dtype.precision or 38, dtype.scale)
    return _TYPES[type(dtype)]


_TYPES: Mapping[type[pl.DataType], T.DataType] = {
    pl.Boolean: T.BooleanType(),
    pl.Int64: T.LongType(),
    pl.Float64: T.DoubleType(),
    pl.String: T.StringType(),
    pl.Date: T.DateType(),
    pl.Time: T.TimeType(6),
    pl.Datetime: T.TimestampType(),
    pl.Binary: T.BinaryType(),
}

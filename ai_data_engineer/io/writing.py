"""Writing tables: one file, or one folder for each value of a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import polars as pl

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""Folder value for null, as Hive, Spark, DuckDB and polars read it."""
_PART = re.compile(r"part-([0-9]+)\.[a-z]+")


def write_file(table: pl.LazyFrame, path: Path, format: str, *, header: bool = True) -> None:
    """Write one file: `parquet` (zstd), `csv` or `ndjson`."""
    _sink(table, path, format, header=header)


def write_partitions(
    table: pl.LazyFrame, directory: Path, format: str, partition_by: Sequence[str], first: int
) -> None:
    """Write `column=value/part-N.…` below a directory, N counting from `first` in each."""

    def place(part: pl.io.partition.FileProviderArgs) -> str:
        values = part.partition_keys.select(pl.all().cast(pl.String)).row(0)
        folders = [
            f"{quote(name, safe='')}={NULL_PARTITION if value is None else quote(value, safe='')}"
            for name, value in zip(partition_by, values, strict=True)
        ]
        return "/".join([*folders, f"part-{first + part.index_in_partition}.{format}"])

    directory.mkdir(parents=True)
    target = pl.PartitionBy(
        directory, key=list(partition_by), include_key=False, file_path_provider=place
    )
    _sink(table, target, format, header=True)


def parts_of(directory: Path) -> list[tuple[int, Path]]:
    """Return number and path of each part file below a directory, sorted by path."""
    found = ((_PART.fullmatch(path.name), path) for path in sorted(directory.rglob("part-*")))
    return [(int(match[1]), path) for match, path in found if match]


def _sink(table: pl.LazyFrame, target: Path | pl.PartitionBy, format: str, *, header: bool) -> None:
    match format:
        case "parquet":
            table.sink_parquet(target, compression="zstd", mkdir=True)
        case "csv":
            flat = table.select(_for_csv(n, d) for n, d in table.collect_schema().items())
            flat.sink_csv(target, include_header=header, check_extension=False, mkdir=True)
        case _:
            plain = table.select(_for_json(n, d) for n, d in table.collect_schema().items())
            plain.sink_ndjson(target, check_extension=False, mkdir=True)


def _for_json(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    match dtype:
        case pl.Binary():
            return column.bin.encode("base64")
        case pl.Duration():
            return column.dt.total_microseconds()
        case pl.Datetime():
            zone = "Z" if dtype.time_zone else ""
            moment = column.dt.convert_time_zone("UTC") if dtype.time_zone else column
            return moment.dt.to_string(f"%Y-%m-%dT%H:%M:%S%.f{zone}")
        case pl.Time():
            return column.dt.to_string("%H:%M:%S%.f")
    return column


def _for_csv(name: str, dtype: pl.DataType) -> pl.Expr:
    if not dtype.is_nested():
        return _for_json(name, dtype)
    # Only structs have a JSON form in polars, so the value goes into one and its text out again.
    wrapped = pl.struct(pl.col(name).alias("_")).struct.json_encode()
    text = wrapped.str.strip_prefix('{"_":').str.strip_suffix("}")
    return pl.when(pl.col(name).is_not_null()).then(text).alias(name)

"""Append and upsert: a run's rows together with those that an output has already."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson
import polars as pl

from ai_data_engineer.errors import OutputError
from ai_data_engineer.io.writing import parts_of, write_file


def check_unique(rows: pl.LazyFrame, keys: Sequence[str], output_id: str) -> None:
    """Raise OutputError `E_DUPLICATE_KEYS` when two rows have the same keys."""
    repeated = rows.select(pl.struct(list(keys)).is_duplicated().any()).collect().item()
    if repeated:
        raise OutputError(
            f"Several rows have the same {', '.join(keys)}: which one to keep is open.",
            code="E_DUPLICATE_KEYS",
            location=output_id,
            hint="Deduplicate on the keys before the output.",
        )


def check_columns(old: Path, schema: pl.Schema, format: str, output_id: str) -> None:
    """Raise OutputError `E_OUTPUT_COLUMNS` when the file has other columns than the new rows."""
    if format == "parquet":
        same = pl.read_parquet_schema(old) == dict(schema)
    elif format == "csv" and old.stat().st_size:
        same = _text(old).collect_schema().names() == schema.names()
    else:
        return
    if not same:
        raise _other_columns(output_id)


def combine_files(old: Path, fresh: Path, target: Path, format: str, keys: Sequence[str]) -> None:
    """Write the rows of `old`, without those whose keys are in `fresh`, and those of `fresh`.

    Without keys all of `old` stays; a fresh CSV file then has no header.
    """
    if format == "parquet":
        write_file(_merge(_rows(old), _rows(fresh), keys), target, "parquet")
    elif not keys:
        _concatenate(old, fresh, target)
    elif format == "csv":
        write_file(_merge(_text(old), _text(fresh), keys), target, "csv")
    else:
        _merge_lines(old, fresh, target, keys)


def upserted(
    old: Path, fresh: pl.LazyFrame, keys: Sequence[str], partition_by: Sequence[str], output_id: str
) -> pl.LazyFrame:
    """Return the rows of a partitioned Parquet folder with the fresh ones put in."""
    schema = fresh.collect_schema()
    files = [part for _, part in parts_of(old)]
    rows = pl.scan_parquet(
        files,
        hive_partitioning=True,
        hive_schema={name: schema[name] for name in partition_by},
        glob=False,
    )
    if dict(rows.collect_schema()) != dict(schema):
        raise _other_columns(output_id)
    return _merge(rows.select(schema.names()), fresh, keys)


def _merge(old: pl.LazyFrame, fresh: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    if keys:
        old = old.join(
            fresh.select(keys), on=list(keys), how="anti", nulls_equal=True, maintain_order="left"
        )
    return pl.concat([old, fresh])


def _rows(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path, glob=False, hive_partitioning=False)


def _text(path: Path) -> pl.LazyFrame:
    return pl.scan_csv(path, infer_schema=False, glob=False)


def _concatenate(old: Path, fresh: Path, target: Path) -> None:
    shutil.copyfile(old, target)
    with target.open("rb+") as into, fresh.open("rb") as more:
        if into.seek(0, 2):
            into.seek(-1, 2)
            if into.read(1) != b"\n":
                into.write(b"\n")
        shutil.copyfileobj(more, into)


def _merge_lines(old: Path, fresh: Path, target: Path, keys: Sequence[str]) -> None:
    def key(line: bytes) -> bytes:
        record = orjson.loads(line)
        return orjson.dumps([record.get(name) for name in keys])

    def write(lines: Iterable[bytes]) -> None:
        into.writelines(line.rstrip(b"\r\n") + b"\n" for line in lines)

    with old.open("rb") as before, fresh.open("rb") as after, target.open("wb") as into:
        replaced = {key(line) for line in after}
        write(line for line in before if line.strip() and key(line) not in replaced)
        after.seek(0)
        write(after)


def _other_columns(output_id: str) -> OutputError:
    return OutputError(
        "What was written before has other columns or types.",
        code="E_OUTPUT_COLUMNS",
        location=output_id,
        hint="Write to another path, or overwrite once.",
    )

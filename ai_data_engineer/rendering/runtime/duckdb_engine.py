"""DuckDB as the engine of a run: tables in a file of the work folder, so that what does not fit in
memory goes to disk.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ai_data_engineer.rendering.runtime.sql_text import quoted

_TYPES: dict[type[pl.DataType], str] = {
    pl.Boolean: "BOOLEAN",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.String: "TEXT",
    pl.Date: "DATE",
    pl.Time: "TIME",
    pl.Datetime: "TIMESTAMP",
    pl.Binary: "BLOB",
}


class DuckDBEngine:
    """A database of one run. It reaches no file but those in the work folder.

    `DUCKDB_MEMORY_LIMIT` (such as `4GB`) bounds its memory; otherwise DuckDB takes at most 80 % of
    what there is.
    """

    name = "duckdb"
    errors: tuple[type[BaseException], ...] = (duckdb.Error,)

    def __init__(self, work: Path) -> None:
        self._work = work
        self._kept: set[str] = set()
        options: dict[str, str | bool] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # Each result that is read in order says so.
            "preserve_insertion_order": False,
            "temp_directory": str(work / "duckdb.tmp"),
        }
        if limit := os.environ.get("DUCKDB_MEMORY_LIMIT"):
            options["memory_limit"] = limit
        self._connection = duckdb.connect(work / "run.duckdb", config=options)
        self._connection.execute("SET allowed_directories = ?", [[str(work)]])
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def read(self, source: object, uri: str, paths: object, columns: object) -> None:
        """Leave every source to the project's reader."""

    def load(self, name: str, rows: pl.LazyFrame, columns: Mapping[str, pl.DataType]) -> None:
        """Make rows a table; datetimes lose their zone, which is UTC, and so need no zone data."""
        path = _rows_file(self._work, name)
        naive = (pl.col(column).cast(_naive(dtype)) for column, dtype in columns.items())
        rows.with_columns(naive).sink_parquet(path, compression="lz4")
        # Times come as nanoseconds, which are another type here.
        stored = {quoted(column, self.name): dtype for column, dtype in columns.items()}
        typed = (f"CAST({c} AS {_type_name(dtype)}) AS {c}" for c, dtype in stored.items())
        query = f"SELECT __row, {', '.join(typed)} FROM read_parquet({_text(str(path))})"  # noqa: S608 - names and types are quoted
        self._connection.execute(f"CREATE VIEW {quoted(name, self.name)} AS {query}")

    def create(self, name: str, query: str, *, kept: bool) -> None:
        """Make the result of a query a table, a view when it is used once."""
        kind = "TABLE" if kept else "VIEW"
        if kept:
            self._kept.add(name)
        self._connection.execute(f"CREATE {kind} {quoted(name, self.name)} AS {query}")

    def count(self, name: str) -> int:
        """Return the number of a table's rows."""
        return int(self._one(f"SELECT count(*) FROM {quoted(name, self.name)}")[0])  # noqa: S608 - an id

    def first(self, query: str) -> str | None:
        """Return the first value of a query's result, None when it has no rows."""
        found = self._one(f"SELECT * FROM ({query}) LIMIT 1")  # noqa: S608 - of the script
        return str(found[0]) if found else None

    def export(self, query: str, target: Path) -> list[Path]:
        """Write the result of a query as Parquet and return the files, in the order of the rows."""
        self._connection.execute(f"COPY ({query}) TO {_text(str(target))} (FORMAT parquet)")
        return [target]

    def drop(self, name: str) -> None:
        """Forget a table that no query will use again; its space is used anew."""
        if name in self._kept:
            self._connection.execute(f"DROP TABLE {quoted(name, self.name)}")
        _rows_file(self._work, name).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _one(self, query: str) -> tuple[Any, ...]:
        return self._connection.execute(query).fetchone() or ()


def _rows_file(work: Path, name: str) -> Path:
    """Return where the rows of a source lie."""
    return work / f"{name}.rows.parquet"


def _text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def _type_name(dtype: pl.DataType) -> str:
    match dtype:
        case pl.List():
            return f"{_type_name(dtype.inner)}[]"  # type: ignore[arg-type]
        case pl.Struct():
            fields = (f"{quoted(f.name, 'duckdb')} {_type_name(f.dtype)}" for f in dtype.fields)  # type: ignore[arg-type]
            return f"STRUCT({', '.join(fields)})"
        case pl.Decimal():
            return f"DECIMAL({dtype.precision}, {dtype.scale})"
    return _TYPES[type(dtype)]


def _naive(dtype: pl.DataType) -> pl.DataType:
    match dtype:
        case pl.Datetime():
            return pl.Datetime("us")
        case pl.List():
            return pl.List(_naive(dtype.inner))  # type: ignore[arg-type]
        case pl.Struct():
            return pl.Struct({f.name: _naive(f.dtype) for f in dtype.fields})  # type: ignore[arg-type]
    return dtype

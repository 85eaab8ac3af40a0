"""Spark as the engine of a run: the cluster that its usual settings name, else this machine.

`spark-defaults.conf`, `SPARK_HOME`, `PYSPARK_SUBMIT_ARGS` (`--master … --conf … pyspark-shell`) and
`SPARK_REMOTE` say where and with what it runs. What a query means must not depend on them, so the
session's own settings are made here. Driver and workers read and write below the output folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import polars as pl
from py4j.protocol import Py4JError
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, StructField, StructType, TimeType

from ai_data_engineer.errors import AdeError
from ai_data_engineer.rendering.runtime.sql_text import quoted

_MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.timeType.enabled": "true",
    # Otherwise the last digits of long decimals give way to digits that a result might need.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # Otherwise a text such as '${env:HOME}' would be replaced by what it names.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
_TIME = TimeType(6)


class SparkEngine:
    """The session that there is, for the time of the run, or a new one that ends with the run.

    A session beside the one that there is would not do: Spark takes some settings from the active
    one.
    """

    name = "spark"
    errors: tuple[type[BaseException], ...] = (PySparkException, Py4JError)

    def __init__(self, work: Path) -> None:
        self._work = work
        self._kept: dict[str, DataFrame] = {}
        self._views: set[str] = set()
        running = SparkSession.getActiveSession()
        # What Spark logs of an error quotes cells.
        builder = SparkSession.builder.config("spark.log.level", "OFF")
        try:
            self._session = running or builder.getOrCreate()
        except self.errors as error:
            problem = type(error).__name__
        else:
            problem = ""
        if problem:
            raise AdeError(
                f"Spark does not start ({problem}).",
                code="E_ENGINE",
                hint="What it says above tells why; its settings and Java 17 or newer are needed.",
            )
        self._is_ours = running is None
        settings = self._session.conf
        self._before = {name: settings.get(name, None) for name in _MEANING}
        for name, value in _MEANING.items():
            settings.set(name, value)

    def load(self, name: str, rows: pl.LazyFrame, columns: Mapping[str, pl.DataType]) -> None:
        """Make rows a table."""
        path = self._work / f"{name}.rows.parquet"
        rows.sink_parquet(path, compression="lz4")
        found = self._session.read.parquet(_pattern(path))
        typed = (
            F.col(quoted(f.name, self.name)).cast(_timed(f.dataType)).alias(f.name)
            for f in found.schema
        )
        self._view(name, found.select(*typed))

    def create(self, name: str, query: str, *, kept: bool) -> None:
        """Make the result of a query a table."""
        found = self._session.sql(query)
        if kept:
            self._kept[name] = found = found.persist(StorageLevel.MEMORY_AND_DISK)
        self._view(name, found)

    def count(self, name: str) -> int:
        """Return the number of a table's rows."""
        return int(self._session.table(quoted(name, self.name)).count())

    def first(self, query: str) -> str | None:
        """Return the first value of a query's result, None when it has no rows."""
        found = self._session.sql(query).first()
        return None if found is None else str(found[0])

    def export(self, query: str, target: Path) -> list[Path]:
        """Write the result of a query as Parquet and return the files, in the order of the rows."""
        self._session.sql(query).write.parquet(f"file://{target.resolve()}")
        return sorted(target.glob("part-*.parquet"))

    def drop(self, name: str) -> None:
        """Forget a table that no query will use again."""
        if name in self._kept:
            self._kept.pop(name).unpersist()

    def close(self) -> None:
        """Stop Spark where this run has started it, else leave it as it was."""
        with suppress(*self.errors):  # where it has died, there is nothing to let go of
            self._session.stop() if self._is_ours else self._restore()

    def _restore(self) -> None:
        for name in list(self._kept):
            self.drop(name)
        for name in self._views:
            self._session.catalog.dropTempView(name)
        for name, value in self._before.items():
            if value is None:
                self._session.conf.unset(name)
            else:
                self._session.conf.set(name, value)

    def _view(self, name: str, rows: DataFrame) -> None:
        self._views.add(name)
        rows.createOrReplaceTempView(quoted(name, self.name))


def _pattern(path: Path) -> str:
    """Return the pattern that names a file, whose path may hold `[` or `*`."""
    return "file://" + re.sub(r"([\[\]{}*?\\])", r"\\\1", str(path.resolve()))


def _timed(of: DataType) -> DataType:
    """Return a type with times of microseconds: those that polars writes have nanoseconds."""
    match of:
        case TimeType():
            return _TIME
        case ArrayType():
            return ArrayType(_timed(of.elementType), of.containsNull)
        case StructType():
            return StructType([StructField(f.name, _timed(f.dataType), f.nullable) for f in of])
    return of

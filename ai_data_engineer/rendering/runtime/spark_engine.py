"""Spark as the engine of a run: the cluster that its usual settings name, else this machine.

`spark-defaults.conf`, `SPARK_HOME`, `PYSPARK_SUBMIT_ARGS` (`--master … --conf … pyspark-shell`) and
`SPARK_REMOTE` say where and with what it runs. What a query means must not depend on them, so the
session's own settings are made here. Driver and workers read and write below the output folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import polars as pl
from py4j.protocol import Py4JError
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from ai_data_engineer.errors import AdeError
from ai_data_engineer.rendering.runtime.reading import Source
from ai_data_engineer.rendering.runtime.spark_parquet import pattern, read_parquet, spark_type
from ai_data_engineer.rendering.runtime.sql_run import ROW, ReadRows
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
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}


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

    def read(
        self,
        source: Source,
        uri: str,
        paths: Mapping[str, tuple[str, ...]],
        columns: Mapping[str, pl.DataType],
    ) -> ReadRows | None:
        """Make a Parquet source a table that is read where it lies, if that means the same."""
        types = {name: spark_type(dtype) for name, dtype in columns.items()}
        try:
            found = read_parquet(self._session, source, uri, paths, types)
        except self.errors:
            return None  # the project's reader says what is wrong with it
        if found is None:
            return None
        self._view(source.id, found.kept)
        if found.rejected is None:
            return ReadRows(found.records)
        files = self._write(found.rejected, self._work / f"{source.id}.rejected")
        return ReadRows(found.records, pl.scan_parquet(files, glob=False))

    def load(self, name: str, rows: pl.LazyFrame, columns: Mapping[str, pl.DataType]) -> None:
        """Make rows a table."""
        path = self._work / f"{name}.rows.parquet"
        rows.sink_parquet(path, compression="lz4")
        # Times come as nanoseconds, which are another type here.
        typed = (
            F.col(quoted(column, self.name)).cast(spark_type(dtype)).alias(column)
            for column, dtype in columns.items()
        )
        self._view(name, self._session.read.parquet(pattern(path)).select(ROW, *typed))

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
        return self._write(self._session.sql(query), target)

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

    def _write(self, rows: DataFrame, target: Path) -> list[Path]:
        rows.write.parquet(f"file://{target.resolve()}")
        return sorted(target.glob("part-*.parquet"))

    def _view(self, name: str, rows: DataFrame) -> None:
        self._views.add(name)
        rows.createOrReplaceTempView(quoted(name, self.name))

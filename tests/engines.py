"""Runs steps and expressions on the SQL engines, on small polars tables, for comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl
from polars.testing import assert_frame_equal
from sqlglot import exp

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.expressions import Compiled
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.propagation import execution_order
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.duckdb import DuckDB
from ai_data_engineer.spec.sql.relations import REASON, ROW, Relation, helper, in_order
from ai_data_engineer.spec.sql.spark import SETTINGS, Spark
from ai_data_engineer.types import STRING

FLOATS = 1e-9
"""How far floats may differ between engines, relative to their size."""


@dataclass(frozen=True)
class Outcome:
    """Rows in order, rejects in order, and why the step stopped, if it did."""

    rows: pl.DataFrame | None
    rejects: pl.DataFrame | None = None
    stopped: str | None = None


class Engine:
    """A SQL engine with tables by name."""

    sql: type[Dialect]
    dialect: Dialect

    def load(self, name: str, frame: pl.DataFrame) -> None:
        raise NotImplementedError

    def create(self, name: str, query: str) -> None:
        """Make the result of a query a table."""
        raise NotImplementedError

    def fetch(self, query: str, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
        raise NotImplementedError

    def run_step(self, step: Step, schemas: list[Schema], frames: list[pl.DataFrame]) -> Outcome:
        """Run a step's SQL on the tables of its inputs."""
        promised = step.propagate(schemas, Findings())
        assert promised is not None
        self.dialect = self.sql({name for schema in (*schemas, promised) for name in schema})
        inputs = [Relation(i, s) for i, s in zip(step.inputs, schemas, strict=True)]
        for relation, frame in zip(inputs, frames, strict=True):
            self.load(relation.name, frame.with_row_index(ROW).cast({ROW: pl.Int64}))
        return self._run_step(step, inputs, promised)[1]

    def run_spec(
        self, spec: PipelineSpec, schemas: Mapping[str, Schema], tables: Mapping[str, pl.DataFrame]
    ) -> dict[str, pl.DataFrame]:
        """Run all steps on the tables of the sources; returns the outputs' rows in order."""
        self.dialect = self.sql({name for schema in schemas.values() for name in schema})
        behind = {id: Relation(id, schemas[id]) for id in tables}
        for id, frame in tables.items():
            self.load(id, frame.with_row_index(ROW).cast({ROW: pl.Int64}))
        for index in execution_order(spec, Findings()):
            step = spec.steps[index]
            inputs = [behind[i] for i in step.inputs]
            behind[step.id], outcome = self._run_step(step, inputs, schemas[step.id])
            assert outcome.stopped is None, outcome.stopped
        return {o.id: self._rows(behind[o.input]) for o in spec.outputs}

    def _run_step(
        self, step: Step, inputs: list[Relation], promised: Schema
    ) -> tuple[Relation, Outcome]:
        written = step.sql(inputs, self.dialect)
        for role, query in written.helpers.items():
            self.create(helper(role, step.id), self.dialect.text(query))
        if written.violations is not None:
            found = self.fetch(self.dialect.text(written.violations), {REASON: pl.String()})
            if len(found):
                return Relation(step.id, promised), Outcome(None, stopped=found[REASON][0])
        self.create(step.id, self.dialect.text(written.result))
        behind = Relation(step.id, promised, written.order)
        rejects = None
        if written.rejects is not None:
            self.create("_rejects", self.dialect.text(written.rejects))
            columns = Schema({**inputs[0].schema, REASON: Column(STRING)})
            rejects = self._rows(Relation("_rejects", columns, inputs[0].order))
        return behind, Outcome(self._rows(behind), rejects)

    def _rows(self, behind: Relation) -> pl.DataFrame:
        query = in_order(self.dialect, behind)
        return self.fetch(self.dialect.text(query), dtypes(behind.schema))

    def evaluate(self, value: Sql, of: pl.DataType, frame: pl.DataFrame) -> pl.Series:
        """Return an expression over the rows of a table."""
        self.dialect = self.sql(frame.columns)
        self.load("rows", frame.with_row_index(ROW).cast({ROW: pl.Int64}))
        query = exp.Select(expressions=[exp.alias_(value, "value")]).from_("rows").order_by(ROW)
        return self.fetch(self.dialect.text(query), {"value": of})["value"]


class OnDuckDB(Engine):
    sql = DuckDB

    def __init__(self) -> None:
        import duckdb

        self.connection = duckdb.connect(config={"threads": 1})

    def load(self, name: str, frame: pl.DataFrame) -> None:
        naive = frame.cast({n: without_zone(t) for n, t in frame.schema.items()})
        naive = naive.rename(dict(self.dialect.stored), strict=False)
        self.connection.register("loaded", naive.to_arrow())
        # polars' times come as nanoseconds, which DuckDB does not compare with its own.
        times = [n for n, t in naive.schema.items() if t == pl.Time()]
        cast = {n: f"CAST({self.dialect.identifier(n).sql('duckdb')} AS TIME)" for n in times}
        replaced = ", ".join(
            f"{c} AS {self.dialect.identifier(n).sql('duckdb')}" for n, c in cast.items()
        )
        self.create(name, f"SELECT * {f'REPLACE ({replaced})' if replaced else ''} FROM loaded")
        self.connection.unregister("loaded")

    def create(self, name: str, query: str) -> None:
        table = self.dialect.identifier(name).sql("duckdb")
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")

    def fetch(self, query: str, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
        found = pl.from_arrow(self.connection.sql(query).to_arrow_table())
        assert isinstance(found, pl.DataFrame)
        shown = {stored: name for name, stored in self.dialect.stored.items()}
        return _typed(found.rename(shown, strict=False), types)


class OnSpark(Engine):
    sql = Spark

    def __init__(self) -> None:
        from pyspark.sql import SparkSession

        self.session = (
            SparkSession.builder.master("local[1]")
            .config(map=SETTINGS)
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.default.parallelism", "1")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.driver.memory", "1g")
            # Compiling thoroughly takes longer than tests of a few rows run.
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.log.level", "ERROR")
            .getOrCreate()
        )

    def load(self, name: str, frame: pl.DataFrame) -> None:
        # Arrow does not hand over names with a NUL.
        numbered = frame.rename({column: str(i) for i, column in enumerate(frame.columns)})
        rows = self.session.createDataFrame(numbered.to_arrow()).toDF(*frame.columns)
        rows.createOrReplaceTempView(self._quoted(name))

    def create(self, name: str, query: str) -> None:
        self.session.sql(query).createOrReplaceTempView(self._quoted(name))

    def fetch(self, query: str, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
        rows = self.session.sql(query)
        found = pl.from_arrow(rows.toDF(*map(str, range(len(rows.columns)))).toArrow())
        assert isinstance(found, pl.DataFrame)
        found.columns = rows.columns
        return _typed(found, types)

    def _quoted(self, name: str) -> str:
        return self.dialect.identifier(name).sql("spark")


_CHOSEN: list[str] = []
ENGINES: dict[str, type[Engine]] = {"duckdb": OnDuckDB, "spark": OnSpark}


@cache
def engine(name: str) -> Engine:
    """Return the engine, started once a process."""
    return ENGINES[name]()


def choose(names: str) -> None:
    """Set the SQL engines that are compared with polars from here on."""
    _CHOSEN[:] = [name for name in names.split(",") if name]


def chosen() -> list[str]:
    """Return the names of the SQL engines that are compared with polars."""
    return list(_CHOSEN)


def check_step(
    step: Step,
    schemas: list[Schema],
    frames: list[pl.DataFrame],
    rows: pl.DataFrame,
    rejects: pl.DataFrame | None,
) -> None:
    """Hold what a step gave in polars against the same step on the chosen engines."""
    if any(_nested(frame) and r"\x00" in repr(frame.schema) for frame in frames):
        return  # Arrow cannot hand over a struct's field of such a name
    for name in _CHOSEN:
        outcome = _outcome(name, step, schemas, frames)
        if outcome is None:
            continue
        assert outcome.stopped is None, f"{name}: {outcome.stopped}"
        assert outcome.rows is not None
        assert_same(rows, outcome.rows)
        assert (rejects is None) == (outcome.rejects is None)
        if rejects is not None and outcome.rejects is not None:
            assert_same(rejects, outcome.rejects)


def check_stops(
    step: Step, schemas: list[Schema], frames: list[pl.DataFrame], message: str = ""
) -> None:
    """Hold that a step which fails in polars stops the chosen engines too, with that message."""
    for name in _CHOSEN:
        outcome = _outcome(name, step, schemas, frames)
        if outcome is None:
            continue
        assert outcome.stopped, name
        assert not message or outcome.stopped in message


def _outcome(
    name: str, step: Step, schemas: list[Schema], frames: list[pl.DataFrame]
) -> Outcome | None:
    """Return what an engine makes of a step; None where SQL has no way to it and says so."""
    try:
        return engine(name).run_step(step, schemas, frames)
    except SpecError as refused:
        if refused.code != "E_ENGINE":
            raise
        return None


def _nested(frame: pl.DataFrame) -> bool:
    return any(t.is_nested() for t in frame.dtypes)


def check_expression(compiled: Compiled, values: pl.Series, frame: pl.DataFrame) -> None:
    """Hold what an expression gave in polars against the chosen engines."""
    for name in _CHOSEN:
        where = engine(name)
        where.dialect = where.sql(frame.columns)
        tree = compiled.sql(where.dialect)
        found = where.evaluate(tree, compiled.type.to_polars(), frame)
        assert_same(values.alias("value").to_frame(), found.to_frame())


Cast = tuple[pl.Series, Callable[[Dialect, Sql], Sql], pl.Series]
"""Values, what is to become of them, and what became of them in polars."""


def check_casts(casts: Sequence[Cast]) -> None:
    """Hold casts of columns, all of one length, against the chosen engines, in few queries."""
    for name in _CHOSEN:
        where = engine(name)
        for start in range(0, len(casts), 40):
            part = casts[start : start + 40]
            given = pl.DataFrame({f"c{i}": values for i, (values, _, _) in enumerate(part)})
            where.dialect = d = where.sql(given.columns)
            where.load("rows", given.with_row_index(ROW).cast({ROW: pl.Int64}))
            found = [
                exp.alias_(cast(d, d.column(f"c{i}")), f"r{i}")
                for i, (_, cast, _) in enumerate(part)
            ]
            query = exp.Select(expressions=found).from_("rows").order_by(ROW)
            expected = pl.DataFrame({f"r{i}": values for i, (_, _, values) in enumerate(part)})
            assert_same(expected, where.fetch(d.text(query), expected.schema))


def assert_same(ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """Hold rows of two engines against each other: floats within 1e-9, all else exactly."""
    assert_frame_equal(theirs, ours, check_exact=False, rel_tol=FLOATS, abs_tol=1e-12)


def dtypes(schema: Schema) -> dict[str, pl.DataType]:
    """Return the polars types of columns."""
    return {name: column.type.to_polars() for name, column in schema.items()}


def without_zone(of: pl.DataType) -> pl.DataType:
    """Return a type with datetimes as DuckDB has them here: without a zone, meaning UTC."""
    return _mapped(of, None)


def _mapped(of: pl.DataType, zone: str | None) -> pl.DataType:
    if isinstance(of, pl.Datetime):
        return pl.Datetime("us", zone)
    if isinstance(of, pl.List):
        return pl.List(_mapped(of.inner, zone))  # type: ignore[arg-type]
    if isinstance(of, pl.Struct):
        return pl.Struct({f.name: _mapped(f.dtype, zone) for f in of.fields})  # type: ignore[arg-type]
    return of


def _typed(found: pl.DataFrame, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Give a result the zone that DuckDB's datetimes do not have; other types must be right."""
    zoned = {
        name: types[name]
        for name, actual in found.schema.items()
        if name in types and actual != types[name] and without_zone(types[name]) == actual
    }
    return found.cast(zoned) if zoned else found

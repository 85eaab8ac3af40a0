"""The SQL of a project: `sql/duckdb.sql` and `sql/spark.sql`, each one readable statement.

Each step is a common table expression, in an order in which they can be computed, with a line that
says what it does. What a step needs besides stands under a name that tells its role
(`relations.helper`): `_rejects__typed` are the rows that `typed` sets aside, `_violations__joined`
what must stop the run, `_output__daily` the rows of an output in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from ai_data_engineer.errors import SpecError
from ai_data_engineer.rendering.runtime.sql_text import tokens
from ai_data_engineer.rendering.steps import Schemas, purpose
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.propagation import execution_order
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.duckdb import DuckDB
from ai_data_engineer.spec.sql.nodes import UnknownSql
from ai_data_engineer.spec.sql.relations import (
    REASON,
    ROW,
    Relation,
    StepSql,
    helper,
    in_order,
    select,
)
from ai_data_engineer.spec.sql.spark import Spark
from ai_data_engineer.types import STRING

DIALECTS: Mapping[str, type[Dialect]] = {"duckdb": DuckDB, "spark": Spark}


@dataclass(frozen=True)
class SqlScript:
    """The SQL of a spec for one engine."""

    engine: str
    text: str
    stored: Mapping[str, str]
    """Name of a column → its name in the engine, where that is another."""
    sets_aside: tuple[str, ...]
    """Ids of the steps that have rejects."""


def sql_script(spec: PipelineSpec, schemas: Schemas, engine: str) -> SqlScript:
    """Return the SQL of a spec that has passed the rules.

    `schemas` are the columns behind each source and step. Raises SpecError with `E_ENGINE` for a
    step that the engine cannot run.
    """
    names = {name for schema in schemas.values() for name in schema}
    dialect = DIALECTS[engine](names)
    relations = {s.id: Relation(s.id, schemas[s.id]) for s in spec.sources}
    parts: list[str] = []
    sets_aside: list[str] = []
    steps: list[Step] = spec.steps
    for step in (steps[index] for index in execution_order(spec, Findings())):
        inputs = [relations[i] for i in step.inputs]
        try:
            written = step.sql(inputs, dialect)
            parts += _step(step, inputs, written, dialect)
        except (NotImplementedError, UnknownSql) as error:
            raise _refused(step, engine, error) from None
        relations[step.id] = Relation(step.id, schemas[step.id], written.order)
        if written.rejects is not None:
            sets_aside.append(step.id)
    for output in spec.outputs:
        query = in_order(dialect, relations[output.input])
        about = f"The rows of {output.path}, in their order."
        parts.append(_part(helper("output", output.id), query, dialect, about))
    first = dialect.identifier(helper("output", spec.outputs[0].id)).sql(dialect.name)
    head, body = "\n".join(_head(spec, schemas, dialect)), ",\n".join(parts)
    text = f"{head}\nWITH\n{body}\nSELECT * FROM {first};\n"
    return SqlScript(engine, text, dict(dialect.stored), tuple(sets_aside))


def _refused(step: Step, engine: str, error: Exception) -> SpecError:
    reason = str(error) or f"`{step.op}` has no SQL yet"
    return SpecError(
        f"{engine} cannot run this step: {reason}.",
        code="E_ENGINE",
        location=f"step `{step.id}`",
        hint="Use the engine polars.",
    )


def _step(step: Step, inputs: list[Relation], written: StepSql, dialect: Dialect) -> Iterator[str]:
    """Yield the expressions of a step; the first has the comment."""
    about = f"{step.id} ({step.op}): {purpose(step)}"
    queries: dict[str, exp.Query] = {
        helper(role, step.id): query for role, query in written.helpers.items()
    }
    if written.violations is not None:
        queries[helper("violations", step.id)] = written.violations
    queries[step.id] = written.result
    if written.rejects is not None:
        queries[helper("rejects", step.id)] = _rejects(written.rejects, inputs[0], dialect)
    for name, query in queries.items():
        yield _part(name, query, dialect, about)
        about = ""


def _rejects(query: exp.Query, rows: Relation, dialect: Dialect) -> exp.Query:
    """Return the rejects in the order of the rows that they are among, without hidden columns."""
    aside = Relation("rejects", Schema({**rows.schema, REASON: Column(STRING)}), rows.order)
    columns = {name: dialect.column(name) for name in aside.schema}
    table = exp.Subquery(this=query, alias=exp.TableAlias(this=dialect.identifier(aside.name)))
    return in_order(dialect, aside, select(dialect, exp.From(this=table), columns))


def _part(name: str, query: exp.Query, dialect: Dialect, about: str) -> str:
    comment = f"{_comment(about)}\n" if about else ""
    written = dialect.identifier(name).sql(dialect.name)
    # Line ends inside of names stay as they are.
    body = "".join(
        token.replace("\n", "\n  ") if token.isspace() else token
        for token in tokens(dialect.text(query), dialect.name)
    )
    return f"{comment}{written} AS (\n  {body}\n)"


def _head(spec: PipelineSpec, schemas: Schemas, dialect: Dialect) -> Iterator[str]:
    yield _comment(f"{spec.name}: {spec.description or 'a pipeline.'}")
    yield "--"
    yield "-- The tables of the sources hold typed rows, numbered from 0 in their order:"
    for source in spec.sources:
        yield _comment(f"  {source.id}")
        yield _comment(f"    {ROW} BIGINT")
        for name, column in schemas[source.id].items():
            stored = dialect.stored_as(name).sql(dialect.name)
            yield _comment(f"    {stored} {dialect.type_name(column.type)}")
    for name, stored in dialect.stored.items():
        yield _comment(f"The column {name} is called {stored} here.")


def _comment(text: str) -> str:
    """Return text as a comment that ends where its line ends."""
    plain = "".join(c if c.isprintable() else " " for c in text).rstrip()
    # To Spark a comment goes on behind a backslash at the end of the line.
    return f"-- {plain} " if plain.endswith("\\") else f"-- {plain}"

"""union: the rows of several inputs, one behind the other."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Identifier, Step
from ai_data_engineer.spec.operators.checking import is_new
from ai_data_engineer.spec.operators.writing import with_columns
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import (
    ROW,
    Order,
    Relation,
    StepSql,
    row_number,
    select,
    union_all,
)
from ai_data_engineer.types import STRING


class Union(Step):
    """Put the rows of all inputs one behind the other; columns are matched by their names.

    A column that an input does not have is null in its rows. The columns of the first input come
    first, then those that the others add, as they come. For distinct rows let `deduplicate` follow.
    """

    op: Literal["union"] = "union"
    inputs: list[Identifier] = Field(min_length=2)
    """Ids of the sources or steps whose rows it takes."""
    input_column: ColumnName | None = None
    """New column, behind all others, that takes the id of the input each row came from."""

    input_count: ClassVar[tuple[int, int | None]] = (2, None)
    examples: ClassVar[list[dict[str, Any]]] = [{}, {"input_column": "shop"}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        good = True
        columns: dict[str, Column] = {}
        for index, schema in enumerate(inputs):
            for name, column in schema.items():
                first = columns.setdefault(name, column)
                if first.type != column.type:
                    good = False
                    findings.at("inputs", index).error(
                        "E_TYPE_CONFLICT",
                        f"`{name}` is {column.type} here and {first.type} in an earlier input.",
                        "Put a `cast` step before the union.",
                    )
        if self.input_column is not None:
            good &= is_new(self.input_column, columns, findings.at("input_column"))
        if not good:
            return None
        merged = {name: _merged(name, column, inputs) for name, column in columns.items()}
        if self.input_column is not None:
            merged[self.input_column] = Column(STRING, nullable=False)
        return Schema(merged)

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        same = all(list(s) == list(schemas[0]) for s in schemas)
        united = code(
            "pl.concat([{inputs}], how={how})",
            inputs=join(self._tagged(inputs)),
            how=lit("vertical" if same else "diagonal"),
        )
        if same or self.input_column is None:
            return StepCode(united)
        # What the later inputs add would stand behind it.
        last = code("pl.exclude({c}), {c}", c=lit(self.input_column))
        return StepCode(code("{united}.select({last})", united=united, last=last))

    def _tagged(self, inputs: list[Code]) -> list[Code]:
        if self.input_column is None:
            return inputs
        return [
            with_columns(rows, {self.input_column: code("pl.lit({id})", id=lit(input_id))})
            for rows, input_id in zip(inputs, self.inputs, strict=True)
        ]

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        columns = {name: c.type for rows in inputs for name, c in rows.schema.items()}
        queries = []
        for index, (rows, input_id) in enumerate(zip(inputs, self.inputs, strict=True)):
            shown = {
                name: dialect.column(name) if name in rows.schema else dialect.literal(None, of)
                for name, of in columns.items()
            }
            if self.input_column is not None:
                shown[self.input_column] = dialect.string(input_id)
            place = {"__input": dialect.integer(index), ROW: row_number(dialect, rows)}
            queries.append(select(dialect, rows.name, {**shown, **place}))
        return StepSql(union_all(queries), (Order("__input"), Order(ROW)))


def _merged(name: str, column: Column, inputs: list[Schema]) -> Column:
    found = [schema.get(name) for schema in inputs]
    return Column(
        column.type,
        nullable=any(c is None or c.nullable for c in found),
        pii=next((c.pii for c in found if c is not None and c.pii), None),
    )

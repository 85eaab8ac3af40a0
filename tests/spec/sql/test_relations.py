"""Relations: what holds the order of their rows."""

from __future__ import annotations

from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.duckdb import DuckDB
from ai_data_engineer.spec.sql.relations import ROW, Order, Relation, carry_order
from ai_data_engineer.types import INT64


def test_hidden_columns_differ_in_more_than_case():
    rows = Relation("rows", Schema({"Row": Column(INT64)}), (Order("Row"), Order(ROW)))

    order, carried = carry_order(DuckDB(["Row"]), rows, {"Row"})

    assert [part.column for part in order] == ["__Row_", ROW]
    assert list(carried) == ["__Row_"]

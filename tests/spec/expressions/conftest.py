"""One frame with awkward values in every type, and a way to run an expression over it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from ai_data_engineer.spec.expressions import compile_expression
from ai_data_engineer.spec.findings import Finding, Findings
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import LogicalType
from tests.engines import check_expression

TYPES = {
    "id": "int64",
    "qty": "int64",
    "price": "float64",
    "cost": "decimal(10,2)",
    "tax": "decimal(5,3)",
    "total": "decimal(38,2)",
    "name": "string",
    "email": "string",
    "paid": "boolean",
    "day": "date",
    "due": "date",
    "at": "datetime",
    "clock": "time",
    "tags": "list<string>",
    "scores": "list<int64>",
    "address": "struct<city: string, geo: struct<lat: float64>>",
    "raw": "binary",
    "Order Date": "date",
}
VALUES = {
    "id": [1, 2**63 - 1, -(2**63), None],
    "qty": [2, 0, -7, None],
    "price": [1.5, 0.0, -1e300, None],
    "cost": [Decimal("1.10"), Decimal("-99999999.99"), Decimal("0.00"), None],
    "tax": [Decimal("0.190"), Decimal("0.000"), Decimal("-99.999"), None],
    "total": [Decimal("9" * 36 + ".99"), Decimal("1.00"), Decimal("0.00"), None],
    "name": ["Ann Lee", "o'neil", "", None],
    "email": ["ann@example.org", "née", "a\nb", None],
    "paid": [True, False, True, None],
    "day": [dt.date(2024, 1, 31), dt.date(1582, 10, 15), dt.date(9999, 12, 31), None],
    "due": [dt.date(2024, 2, 1), None, dt.date(1, 1, 1), None],
    "at": [
        dt.datetime(2024, 1, 31, 13, 45, 10, 5, tzinfo=dt.UTC),
        dt.datetime(1969, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
        dt.datetime(1, 1, 1, tzinfo=dt.UTC),
        None,
    ],
    "clock": [dt.time(1, 2, 3), dt.time(0), dt.time(23, 59, 59, 999999), None],
    "tags": [["b", "a", None], [], [""], None],
    "scores": [[1, 2], [], [None], None],
    "address": [{"city": "Bern", "geo": {"lat": 1.0}}, {"city": None, "geo": None}, None, None],
    "raw": [b"a", b"\xff", b"", None],
    "Order Date": [dt.date(2024, 1, 31), None, dt.date(2020, 2, 29), None],
}
SCHEMA = Schema({name: Column(LogicalType.parse(kind)) for name, kind in TYPES.items()})
FRAME = pl.DataFrame(VALUES, schema={n: c.type.to_polars() for n, c in SCHEMA.items()})

Run = Callable[[str], list[object]]
Refuse = Callable[[str], Finding]


def evaluate(text: str, schema: Schema = SCHEMA, frame: pl.DataFrame = FRAME) -> pl.Series:
    """Compile, collect and check what was promised of type and nulls."""
    compiled = compile_expression(text, schema)
    names = {"pl": pl, "dt": dt, "Decimal": Decimal}
    expression = eval(compiled.polars, names)
    series = frame.lazy().with_columns(__result=expression).collect()["__result"]
    assert series.dtype == compiled.type.to_polars(), compiled.polars
    assert compiled.nullable or series.null_count() == 0, compiled.polars
    assert compiled.columns <= set(schema)
    check_expression(compiled, series, frame)
    return series


@pytest.fixture(scope="session")
def run() -> Run:
    """Return the values of an expression over `FRAME`."""
    return lambda text: evaluate(text).to_list()


@pytest.fixture(scope="session")
def series() -> Callable[..., pl.Series]:
    return evaluate


@pytest.fixture(scope="session")
def schema() -> Schema:
    return SCHEMA


@pytest.fixture(scope="session")
def refuse() -> Refuse:
    """Return the one finding about an expression that must not compile."""

    def refused(text: str) -> Finding:
        findings = Findings("/steps/0/where")
        assert compile_expression(text, SCHEMA, findings) is None
        (finding,) = findings.items
        assert finding.pointer == "/steps/0/where"
        return finding

    return refused

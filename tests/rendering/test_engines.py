"""A spec from its sources to published files, the same on every engine."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from ai_data_engineer.errors import SpecError
from ai_data_engineer.rendering import execution
from ai_data_engineer.rendering.runtime import engines
from ai_data_engineer.rendering.sql_script import sql_script
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.types import LogicalType
from tests.projects import assert_engines_agree, project, published, run

SQL = ["duckdb", pytest.param("spark", marks=pytest.mark.spark)]
HOSTILE = "a\n\"`'') -- /* ( \\ ;,x"


@pytest.fixture(params=SQL)
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "spark":
        request.getfixturevalue("spark")
    return str(request.param)


def spec_of(columns: dict[str, str], path: Path, **more: Any) -> PipelineSpec:
    """A spec over a file; `raw` goes to `out.parquet` unless `more` says otherwise."""
    document = {
        "name": "shop",
        "sources": [
            {
                "id": "raw",
                "uri": str(path),
                "format": path.suffix[1:],
                "columns": [{"name": n, "type": t} for n, t in columns.items()],
            }
        ],
        "outputs": [{"id": "out", "input": "raw", "path": "out.parquet"}],
        **more,
    }
    return PipelineSpec.model_validate(document)


ORDERS = {"id": "int64", "status": "string", "amount": "decimal(10,2)", "day": "date"}


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(
        "id,status,amount,day\n"
        "1,paid,10.50,2024-01-31\n2,open,3,2024-02-01\nno,paid,1,2024-02-02\n"
        "3,paid,,2024-01-01\n4,,7.25,\n5,paid,0.10,2024-03-01\n",
        encoding="utf-8",
    )
    return path


def step(id: str, op: str, *inputs: str, **parameters: Any) -> dict[str, Any]:
    return {"id": id, "op": op, "inputs": list(inputs), **parameters}


def output(id: str, input: str, path: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "input": input, "path": path, **more}


def test_rows_rejects_and_report_are_those_of_polars(
    engine: str, orders: Path, tmp_path: Path
) -> None:
    spec = spec_of(
        ORDERS,
        orders,
        steps=[
            step("paid", "filter", "raw", where="status = 'paid'"),
            # Names that SQL has already.
            step("order", "sort", "paid", by=[{"column": "day", "descending": True}]),
            step("select", "derive", "order", columns={"year": "status", HOSTILE: "id > 1"}),
        ],
        outputs=[
            output("out", "select", "out.parquet"),
            output("all", "raw", "all.csv", format="csv"),
            output("lines", "paid", "deep/paid.ndjson", format="ndjson"),
        ],
        expectations=[
            {"on": "paid", "type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
            {
                "on": "raw",
                "type": "expect_column_values_to_not_be_null",
                "kwargs": {"column": "day"},
                "severity": "warning",
            },
        ],
    )  # fmt: skip

    report = assert_engines_agree(spec, tmp_path, engine)

    assert [s["rows_out"] for s in report["steps"]] == [3, 3, 3]
    assert [e["unexpected"] for e in report["expectations"]] == [0, 1]
    assert published(spec, tmp_path / engine)["out/."]["id"].to_list() == [5, 1, 3]


def test_every_type_comes_out_as_it_went_in(engine: str, tmp_path: Path) -> None:
    moment = dt.datetime(9999, 12, 31, 23, 59, 59, 999999, dt.UTC)
    rows = pl.DataFrame(
        {
            "b": [True, None],
            "i": [-(2**63), 2**63 - 1],
            "f": [float("nan"), -0.0],
            "s": ["Zoë\n\0\u2028'", ""],
            "d": [dt.date(1, 1, 1), dt.date(9999, 12, 31)],
            "t": [dt.time(23, 59, 59, 999999), None],
            "z": [dt.datetime(1, 1, 1, tzinfo=dt.UTC), moment],
            "y": [b"\0\xff", None],
            "n": pl.Series(["1.10", None]).cast(pl.Decimal(38, 10)),
            "l": [[dt.time(1), None], None],
            "o": [{"x": moment, "y z": [1]}, {"x": None, "y z": None}],
        }
    )
    rows.write_parquet(tmp_path / "in.parquet")
    columns = {name: str(LogicalType.from_polars(t)) for name, t in rows.schema.items()}
    spec = spec_of(columns, tmp_path / "in.parquet")

    assert_engines_agree(spec, tmp_path, engine)

    assert published(spec, tmp_path / engine)["out/."].equals(rows)


def test_names_that_an_engine_takes_for_one_stay_apart(engine: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a,A,a_2,Ä,ä\n1,x,2,3,y\n")
    columns = {"a": "int64", "A": "string", "a_2": "int64", "Ä": "int64", "ä": "string"}
    spec = spec_of(
        columns,
        tmp_path / "in.csv",
        steps=[step("kept", "filter", "raw", where="a = 1 AND \"A\" = 'x'")],
        outputs=[output("out", "kept", "out.parquet")],
    )

    assert_engines_agree(spec, tmp_path, engine)


def test_rows_keep_their_order_through_many_row_groups(engine: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "n\n" + "\n".join(str(n * 7919 % 300_007) for n in range(300_000))
    )
    spec = spec_of(
        {"n": "int64"},
        tmp_path / "in.csv",
        steps=[step("some", "filter", "raw", where="n > 10")],
        outputs=[output("out", "some", "out.parquet")],
    )  # fmt: skip

    assert_engines_agree(spec, tmp_path, engine)


def test_outputs_are_published_in_their_mode_and_partitions(
    engine: str, orders: Path, tmp_path: Path
) -> None:
    spec = spec_of(
        ORDERS,
        orders,
        outputs=[
            output("days", "raw", "days", partition_by=["status", "day"]),
            output("more", "raw", "more.csv", format="csv", mode="append"),
            output("newest", "raw", "newest.parquet", mode="upsert", keys=["id"]),
        ],
    )
    pipeline = project(spec, tmp_path / "project")
    for _ in range(2):
        run(pipeline, spec, tmp_path / "polars", "polars")
        run(pipeline, spec, tmp_path / engine, engine)

    expected, actual = published(spec, tmp_path / "polars"), published(spec, tmp_path / engine)
    assert list(actual) == list(expected)
    assert all(actual[name].equals(expected[name]) for name in expected)
    assert actual["more/."].height == 5  # the same rows are not appended twice


def test_a_critical_expectation_keeps_the_outputs_as_they_are(
    engine: str, orders: Path, tmp_path: Path
) -> None:
    rule = {"on": "out", "type": "expect_column_values_to_not_be_null", "kwargs": {"column": "day"}}
    spec = spec_of(ORDERS, orders, expectations=[rule])
    pipeline = project(spec, tmp_path / "project")

    with pytest.raises(Exception, match=r"E_EXPECTATION out_1 .* nothing was published") as raised:
        run(pipeline, spec, tmp_path / "out", engine)

    assert raised.value.exit_code == 1  # type: ignore[attr-defined]
    left = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert left == ["rejects.ndjson", "run_report.json", "run_report.md"]


def test_what_an_engine_says_of_a_failing_step_is_not_told(orders: Path, tmp_path: Path) -> None:
    spec = spec_of(
        ORDERS,
        orders,
        steps=[step("typed", "filter", "raw", where="status = 'paid'")],
        outputs=[output("out", "typed", "out.parquet")],
    )
    pipeline = project(spec, tmp_path / "project")
    script = tmp_path / "project" / "sql" / "duckdb.sql"
    script.write_text(script.read_text().replace("status = 'paid'", "CAST(status AS INT) = 1"))

    with pytest.raises(Exception, match="E_STEP step `typed`: It cannot be computed") as raised:
        run(pipeline, spec, tmp_path / "out", "duckdb")

    assert "paid" not in str(raised.value)
    assert raised.value.__context__ is None
    assert json.loads((tmp_path / "out" / "run_report.json").read_text())["success"] is False
    left = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert left == ["run_report.json", "run_report.md"]


def test_memory_that_runs_out_is_said(
    orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [step("typed", "filter", "raw", where="id > 0")]
    outputs = [output("out", "typed", "out.parquet")]
    spec = spec_of(ORDERS, orders, steps=steps, outputs=outputs)
    pipeline = project(spec, tmp_path / "project")
    monkeypatch.setenv("DUCKDB_MEMORY_LIMIT", "100KB")

    with pytest.raises(Exception, match="E_STEP step `typed`: Memory ran out"):
        run(pipeline, spec, tmp_path / "out", "duckdb")


def test_the_script_can_be_pasted_into_a_shell(orders: Path, tmp_path: Path) -> None:
    spec = spec_of(
        ORDERS,
        orders,
        steps=[step("paid", "filter", "raw", where="status = 'paid'", note="Keep\n) the 'paid' \\")],
        outputs=[output("out", "paid", "out.parquet")],
    )  # fmt: skip
    script = sql_script(spec, propagate(spec, Findings()), "duckdb").text

    duckdb.sql(
        "CREATE TEMP TABLE raw AS SELECT 0 AS __row, 1 AS id, 'paid' AS status,"
        " 1.5::DECIMAL(10, 2) AS amount, DATE '2024-01-01' AS day"
    )
    try:
        assert duckdb.sql(script).fetchall() == [(1, "paid", 1.5, dt.date(2024, 1, 1))]
    finally:
        duckdb.sql("DROP TABLE raw")
    assert "-- paid (filter): Keep ) the 'paid' \\ \npaid AS (\n  SELECT\n    id," in script


def test_duckdb_reaches_no_file_outside_of_its_run(orders: Path, tmp_path: Path) -> None:
    spec = spec_of(ORDERS, orders)
    pipeline = project(spec, tmp_path / "project")
    script = tmp_path / "project" / "sql" / "duckdb.sql"
    script.write_text(script.read_text().replace("FROM raw", f"FROM read_csv('{orders}')"))

    with pytest.raises(Exception, match="E_STEP output `out`"):
        run(pipeline, spec, tmp_path / "out", "duckdb")


@pytest.mark.spark
def test_spark_does_not_put_the_environment_into_texts(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a\n1\n")
    spec = spec_of(
        {"a": "int64"},
        tmp_path / "in.csv",
        steps=[step("kept", "filter", "raw", where="'${env:HOME}' LIKE '$%' AND a = 1")],
        outputs=[output("out", "kept", "out.parquet")],
    )

    assert_engines_agree(spec, tmp_path, "spark")


def test_an_engine_that_is_not_installed_is_said_before_anything_runs(
    orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)

    with pytest.raises(
        SpecError, match=r"E_ENGINE .*`pyspark` is not installed\. Install it: .* pyspark"
    ):
        execution.execute(spec_of(ORDERS, orders), tmp_path / "out", engine="spark")


def test_an_engine_that_there_is_not_is_named(orders: Path, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"E_ENGINE The engine dask .*polars, duckdb, spark"):
        execution.execute(spec_of(ORDERS, orders), tmp_path / "out", engine="dask")


def test_a_spec_that_an_engine_cannot_run_is_refused_with_step_and_reason(
    orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ai_data_engineer.spec.operators.filter import Filter

    def lacks_sql(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(Filter, "sql", lacks_sql)
    steps = [step("paid", "filter", "raw", where="id > 1")]
    outputs = [output("out", "paid", "out.parquet")]
    spec = spec_of(ORDERS, orders, steps=steps, outputs=outputs)

    with pytest.raises(SpecError, match=r"E_ENGINE step `paid`: .*`filter` has no SQL"):
        execution.execute(spec, tmp_path / "out", engine="duckdb")
    pipeline = project(spec, tmp_path / "project")
    with pytest.raises(Exception, match=r"E_ENGINE step `paid`: .*`filter` has no SQL"):
        run(pipeline, spec, tmp_path / "out", "duckdb")
    assert not (tmp_path / "out").exists()


def test_the_command_takes_an_engine(orders: Path, tmp_path: Path) -> None:
    assert execution.execute(spec_of(ORDERS, orders), tmp_path / "out", engine="duckdb") == 0

    assert json.loads((tmp_path / "out" / "run_report.json").read_text())["engine"] == "duckdb"


def test_a_project_says_what_to_install(orders: Path, tmp_path: Path) -> None:
    project(spec_of(ORDERS, orders), tmp_path)
    code = (
        "import sys; sys.modules['duckdb'] = None; sys.argv = ['shop', 'run', '--engine=duckdb'];"
        "import runpy; runpy.run_module('shop', run_name='__main__', alter_sys=True)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert ran.stderr == (
        "shop: E_ENGINE The engine duckdb is not there: the package `duckdb` is not installed. "
        'Install it: python -m pip install -e ".[duckdb]".\n'
    )

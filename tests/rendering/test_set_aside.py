"""What steps set aside, and what stops a run: the same files and messages on every engine."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.spec.spec import PipelineSpec
from tests.projects import assert_engines_agree, project, published, run

ORDERS = """\
id,customer,amount,day,seen,note
1,a,10.50,31.01.2024,2024-01-31T10:00:00+0200,fine
2,b,1e3,2024-02-01,2024-02-01T00:00:00Z,"two
lines"
x,c, 7 ,30.02.2024,yesterday,É
3,a,,01.03.2024,,
4,,-5,,2024-03-01T23:59:59-0130,"say ""so"" there"
5,d,12345678.999,1.4.2024,2024-04-01T00:00:00+0000,\\
6,é,0,29.02.2023,2024-05-01T00:00:00+0000,late
"""
CUSTOMERS = "customer,country\na,CH\nb,DE\nd,AT\n"
TWICE = CUSTOMERS + "a,FR\n"
TYPED = {"id": "int64", "amount": "decimal(8,2)"}
DATES = {"columns": ["day"], "formats": ["%d.%m.%Y", "%Y-%m-%d"]}
MOMENTS = {"columns": ["seen"], "formats": ["%Y-%m-%dT%H:%M:%S%z"], "to": "datetime"}


BROKEN = "step `last`: The cardinality of the join does not hold: a key or a range fits several"


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "spark":
        request.getfixturevalue("spark")
    return str(request.param)


def step(id: str, op: str, *inputs: str, **parameters: Any) -> dict[str, Any]:
    return {"id": id, "op": op, "inputs": list(inputs), **parameters}


def spec_of(
    folder: Path, steps: list[dict[str, Any]], outputs: list[dict[str, Any]], **files: str
) -> PipelineSpec:
    """A spec over CSV files of text columns; a file is its text."""
    sources = []
    for id, text in files.items():
        path = folder / f"{id}.csv"
        path.write_text(text, encoding="utf-8")
        names = text.split("\n", 1)[0].split(",")
        columns = [{"name": name, "type": "string"} for name in names]
        sources.append({"id": id, "uri": str(path), "format": "csv", "columns": columns})
    return PipelineSpec.model_validate(
        {"name": "shop", "sources": sources, "steps": steps, "outputs": outputs}
    )


def set_aside(folder: Path) -> list[tuple[str, str]]:
    lines = (folder / "rejects.ndjson").read_text("utf-8").splitlines()
    return [(found.get("step"), found["reason"]) for found in map(json.loads, lines)]


def test_rows_that_do_not_convert_go_to_the_rejects_in_their_order(
    engine: str, tmp_path: Path
) -> None:
    aside = {"on_error": "quarantine"}
    spec = spec_of(
        tmp_path,
        [
            step("typed", "cast", "orders", columns=TYPED, **aside),
            step("dated", "parse_date", "typed", **DATES, **aside),
            step("timed", "parse_date", "dated", **MOMENTS, **aside),
            step("good", "quarantine", "timed", where="amount < 0", reason="negative 'amount'"),
        ],
        [{"id": "out", "input": "good", "path": "out.parquet"}],
        orders=ORDERS,
    )

    report = assert_engines_agree(spec, tmp_path, engine)

    assert published(spec, tmp_path / engine)["out/."]["id"].to_list() == [1, 3]
    assert set_aside(tmp_path / engine) == [
        ("typed", "amount: not a decimal(8,2)"),
        ("typed", "id: not an int64"),
        ("typed", "amount: not a decimal(8,2)"),
        ("dated", "day: not a date"),
        ("good", "negative 'amount'"),
    ]
    assert [s["rejected"] for s in report["steps"]] == [3, 1, 0, 1]


def test_converted_rows_are_published_in_every_mode(engine: str, tmp_path: Path) -> None:
    kinds = product(
        ("parquet", "csv", "ndjson"), ([], ["customer", "day"]), ("overwrite", "append", "upsert")
    )
    outputs = [
        {
            "id": f"out{number}",
            "input": "dated",
            "path": f"out{number}" if partitions else f"out{number}.{format}",
            "format": format,
            "mode": mode,
            "partition_by": partitions,
            "keys": ["id"] if mode == "upsert" else [],
        }
        for number, (format, partitions, mode) in enumerate(kinds)
        if format == "parquet" or not (partitions and mode == "upsert")
    ]
    steps = [
        step("typed", "cast", "orders", columns=TYPED, on_error="quarantine"),
        step("timed", "parse_date", "typed", **MOMENTS, on_error="null"),
        step("dated", "parse_date", "timed", **DATES, on_error="quarantine"),
    ]
    spec = spec_of(tmp_path, steps, outputs, orders=ORDERS)
    pipeline = project(spec, tmp_path / "project")
    late = ORDERS.replace("3,a,,", "3,b,3.5,").replace("29.02.2023", "29.02.2024")

    for text in (ORDERS, late, late):
        (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
        for name in ("polars", engine):
            run(pipeline, spec, tmp_path / name, name)

    assert files(tmp_path / engine) == files(tmp_path / "polars")


def files(folder: Path) -> dict[str, bytes]:
    """Return what a run leaves, without what says when it ran: the reports, the log of appends."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not re.match(r"run_report|.*appended\.json$", path.name)
    }


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (
            [step("last", "cast", "orders", columns=TYPED, on_error="fail")],
            r"step `last`: A value does not convert \(amount: not a decimal\(8,2\)\)",
        ),
        (
            [step("last", "parse_date", "orders", **MOMENTS, on_error="fail")],
            r"step `last`: A value does not convert \(seen: not a datetime\)",
        ),
        (
            [step("last", "join", "orders", "twice", left_on=["customer"], cardinality="many_to_one")],
            BROKEN,
        ),
        (
            [step("last", "join", "twice", "orders", left_on=["customer"], cardinality="one_to_one")],
            BROKEN,
        ),
    ],
)  # fmt: skip
def test_what_stops_a_run_is_said_alike(
    engine: str, steps: list[dict[str, Any]], message: str, tmp_path: Path
) -> None:
    output = {"id": "out", "input": "last", "path": "out.parquet"}
    spec = spec_of(tmp_path, steps, [output], orders=ORDERS, twice=TWICE)
    pipeline = project(spec, tmp_path / "project")

    said, reports = [], []
    for name in ("polars", engine):
        with pytest.raises(Exception, match=f"E_STEP {message}") as stopped:
            run(pipeline, spec, tmp_path / name, name)
        said.append(str(stopped.value))
        report = json.loads((tmp_path / name / "run_report.json").read_text("utf-8"))
        reports.append((report["success"], report["error"], report["outputs"]))
        assert not (tmp_path / name / "out.parquet").exists()

    assert said[1] == said[0]
    assert reports[1] == reports[0]


def test_a_join_whose_cardinality_holds_goes_on(engine: str, tmp_path: Path) -> None:
    spec = spec_of(
        tmp_path,
        [
            step("typed", "cast", "orders", columns=TYPED, on_error="quarantine"),
            step("joined", "join", "typed", "customers", how="left", left_on=["customer"],
                 cardinality="many_to_one"),
            step("known", "quarantine", "joined", where="country IS NULL", reason="no country"),
        ],
        [{"id": "out", "input": "known", "path": "out.csv", "format": "csv"}],
        orders=ORDERS,
        customers=CUSTOMERS,
    )  # fmt: skip

    assert_engines_agree(spec, tmp_path, engine)

    assert set_aside(tmp_path / engine)[3:] == [("known", "no country"), ("known", "no country")]

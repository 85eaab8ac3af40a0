"""Several sources, several outputs, and the file that each row came from, in one spec."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.rendering.execution import execute
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.validating import validate

ORDERS = {
    "orders_jan.csv": "id,shop,amount\n1,é,10.50\n2,b,x\n",
    "orders_feb.csv": "id,shop,amount\n3,é,2.25\n4,z,1.00\n",
}
COLUMNS = [
    {"name": "id", "type": "int64"},
    {"name": "shop", "type": "string"},
    {"name": "amount", "type": "decimal(9,2)"},
]


def orders(uri: Path, **more: Any) -> dict[str, Any]:
    return {"id": "orders", "uri": str(uri), "format": "csv", "columns": COLUMNS, **more}


def run(spec: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Validate and run; return the report."""
    report = validate({"spec_version": "1", "name": "shops", **spec})
    assert report.errors == ()
    output = folder / "out"
    assert execute(PipelineSpec.model_validate({"name": "shops", **spec}), output) == 0
    return json.loads((output / "run_report.json").read_text())


def rows(folder: Path, name: str) -> list[tuple[Any, ...]]:
    return pl.read_parquet(folder / "out" / name).rows()


def test_several_sources_and_outputs_in_one_spec(tmp_path: Path) -> None:
    for name, text in ORDERS.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "shops.ndjson").write_text('{"shop": "é", "city": "Ürüm"}\n{"shop": "q"}\n')
    report = run(
        {
            "sources": [
                orders(tmp_path / "orders_*.csv", file_column="file"),
                {
                    "id": "shops",
                    "uri": str(tmp_path / "shops.ndjson"),
                    "format": "ndjson",
                    "columns": [
                        {"name": "shop", "type": "string"},
                        {"name": "city", "type": "string"},
                    ],
                },
            ],
            "steps": [
                {
                    "id": "placed",
                    "op": "join",
                    "inputs": ["orders", "shops"],
                    "how": "left",
                    "left_on": ["shop"],
                    "cardinality": "many_to_one",
                },
                {
                    "id": "sums",
                    "op": "aggregate",
                    "inputs": ["placed"],
                    "group_by": ["city"],
                    "figures": [{"name": "total", "function": "sum", "column": "amount"}],
                },
                {
                    "id": "unknown",
                    "op": "join",
                    "inputs": ["shops", "orders"],
                    "how": "anti",
                    "left_on": ["shop"],
                },
            ],
            "outputs": [
                {"id": "all", "input": "placed", "path": "placed.parquet"},
                {"id": "by_city", "input": "sums", "path": "sums.parquet"},
                {"id": "idle", "input": "unknown", "path": "idle.parquet"},
            ],
        },
        tmp_path,
    )
    placed = [(id_, str(amount), file, city) for id_, _, amount, file, city in
              rows(tmp_path, "placed.parquet")]  # fmt: skip
    assert placed == [
        (3, "2.25", "orders_feb.csv", "Ürüm"),
        (4, "1.00", "orders_feb.csv", None),
        (1, "10.50", "orders_jan.csv", "Ürüm"),
    ]
    assert [(city, str(total)) for city, total in rows(tmp_path, "sums.parquet")] == [
        ("Ürüm", "12.75"),
        (None, "1.00"),
    ]
    assert rows(tmp_path, "idle.parquet") == [("q", None)]
    assert {output["id"]: output["rows"] for output in report["outputs"]} == {
        "all": 3,
        "by_city": 2,
        "idle": 1,
    }
    (reject,) = (tmp_path / "out" / "rejects.ndjson").read_text().splitlines()
    assert json.loads(reject)["record"]["file"] == "orders_jan.csv"


@pytest.mark.parametrize("as_parquet", [False, True])
def test_each_row_says_which_file_it_came_from(tmp_path: Path, as_parquet: bool) -> None:
    if as_parquet:
        uri, kind = tmp_path / "*.parquet", "parquet"
        for name, text in ORDERS.items():
            frame = pl.read_csv(text.encode(), columns=["id"])
            frame.write_parquet(tmp_path / Path(name).with_suffix(".parquet").name)
    else:
        uri, kind = tmp_path / "orders.zip", "csv"
        with zipfile.ZipFile(uri, "w") as archive:
            for name, text in ORDERS.items():
                archive.writestr(f"2024/{name}", text.replace("x", "0"))
    columns = COLUMNS[:1] if as_parquet else COLUMNS
    run(
        {
            "sources": [orders(uri, format=kind, columns=columns, file_column="from file")],
            "outputs": [{"id": "out", "input": "orders", "path": "out.parquet"}],
        },
        tmp_path,
    )
    suffix = "parquet" if as_parquet else "csv"
    found = pl.read_parquet(tmp_path / "out" / "out.parquet").select("id", "from file").rows()
    assert sorted(found) == [
        (1, f"orders_jan.{suffix}"),
        (2, f"orders_jan.{suffix}"),
        (3, f"orders_feb.{suffix}"),
        (4, f"orders_feb.{suffix}"),
    ]


def test_the_files_column_has_a_name_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ORDERS["orders_jan.csv"])
    report = validate(
        {
            "spec_version": "1",
            "name": "shops",
            "sources": [orders(tmp_path / "a.csv", file_column="shop")],
            "outputs": [{"id": "out", "input": "orders", "path": "out.parquet"}],
        }
    )
    assert [(f.code, f.pointer) for f in report.errors] == [
        ("E_DUPLICATE_COLUMN", "/sources/0/file_column")
    ]

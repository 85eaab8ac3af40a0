"""Projects over every format, over several sources, and over hostile names."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import fastavro
import polars as pl
import pytest

from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.provenance import Attempt, Provenance
from tests.workbooks import write_xlsx

pytestmark = pytest.mark.bundle


def spec_of(sources: list[dict[str, Any]], *, steps: list[Any] = [], **more: Any) -> PipelineSpec:  # noqa: B006
    last = steps[-1]["id"] if steps else sources[0]["id"]
    return PipelineSpec.model_validate(
        {
            "name": "shop",
            "sources": sources,
            "steps": steps,
            "outputs": [{"id": "out", "input": last, "path": "out.parquet"}],
            **more,
        }
    )


def test_nested_json_compressed(tmp_path: Path, unpacked: Any) -> None:
    path = tmp_path / "shop.json.gz"
    records = [
        {"id": 1, "address": {"city": "Ulm"}, "tags": ["a", "b"], "price": 1.5},
        {"id": "x", "address": {"city": "Bonn"}, "tags": []},
        {"id": 3, "tags": None, "price": 2},
    ]
    path.write_bytes(gzip.compress(json.dumps({"data": {"items": records}}).encode()))
    columns = [
        {"name": "id", "type": "int64"},
        {"name": "address_city", "path": ["address", "city"], "type": "string"},
        {"name": "tags", "type": "list<string>"},
        {"name": "price", "type": "float64"},
    ]
    bundle = unpacked(
        spec_of(
            [
                {
                    "id": "raw",
                    "uri": str(path),
                    "format": "json",
                    "compression": "gzip",
                    "record_path": "/data/items",
                    "columns": columns,
                }
            ]
        )
    )

    ran = bundle.run("run", "--output", str(tmp_path / "out"))

    assert ran.returncode == 0, ran.stderr
    assert pl.read_parquet(tmp_path / "out" / "out.parquet").rows() == [
        (1, "Ulm", ["a", "b"], 1.5),
        (3, None, None, 2.0),
    ]


def test_json_keyed_by_id(tmp_path: Path, unpacked: Any) -> None:
    path = tmp_path / "shop.json"
    path.write_text('{"data": {"a17": {"n": 1}, "b22": {"n": 2}, "c3": {"n": 3}}, "status": "ok"}')
    columns = [
        {"name": "key", "source_name": "key", "path": ["@key"], "type": "string"},
        {"name": "n", "type": "int64"},
    ]
    raw = {"id": "raw", "uri": str(path), "format": "json", "record_path": "/data/*"}
    bundle = unpacked(spec_of([{**raw, "columns": columns}]))

    ran = bundle.run("run", "--output", str(tmp_path / "out"))

    assert ran.returncode == 0, ran.stderr
    rows = pl.read_parquet(tmp_path / "out" / "out.parquet").rows()
    assert rows == [("a17", 1), ("b22", 2), ("c3", 3)]


def test_ndjson_and_parquet_joined(tmp_path: Path, unpacked: Any) -> None:
    orders, items = tmp_path / "orders.ndjson", tmp_path / "items.parquet"
    orders.write_text('{"id": 1, "item": "a"}\nbroken\n{"id": 2, "item": "z"}\n')
    pl.DataFrame(
        {"item": ["a", "b"], "cents": [5, 7]}, schema_overrides={"cents": pl.Int16}
    ).write_parquet(items)
    sources = [
        {
            "id": "orders",
            "uri": str(orders),
            "format": "ndjson",
            "columns": [{"name": "id", "type": "int64"}, {"name": "item", "type": "string"}],
        },
        {
            "id": "items",
            "uri": str(items),
            "format": "parquet",
            "columns": [{"name": "item", "type": "string"}, {"name": "cents", "type": "int64"}],
        },
    ]
    join = {
        "id": "priced",
        "op": "join",
        "inputs": ["orders", "items"],
        "left_on": ["item"],
        "right_on": ["item"],
        "how": "left",
    }
    bundle = unpacked(spec_of(sources, steps=[join]))

    ran = bundle.run(
        "run",
        "--source",
        f"orders={orders}",
        "--source",
        f"items={items}",
        f"--output={tmp_path / 'out'}",
    )

    assert ran.returncode == 0, ran.stderr
    rows = pl.read_parquet(tmp_path / "out" / "out.parquet").select("id", "cents").rows()
    assert rows == [(1, 5), (2, None)]


def test_two_sources_need_a_name_each(tmp_path: Path, unpacked: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n")
    columns = [{"name": "id", "type": "int64"}]
    sources = [
        {"id": i, "uri": str(path), "format": "csv", "columns": columns} for i in ("one", "two")
    ]
    bundle = unpacked(spec_of(sources))

    ran = bundle.run("run", "--source", str(path))

    assert ran.returncode == 2
    assert "E_UNKNOWN_SOURCE" in ran.stderr
    assert "one, two" in ran.stderr


def test_xml_with_attributes(tmp_path: Path, unpacked: Any) -> None:
    path = tmp_path / "books.xml"
    path.write_text(
        '<?xml version="1.0" encoding="iso-8859-1"?><catalog xmlns="urn:b">'
        '<book id="1"><title>Über</title></book><book id="2"><title>x</title></book></catalog>',
        encoding="iso-8859-1",
    )
    columns = [
        {"name": "id", "path": ["@id"], "type": "int64"},
        {"name": "title", "path": ["title"], "type": "string"},
    ]
    bundle = unpacked(
        spec_of(
            [
                {
                    "id": "raw",
                    "uri": str(path),
                    "format": "xml",
                    "record_path": "/catalog/book",
                    "columns": columns,
                }
            ]
        )
    )

    ran = bundle.run("run", "--output", str(tmp_path / "out"))

    assert ran.returncode == 0, ran.stderr
    assert pl.read_parquet(tmp_path / "out" / "out.parquet").rows() == [(1, "Über"), (2, "x")]
    assert "src/shop/io/xml_reader.py" in bundle.names


def test_a_workbook_and_avro_joined(tmp_path: Path, unpacked: Any) -> None:
    book = write_xlsx(
        tmp_path / "orders.xlsx", {"Orders": [["Orders"], ["id", "item"], [1, "a"], [2, "z"]]}
    )
    items = tmp_path / "items.avro"
    fields = [{"name": "item", "type": "string"}, {"name": "cents", "type": "int"}]
    with items.open("wb") as target:
        schema = {"type": "record", "name": "Item", "fields": fields}
        fastavro.writer(target, schema, [{"item": "a", "cents": 5}], codec="snappy")
    sources = [
        {
            "id": "orders",
            "uri": str(book),
            "format": "xlsx",
            "sheet": {"name": "Orders", "header_row": 2, "first_row": 3},
            "columns": [{"name": "id", "type": "int64"}, {"name": "item", "type": "string"}],
        },
        {
            "id": "items",
            "uri": str(items),
            "format": "avro",
            "columns": [{"name": "item", "type": "string"}, {"name": "cents", "type": "int64"}],
        },
    ]
    join = {
        "id": "priced",
        "op": "join",
        "inputs": ["orders", "items"],
        "left_on": ["item"],
        "right_on": ["item"],
        "how": "left",
    }
    bundle = unpacked(spec_of(sources, steps=[join]))

    ran = bundle.run("run", f"--output={tmp_path / 'out'}")

    assert ran.returncode == 0, ran.stderr
    rows = pl.read_parquet(tmp_path / "out" / "out.parquet").select("id", "cents").rows()
    assert rows == [(1, 5), (2, None)]
    assert {"sample/orders.xlsx", "sample/items.avro"} <= set(bundle.names)
    project = (bundle.folder / "pyproject.toml").read_text()
    assert "fastavro" in project
    assert "calamine" not in project
    assert "fastavro==" in (bundle.folder / "requirements.lock").read_text()


HOSTILE = [
    '"); __import__("os").system("touch pwned"); ("',
    '"""\nimport os\n"""',
    "{{ 7*7 }}{% raw %}",
    "${{ secrets.X }}\n- run: touch pwned",
    "a\u202eb",
    "# </td><script>alert(1)</script> | `x` ](javascript:x)",
    "%s {0} {x!r} \\ ' \" \x00",
]


def test_names_and_words_from_outside_never_become_code(tmp_path: Path, unpacked: Any) -> None:
    path = tmp_path / "hostile.csv"
    header = [name.replace("\x00", "") for name in HOSTILE]
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in header)
    path.write_text(f"{quoted}\n{','.join('1' * len(header))}\n", newline="")
    words = " ".join(header)
    spec = spec_of(
        [
            {
                "id": "class",
                "uri": str(path),
                "format": "csv",
                "columns": [{"name": n, "source_name": n, "type": "string"} for n in header],
            }
        ],
        steps=[{"id": "import", "op": "deduplicate", "inputs": ["class"], "note": words[:500]}],
        outputs=[
            {"id": "out", "input": "import", "path": "out.csv", "format": "csv"},
        ],
        description=words,
        assumptions=header,
        expectations=[
            {
                "on": "import",
                "type": "expect_column_values_to_be_in_set",
                "kwargs": {"column": header[0], "value_set": ["1", header[1]]},
                "note": words,
            }
        ],
        trigger={"pattern": "*.csv${{ x }}"},
    )

    bundle = unpacked(spec)
    ran = bundle.run("run", "--output", str(tmp_path / "out"))

    assert ran.returncode == 0, ran.stderr
    assert not list(tmp_path.rglob("pwned"))
    assert pl.read_csv(tmp_path / "out" / "out.csv").shape == (1, len(header))
    readme = (bundle.folder / "README.md").read_text()
    assert "<script>" not in readme
    assert "\u202e" not in readme
    assert "secrets" not in (bundle.folder / ".github/workflows/ci.yml").read_text()


def test_a_package_of_a_name_that_python_has_gets_another(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n")
    source = {
        "id": "json",
        "uri": str(path),
        "format": "csv",
        "columns": [{"name": "id", "type": "int64"}],
    }
    provenance = Provenance(goal="keep all", attempts=(Attempt(provider="offline"),))

    record = package(
        spec_of([source], name="json"), [], tmp_path / "json.zip", provenance=provenance
    )

    import zipfile

    with zipfile.ZipFile(record.path) as archive:
        assert "src/json_pipeline/pipeline.py" in archive.namelist()
        assert json.loads(archive.read("provenance/provenance.json"))["goal"] == "keep all"

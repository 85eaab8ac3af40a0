"""Staging: text to typed files, every record kept or set aside with a reason."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Batch, Field, Rejected
from ai_data_engineer.io.conversion import Conversion
from ai_data_engineer.io.json_reader import read_ndjson
from ai_data_engineer.io.rejects import REASON, Rejects
from ai_data_engineer.io.staging import Staged, stage


def conversion(name: str, dtype: Any, type_name: str, *, required: bool = False) -> Conversion:
    missing = pl.col(name).is_null() | pl.col(name).is_in(["", "NA"])
    value = pl.when(~missing).then(pl.col(name)).cast(dtype, strict=False)
    return Conversion(value, missing, type_name, required)


CONVERSIONS = {
    "amount": conversion("amount", pl.Float64, "float64"),
    "id": conversion("id", pl.Int64, "int64", required=True),
}


def batch(
    *rows: tuple[int, str | None, str | None], rejected: list[Rejected] | None = None
) -> Batch:
    schema = {LINE: pl.Int64, "id": pl.String, "amount": pl.String}
    return Batch(pl.DataFrame(list(rows), schema=schema, orient="row"), rejected or [])


BATCHES = [
    batch((2, "1", "1.5"), (3, "x", "y"), (4, "", "2"), rejected=[Rejected(5, "broken", "raw")]),
    batch((6, "NA", "z"), (7, "2", "NA"), (8, "3", "secret")),
]


def run(tmp_path: Path, batches: list[Batch], on_error: Any) -> tuple[Staged, list[dict[str, Any]]]:
    with Rejects(tmp_path / "rejects.ndjson") as rejects:
        staged = stage(
            batches,
            CONVERSIONS,
            tmp_path / "work",
            on_error=on_error,
            source_id="orders",
            rejects=rejects,
        )
        rejects.publish()
        assert rejects.counts["orders"] == staged.rejected
    assert staged.records == staged.rows + staged.rejected
    lines = (tmp_path / "rejects.ndjson").read_text().splitlines()
    return staged, [json.loads(line) for line in lines]


def test_quarantine_sets_rows_aside_with_every_reason(tmp_path: Path) -> None:
    staged, rejects = run(tmp_path, BATCHES, "quarantine")
    assert staged.table.collect().rows(named=True) == [
        {"amount": 1.5, "id": 1},
        {"amount": None, "id": 2},
    ]
    assert (staged.records, staged.rows, staged.rejected) == (7, 2, 5)
    assert rejects == [
        {"source": "orders", "line": 5, "reason": "broken", "record": "raw"},
        {"source": "orders", "line": 3, "reason": "amount: not a float64; id: not a int64",
         "record": {"id": "x", "amount": "y"}},
        {"source": "orders", "line": 4, "reason": "id: missing",
         "record": {"id": "", "amount": "2"}},
        {"source": "orders", "line": 6, "reason": "amount: not a float64; id: missing",
         "record": {"id": "NA", "amount": "z"}},
        {"source": "orders", "line": 8, "reason": "amount: not a float64",
         "record": {"id": "3", "amount": "secret"}},
    ]  # fmt: skip


def test_the_folders_name_stands_for_itself(tmp_path: Path) -> None:
    folder = tmp_path / "a [1]*"
    folder.mkdir()
    staged, _ = run(folder, BATCHES, "quarantine")
    assert staged.table.collect().height == staged.rows == 2


def test_null_keeps_rows_unless_a_required_value_is_lost(tmp_path: Path) -> None:
    staged, rejects = run(tmp_path, BATCHES, "null")
    assert staged.table.collect()["amount"].to_list() == [1.5, None, None]
    assert [r["reason"] for r in rejects] == [
        "broken",
        "id: not a int64",
        "id: missing",
        "id: missing",
    ]


def test_fail_names_column_and_line_but_no_value(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^E_UNPARSED orders, line 3: `amount`") as caught:
        run(tmp_path, BATCHES, "fail")
    assert "secret" not in str(caught.value)
    assert list(tmp_path.glob("rejects*")) == []
    staged, _ = run(tmp_path / ".", [batch((2, "1", "NA"), (3, "", "1"))], "fail")
    assert (staged.rows, staged.rejected) == (1, 1)


def test_rows_stay_in_order_over_many_parts(tmp_path: Path) -> None:
    batches = [batch((n, str(n), "1")) for n in range(1, 120)]
    staged, _ = run(tmp_path, batches, "quarantine")
    assert staged.table.collect()["id"].to_list() == list(range(1, 120))
    assert len(list((tmp_path / "work").iterdir())) == 119


def test_no_rows_leave_an_empty_table_with_its_types(tmp_path: Path) -> None:
    staged, rejects = run(tmp_path, [batch()], "quarantine")
    assert staged.table.collect().schema == {"amount": pl.Float64, "id": pl.Int64}
    assert (staged.records, rejects) == (0, [])


def test_no_batch_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^E_EMPTY orders: "):
        run(tmp_path, [], "null")


def test_columns_that_cannot_be_converted_are_said_without_values(tmp_path: Path) -> None:
    other = Batch(pl.DataFrame({LINE: [1], "id": ["secret"]}))
    with pytest.raises(SourceError, match=r"^E_CONVERSION orders: ") as caught:
        run(tmp_path, [other], "null")
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_rejected_rows_of_steps_are_written_with_their_columns(tmp_path: Path) -> None:
    rows = pl.DataFrame({"a": [1], "b": [b"\xff"], REASON: ["b: not a date"]})
    with Rejects(tmp_path / "rejects.ndjson") as rejects:
        rejects.add_rows("step", "parse", rows)
        assert rejects.counts == {"parse": 1}
        assert not (tmp_path / "rejects.ndjson").exists()
        rejects.publish()
    assert json.loads((tmp_path / "rejects.ndjson").read_text()) == {
        "step": "parse",
        "reason": "b: not a date",
        "record": {"a": 1, "b": "/w=="},
    }
    assert [p.name for p in tmp_path.iterdir()] == ["rejects.ndjson"]


def test_fields_that_no_column_asks_for_are_counted(tmp_path: Path) -> None:
    records = [b'{"id": 1}', b'{"id": 2, "new": 1}', b'{"id": 3, "new": null, "rare": {}}']
    batches = read_ndjson(io.BytesIO(b"\n".join(records)), columns=[Field("id", ("id",))])
    conversions = {"id": conversion("id", pl.Int64, "int64")}
    with Rejects(tmp_path / "rejects.ndjson") as rejects:
        staged = stage(
            batches,
            conversions,
            tmp_path / "staged",
            on_error="null",
            source_id="a",
            rejects=rejects,
        )
    assert staged.unread == {"new": 2, "rare": 1}


def test_rows_and_the_same_rows_numbered_are_computed_in_one_run(tmp_path: Path) -> None:
    staged, _ = run(tmp_path, BATCHES, "null")

    rows, numbered = pl.collect_all([staged.table, staged.table.with_row_index("__row")])

    assert numbered["__row"].to_list() == list(range(len(rows)))
    assert numbered.drop("__row").equals(rows)

"""JSON and XML from the file to its profile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings
from benchmarks.structure_cases import CASES, Case


def profile(folder: Path, text: str, name: str = "data.json", **settings: Any) -> FileProfile:
    path = folder / name
    path.write_text(text)
    return profile_source(str(path), settings=Settings(**settings) if settings else None)


def codes(found: FileProfile) -> set[str]:
    return {warning.code for warning in found.warnings}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_records_of_a_known_form_are_found(case: Case, tmp_path: Path) -> None:
    found = profile(tmp_path, case.text, f"data{case.suffix}")

    assert (found.record_path, found.records.total) == (case.path, case.records)
    assert {*case.columns} <= {column.name for column in found.columns}


def test_rows_are_named_by_their_header_and_read_by_their_position(tmp_path: Path) -> None:
    found = profile(tmp_path, '{"columns": ["Id", "Full name"], "data": [[1, "a"], [2, "b"]]}')
    assert [(c.name, c.source_name, c.path) for c in found.columns] == [
        ("id", "Id", ("column_1",)),
        ("full_name", "Full name", ("column_2",)),
    ]


def test_the_key_of_a_member_does_not_hide_a_field_called_key(tmp_path: Path) -> None:
    found = profile(tmp_path, '{"a1": {"key": "x", "n": 1}, "b2": {"key": "y", "n": 2}}')
    assert [(c.name, c.path) for c in found.columns] == [
        ("key", ("@key",)),
        ("key_2", ("key",)),
        ("n", ("n",)),
    ]


def test_lists_in_records_are_proposed_as_child_tables(tmp_path: Path) -> None:
    orders = [
        {"order_id": n, "tags": ["a"], "lines": [{"sku": "x", "a": {"parts": [{"p": 1}] * 2}}] * 2}
        for n in range(4)
    ]
    found = profile(tmp_path, json.dumps({"orders": orders}))

    tables = {t.path: ([c.name for c in t.columns], t.rows) for t in found.child_tables}
    assert tables == {
        "/orders/*/tags": (["value"], 4),
        "/orders/*/lines": (["sku", "a"], 8),
        "/orders/*/lines/*/a/parts": (["p"], 16),
    }
    assert {table.parent_key for table in found.child_tables} == {("order_id",)}


def test_repeated_elements_are_proposed_as_child_tables(tmp_path: Path) -> None:
    order = '<order id="{n}"><line sku="a"/><line sku="b"/></order>'
    text = "".join(order.format(n=n) for n in range(5))
    (table,) = profile(tmp_path, f"<orders>{text}</orders>", "a.xml").child_tables

    assert (table.path, table.column, table.parent_key) == ("/orders/order/line", "line", ("id",))
    assert (table.rows, [column.name for column in table.columns]) == (10, ["@sku"])


def test_records_of_several_kinds_are_said_without_their_values(tmp_path: Path) -> None:
    records = [{"type": "secret-a", "x": n, "y": n} for n in range(12)]
    records += [{"type": "secret-b", "u": n, "v": n} for n in range(6)]
    found = profile(tmp_path, json.dumps(records))

    assert found.record_kinds is not None
    assert [(k.value, k.count) for k in found.record_kinds.counts] == [
        ("secret-a", 12),
        ("secret-b", 6),
    ]
    (said,) = [w.message for w in found.warnings if w.code == "W_MIXED_RECORDS"]
    assert said.endswith("`type` tells them apart: 12, 6 records.")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.json", '[{"a": 1, "a": 2}, {"a": 3}]', "W_DUPLICATE_NAMES"),
        ("a.jsonl", '{"a": 1, "a": 2}\n{"a": 3}\n', "W_DUPLICATE_NAMES"),
        ("a.json", '{"a": [1, 2], "b": [3, 4]}', "W_COLUMNS_OF_JSON"),
        ("a.json", "[[1, 2], [3, 4]]", "W_NO_HEADER"),
        ("a.xml", "<d><p>a <b>c</b> d</p><p>e <b>f</b></p></d>", "W_MIXED_CONTENT"),
        ("a.csv", 'id,meta\n1,"{""a"": 1}"\n2,"{""a"": 2}"\n', "W_JSON_CELLS"),
        ("a.xml", '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table>'
         + "<Row><Cell><Data>1</Data></Cell></Row>" * 3 + "</Table></Workbook>",
         "W_SPREADSHEET_XML"),
    ],
)  # fmt: skip
def test_what_a_person_should_know_is_said(name: str, text: str, code: str, tmp_path: Path) -> None:
    assert code in codes(profile(tmp_path, text, name))


def test_what_lies_in_json_cells_is_named(tmp_path: Path) -> None:
    text = 'id,meta\n1,"[{""a"": 1, ""b"": 2}]"\n2,"[{""a"": 2}]"\n3,"[{""a"": 2}]"\n'
    (said,) = [w for w in profile(tmp_path, text, "a.csv").warnings if w.code == "W_JSON_CELLS"]
    assert (said.column, said.message.rpartition("apart. ")[2]) == (
        "meta",
        "Arrays of objects with `a`.",
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "{'a': 1}\n{'a': 2}\n"),
        ("a.txt", '{ // why\n"a": 1}'),
        ("a.txt", "{a: 1, b: 2}"),
        ("a.jsonl", '{"a": NaN}\n{"a": NaN}\n'),
    ],
)
def test_what_is_nearly_json_is_no_table_either(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"E_BROKEN_JSON.* found ") as refused:
        profile(tmp_path, text, name)
    assert refused.value.hint


LINE = {"id": 1, "name": "Ann", "city": "Oslo"}
LONG = {
    "": [LINE] * 900,
    "/data": {"status": "ok", "data": [LINE] * 900},
    "/*": {f"k{n}": LINE for n in range(900)},
    "/links": {"nodes": [{"id": n} for n in range(900)], "links": [LINE] * 1900},
}


@pytest.mark.parametrize("path", LONG)
def test_a_sample_has_the_record_path_of_the_whole(path: str, tmp_path: Path) -> None:
    text = json.dumps(LONG[path])
    size = 2 * len(text) // 3
    assert profile(tmp_path, text, max_profile_bytes=size).record_path == path
    assert profile(tmp_path, text).record_path == path


def test_columns_that_go_on_behind_the_sample_are_refused(tmp_path: Path) -> None:
    text = json.dumps({"a": list(range(2000)), "b": list(range(2000))})
    with pytest.raises(SourceError, match=r"E_RECORD_TOO_LONG.*MAX_PROFILE_BYTES"):
        profile(tmp_path, text, max_profile_bytes=5000)


def test_records_behind_what_is_looked_at_first_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_data_engineer.profiling.records.sampled_records._LOOKED_AT", 8000)
    text = json.dumps({"nodes": [{"id": n} for n in range(900)], "links": [LINE] * 1900})
    found = profile(tmp_path, text, max_profile_bytes=60_000)
    assert (found.record_path, found.record_path_alternatives) == ("/links", ("/nodes",))

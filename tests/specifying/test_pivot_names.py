"""Pivots without names: found where a profile tells all values, and never shown to a model."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.loop import specify_valid
from ai_data_engineer.specifying.pivot_names import name_pivots
from tests.model_server import ModelServer, says_json

PIVOT = {"id": "wide", "op": "pivot", "inputs": ["orders"], "index": ["day"], "column": "status"}
FOUND = {"open": "open", "paid": "paid", "sent": "sent"}


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> FileProfile:
    path = tmp_path_factory.mktemp("pivot") / "orders.csv"
    rows = [
        f"{i},2024-01-{i % 28 + 1:02},{('paid', 'open', 'sent')[i % 3]},{i % 40},{i % 2 + 1}"
        for i in range(240)
    ]
    path.write_text("\n".join(["id,day,status,shop,rank", *rows]) + "\n")
    return profile_source(str(path))


def named(orders: FileProfile, *steps: dict[str, Any]) -> dict[str, Any]:
    document, found = name_pivots({"steps": list(steps)}, {"orders": orders})
    pivot = next(step for step in document["steps"] if step["op"] == "pivot")
    assert found == set(pivot.get("names", {}))
    assert len(document.get("assumptions", [])) == bool(found)
    names: dict[str, Any] = pivot.get("names", {})
    return names


def test_all_values_of_a_source_become_columns(orders: FileProfile) -> None:
    assert named(orders, PIVOT) == FOUND


@pytest.mark.parametrize(
    ("before", "names"),
    [
        ({"op": "filter", "where": "id > 3"}, FOUND),
        ({"op": "derive", "columns": {"x": "1"}}, FOUND),
        ({"op": "derive", "columns": {"status": "upper(status)"}}, {}),
        ({"op": "cast", "columns": {"status": "string"}}, {}),
        ({"op": "rename", "columns": {"id": "status"}}, {}),
        ({"op": "map_values", "column": "status", "mapping": {}}, {}),
        ({"op": "filter", "inputs": ["wide"]}, {}),
    ],
)
def test_values_are_followed_back_through_steps_that_leave_them(
    orders: FileProfile, before: dict[str, Any], names: dict[str, Any]
) -> None:
    step = {"id": "before", "inputs": ["orders"], **before}
    assert named(orders, {**PIVOT, "inputs": ["before"]}, step) == names


def test_a_renamed_column_is_found_under_its_old_name(orders: FileProfile) -> None:
    step = {"id": "b", "op": "rename", "inputs": ["orders"], "columns": {"status": "state"}}
    assert named(orders, {**PIVOT, "inputs": ["b"], "column": "state"}, step) == FOUND


def test_numbers_are_values_under_names_that_columns_may_have(orders: FileProfile) -> None:
    assert named(orders, {**PIVOT, "column": "rank"}) == {"1": 1, "2": 2}
    assert named(orders, {**PIVOT, "column": "rank", "index": ["1"]}) == {"rank_1": 1, "2": 2}


@pytest.mark.parametrize("column", ["shop", "id", "nowhere"])
def test_too_many_values_are_left_to_be_given(orders: FileProfile, column: str) -> None:
    assert named(orders, {**PIVOT, "column": column}) == {}


def test_names_that_are_given_stay(orders: FileProfile) -> None:
    document = {"steps": [{**PIVOT, "names": {"p": "paid"}}]}
    assert name_pivots(document, {"orders": orders}) == (document, set())


def test_personal_data_do_not_become_columns(orders: FileProfile) -> None:
    columns = [c.model_copy(update={"pii": "name"}) for c in orders.columns]
    personal = orders.model_copy(update={"columns": tuple(columns)})
    assert named(personal, PIVOT) == {}


def test_the_model_is_shown_none_of_the_names_that_were_found(
    orders: FileProfile, models: ModelServer
) -> None:
    wide = {**PIVOT, "function": "count"}
    output = {"id": "out", "input": "ranked", "path": "out.csv", "format": "csv"}
    wrong = {"id": "ranked", "op": "sort", "inputs": ["wide"], "by": [{"column": "pai"}]}
    right = {**wrong, "by": [{"column": "day"}]}
    for last in (wrong, right):
        models.script(says_json({"name": "x", "steps": [wide, last], "outputs": [output]}))
    settings = load_settings(gemini_base_url=models.url)
    found, report = specify_valid(
        [orders], "by status", credentials=[SecretStr("k")], settings=settings
    )
    assert report.is_valid
    assert found.document["steps"][0]["names"] == FOUND
    assert "`paid`" in found.document["assumptions"][0]
    repair = models.asked[1]
    assert "E_UNKNOWN_COLUMN" in repair.prompt
    assert not any(f'"{value}"' in repair.prompt for value in ("open", "sent"))
    assert "paid" not in repair.prompt

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.packaging import trial
from ai_data_engineer.validating import validate

ROWS = ["1,10.00,paid,a@x.org", "2,x,paid,b@x.org", "3,7.50,open,c@x.org", "3,7.50,paid,c@x.org"]


@pytest.fixture
def spec(document: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """The spec of the other gates' tests, over a file that exists; one amount is no number."""
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,amount,status,email", *ROWS]) + "\n")
    document["sources"][0]["uri"] = str(path)
    return document


def codes(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(f.code, f.pointer, f.gate) for f in validate(document).findings]


def expecting(spec: dict[str, Any], kind: str, severity: str = "critical", **kwargs: Any) -> None:
    spec["expectations"] = [{"on": "paid", "type": kind, "kwargs": kwargs, "severity": severity}]


def test_counts_of_each_step_on_the_sample_are_reported(spec: dict[str, Any]) -> None:
    report = validate(spec)
    assert report.is_valid
    assert [(s.id, s.rows_in, s.rows_out, s.rejected) for s in report.steps] == [
        ("paid", 3, 2, 0),
        ("plain", 2, 2, 0),
    ]
    assert ("W_REJECTED", "/sources/0", "data") in codes(spec)


def test_without_the_data_gate_no_source_is_touched(document: dict[str, Any]) -> None:
    document["sources"][0]["uri"] = "nowhere.csv"
    assert validate(document, data=False).is_valid
    with pytest.raises(SourceError, match="E_NOT_FOUND"):
        validate(document)


def test_another_address_can_be_given(document: dict[str, Any], spec: dict[str, Any]) -> None:
    elsewhere = spec["sources"][0]["uri"]
    document["sources"][0]["uri"] = "nowhere.csv"
    assert validate(document, sources={"orders": elsewhere}).is_valid


@pytest.mark.parametrize(
    ("severity", "code", "valid"),
    [("critical", "E_EXPECTATION", False), ("warning", "W_EXPECTATION", True)],
)
def test_a_failed_expectation_counts_by_its_severity(
    spec: dict[str, Any], severity: str, code: str, valid: bool
) -> None:
    expecting(spec, "expect_column_values_to_be_in_set", severity, column="order_id", value_set=[1])
    assert (code, "/expectations/0", "data") in codes(spec)
    assert validate(spec).is_valid is valid


def test_a_bound_that_is_no_value_of_the_column_is_found(spec: dict[str, Any]) -> None:
    expecting(spec, "expect_column_values_to_be_between", column="amount", min_value="soon")
    assert not validate(spec).is_valid


def test_a_step_that_cannot_be_computed_is_named_without_a_value(spec: dict[str, Any]) -> None:
    spec["steps"].insert(
        0,
        {
            "id": "typed",
            "op": "cast",
            "inputs": ["orders"],
            "columns": {"status": "int64"},
            "on_error": "fail",
        },
    )
    spec["steps"][1]["inputs"] = ["typed"]
    spec["steps"][1]["where"] = "status = 1"
    report = validate(spec)
    assert [(f.code, f.pointer) for f in report.errors] == [("E_STEP", "/steps/0")]
    assert "paid" not in report.errors[0].message


def test_a_source_of_which_nothing_is_left_is_an_error(spec: dict[str, Any]) -> None:
    spec["sources"][0]["columns"][3]["type"] = "date"
    assert ("E_ALL_REJECTED", "/sources/0", "data") in codes(spec)
    assert "most often for: email: not a date." in validate(spec).errors[0].message


def test_an_output_without_rows_is_a_warning(spec: dict[str, Any]) -> None:
    spec["steps"][0]["where"] = "status = 'refunded'"
    assert ("W_EMPTY_OUTPUT", "/outputs/0", "data") in codes(spec)
    assert validate(spec).is_valid


def doubling(op: str, times: int = 45) -> list[dict[str, Any]]:
    """Steps of a few words each, which make twice of what there is, again and again."""
    steps = []
    for number in range(times):
        before = f"s{number - 1}" if number else "orders"
        more: dict[str, Any] = {"inputs": [before, before]}
        if op == "derive":
            more = {"inputs": [before], "columns": {"status": "concat(status, status)"}}
        steps.append({"id": f"s{number}", "op": op, **more})
    return steps


@pytest.mark.parametrize("op", ["derive", "union"])
def test_steps_that_would_take_all_memory_are_a_finding(
    spec: dict[str, Any], op: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "MEMORY", 256 * 1024**2)
    spec["steps"] = doubling(op)
    spec["outputs"] = [{**spec["outputs"][0], "input": "s44"}]
    spec["expectations"] = []
    assert ("E_TOO_MUCH", "/steps", "data") in codes(spec)

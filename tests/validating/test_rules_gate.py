from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.validating.rules_gate import check_rules


def found(document: dict[str, Any]) -> list[Finding]:
    return check_rules(PipelineSpec.model_validate(document))[1]


def test_a_good_spec_has_no_findings_and_every_schema(document: dict[str, Any]) -> None:
    schemas, findings = check_rules(PipelineSpec.model_validate(document))
    assert findings == []
    assert {name: list(schema) for name, schema in schemas.items()} == {
        "orders": ["order_id", "amount", "status", "email"],
        "paid": ["order_id", "amount", "status", "email"],
        "plain": ["order_id", "amount", "status"],
        "paid_orders": ["order_id", "amount", "status"],
    }


@pytest.mark.parametrize(
    ("path", "value", "code", "pointer", "says"),
    [
        (("sources", 0, "columns", 1, "parse"), {"thousands_mark": "."}, "E_PARSE", "/sources/0/columns/1/parse", "same"),
        (("sources", 0, "columns", 1), {"name": "amount", "type": "date", "parse": {"date_format": "%H"}}, "E_PARSE", "/sources/0/columns/1/parse", ""),
        (("steps", 0, "where"), "statu = 'paid'", "E_UNKNOWN_COLUMN", "/steps/0/where", "`status`"),
        (("steps", 1, "columns"), ["emial"], "E_UNKNOWN_COLUMN", "/steps/1/columns/0", "`email`"),
        (("steps", 1, "inputs"), ["payed"], "E_UNKNOWN_INPUT", "/steps/1/inputs/0", "`paid`"),
        (("steps", 1, "inputs"), ["paid", "orders"], "E_INPUT_COUNT", "/steps/1/inputs", "takes 1"),
        (("steps", 1, "id"), "paid", "E_DUPLICATE_ID", "/steps/1/id", "taken"),
        (("outputs", 0, "path"), "../paid.parquet", "E_UNSAFE_PATH", "/outputs/0/path", "below"),
        (("outputs", 0, "path"), "/etc/passwd", "E_UNSAFE_PATH", "/outputs/0/path", "below"),
        (("outputs", 0, "path"), "a/./b", "E_UNSAFE_PATH", "/outputs/0/path", "below"),
        (("outputs", 0, "path"), "C:\\x", "E_UNSAFE_PATH", "/outputs/0/path", "below"),
        (("outputs", 0, "path"), "run_report.json", "E_UNSAFE_PATH", "/outputs/0/path", "itself"),
        (("outputs", 0, "path"), "Rejects.ndjson", "E_UNSAFE_PATH", "/outputs/0/path", "itself"),
        (("outputs", 0, "path"), "a.csv.appended.json", "E_UNSAFE_PATH", "/outputs/0/path", "appended"),
        (("outputs", 0, "path"), "a.parquet.partial", "E_UNSAFE_PATH", "/outputs/0/path", "cleans up"),
        (("outputs", 0, "mode"), "upsert", "E_UPSERT_KEYS", "/outputs/0/keys", "keys"),
        (("outputs", 0, "partition_by"), ["state"], "E_UNKNOWN_COLUMN", "/outputs/0/partition_by/0", "`status`"),
        (("outputs", 0, "input"), "plan", "E_UNKNOWN_INPUT", "/outputs/0/input", "`plain`"),
        (("expectations", 0, "on"), "plian", "E_UNKNOWN_INPUT", "/expectations/0/on", "`plain`"),
        (("expectations", 0, "type"), "expect_magic", "E_UNKNOWN_EXPECTATION", "/expectations/0/type", ""),
        (("expectations", 0, "kwargs"), {"column": "email"}, "E_UNKNOWN_COLUMN", "/expectations/0/kwargs/column", ""),
        (("expectations", 0, "kwargs"), {}, "E_MISSING_FIELD", "/expectations/0/kwargs", "`column`"),
        (("schedule",), {"cron": "every day"}, "E_CRON", "/schedule/cron", "five fields"),
        (("schedule",), {"cron": "0 0 3 * * *"}, "E_CRON", "/schedule/cron", "five fields"),
        (("schedule",), {"cron": "0 3 * * *\n"}, "E_CRON", "/schedule/cron", "five fields"),
        (("schedule",), {"cron": "0 3 * * *", "timezone": "Europe"}, "E_TIMEZONE", "/schedule/timezone", "IANA"),
        (("schedule",), {"cron": "0 3 * * *", "timezone": "../" * 900}, "E_TIMEZONE", "/schedule/timezone", "IANA"),
        (("schedule",), {"cron": "0 3 * * *", "timezone": "Mars/Olympus"}, "E_TIMEZONE", "/schedule/timezone", "IANA"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named_where_it_stands(
    broken: Callable[..., dict[str, Any]],
    path: tuple[str | int, ...],
    value: Any,
    code: str,
    pointer: str,
    says: str,
) -> None:
    errors = {
        (f.code, f.pointer): f for f in found(broken(*path, value=value)) if f.severity == "error"
    }
    assert (code, pointer) in errors
    finding = errors[code, pointer]
    assert says in f"{finding.message} {finding.hint}"


def test_a_cycle_is_shown_as_a_path(document: dict[str, Any]) -> None:
    document["steps"][0]["inputs"] = ["plain"]
    findings = found(document)
    assert {f.code for f in findings if f.severity == "error"} == {"E_CYCLE"}
    assert "`paid` ← `plain` ← `paid`" in findings[0].message


def test_a_step_that_nothing_needs_is_an_error(document: dict[str, Any]) -> None:
    document["steps"].append(
        {"id": "idle", "op": "filter", "inputs": ["orders"], "where": "amount > 1"}
    )
    assert [(f.code, f.pointer) for f in found(document)] == [("E_UNUSED_STEP", "/steps/2")]


def test_steps_may_stand_in_any_order(document: dict[str, Any]) -> None:
    document["steps"].reverse()
    assert found(document) == []


def test_one_mistake_is_reported_once(document: dict[str, Any]) -> None:
    document["steps"][0]["where"] = "amount > 'many'"
    assert [f.pointer for f in found(document) if f.severity == "error"] == ["/steps/0/where"]


def test_personal_data_in_clear_is_a_warning_and_masked_data_is_not(
    document: dict[str, Any],
) -> None:
    document["steps"] = document["steps"][:1]
    document["outputs"][0]["input"] = "paid"
    document["expectations"] = []
    assert [(f.code, f.severity) for f in found(document)] == [("W_PERSONAL_DATA", "warning")]
    document["steps"].append(
        {"id": "masked", "op": "hash", "inputs": ["paid"], "columns": ["email"]}
    )
    document["outputs"][0]["input"] = "masked"
    assert found(document) == []


def test_two_outputs_do_not_write_to_one_place(document: dict[str, Any]) -> None:
    document["outputs"].append({"id": "again", "input": "plain", "path": "PAID.parquet/part"})
    assert {f.code for f in found(document)} == {"E_DUPLICATE_PATH"}


def test_hundreds_of_outputs_are_told_apart(document: dict[str, Any]) -> None:
    document["outputs"] += [
        {"id": f"o{n}", "input": "plain", "path": f"{n}/rows.csv", "format": "csv"}
        for n in [*range(900), 7]
    ]
    document["outputs"][-1]["id"] = "again"
    clashing = [f.pointer for f in found(document)]
    assert clashing == ["/outputs/8/path", "/outputs/901/path"]


@pytest.mark.parametrize(
    ("expectation", "kwargs", "code"),
    [
        ("expect_column_values_to_match_regex", {"column": "status", "regex": "("}, "E_REGEX"),
        ("expect_column_values_to_match_regex", {"column": "status", "regex": "(?=a)"}, "E_REGEX"),
        ("expect_column_values_to_match_regex", {"column": "amount", "regex": "1"}, "E_TYPE"),
        ("expect_column_values_to_be_between", {"column": "amount"}, "E_MISSING_FIELD"),
        ("expect_column_values_to_be_between", {"column": "amount", "min_value": 2, "max_value": 1}, "E_OUT_OF_RANGE"),
        ("expect_column_values_to_be_in_set", {"column": "status", "value_set": []}, "E_TOO_FEW"),
        ("expect_column_values_to_not_be_null", {"column": "status", "mostly": 2}, "E_OUT_OF_RANGE"),
        ("expect_column_values_to_not_be_null", {"column": "status", "mostley": 1}, "E_UNKNOWN_FIELD"),
        ("expect_compound_columns_to_be_unique", {"column_list": ["status", "amout"]}, "E_UNKNOWN_COLUMN"),
        ("expect_compound_columns_to_be_unique", {"column_list": "status"}, "E_WRONG_TYPE"),
        ("expect_compound_columns_to_be_unique", {"column_list": [["status"]]}, "E_WRONG_TYPE"),
        ("expect_table_columns_to_match_set", {"column_set": 5}, "E_WRONG_TYPE"),
        ("expect_column_values_to_not_be_null", {"column": ["status", "amount"]}, "E_WRONG_TYPE"),
        ("expect_column_values_to_be_in_set", {"column": "status", "value_set": [["paid"]]}, "E_WRONG_TYPE"),
        ("expect_column_values_to_be_between", {"column": "amount", "min_value": [1]}, "E_WRONG_TYPE"),
        ("expect_column_values_to_be_between", {"column": "amount", "min_value": 1, "strict_min": "x"}, "E_WRONG_TYPE"),
        ("expect_column_values_to_match_regex", {"column": "status", "regex": ["a"]}, "E_WRONG_TYPE"),
        ("expect_column_values_to_match_regex", {"column": "status", "regex": "(a{1000}){1000}"}, "E_REGEX"),
        ("expect_column_values_to_match_regex", {"column": "status", "regex": r"\p{L}"}, "E_REGEX"),
        ("expect_column_values_to_match_regex_list", {"column": "status", "regex_list": ["a", "("]}, "E_REGEX"),
        ("expect_column_values_to_match_regex", {"column": "status", "regex": "a", "row_condition": "amount > 1"}, "E_UNKNOWN_FIELD"),
        ("expect_column_values_to_be_between", {"column": "amount", "min_value": "soon"}, "E_TYPE"),
        ("expect_column_values_to_be_in_set", {"column": "amount", "value_set": ["soon"]}, "E_TYPE"),
        ("expect_column_median_to_be_between", {"column": "status", "min_value": 1}, "E_TYPE"),
        ("expect_column_quantile_values_to_be_between", {"column": "amount", "quantile_ranges": {"quantiles": [0.5], "value_ranges": []}}, "E_TOO_FEW"),
        ("expect_column_quantile_values_to_be_between", {"column": "amount", "quantile_ranges": {"quantiles": [0.1, 0.5], "value_ranges": [[1, 2]]}}, "E_INVALID_VALUE"),
        ("expect_column_quantile_values_to_be_between", {"column": "amount", "quantile_ranges": {"quantiles": [1.5], "value_ranges": [[1, 2]]}}, "E_OUT_OF_RANGE"),
        ("expect_column_pair_values_to_be_equal", {"column_A": "amount", "column_B": "status"}, "E_TYPE"),
        ("expect_column_pair_values_to_be_in_set", {"column_A": "amount", "column_B": "status", "value_pairs_set": [["a", "b"]]}, "E_TYPE"),
        ("expect_multicolumn_sum_to_equal", {"column_list": ["amount", "status"], "sum_total": 1}, "E_TYPE"),
        ("expect_multicolumn_sum_to_equal", {"column_list": ["amount"], "sum_total": 1}, "E_TOO_FEW"),
        ("expect_multicolumn_values_to_be_equal", {"column_list": ["amount", "status"]}, "E_TYPE"),
        ("expect_column_values_to_be_of_type", {"column": "amount", "type_": "varchar"}, "E_PATTERN"),
        ("expect_column_values_to_be_of_type", {"column": "amount", "type_": "decimal(99,2)"}, "E_INVALID_VALUE"),
        ("expect_column_values_to_match_strftime_format", {"column": "status", "strftime_format": "%Q"}, "E_INVALID_VALUE"),
        ("expect_column_values_to_match_json_schema", {"column": "status", "json_schema": "x"}, "E_WRONG_TYPE"),
        ("expect_column_values_to_match_json_schema", {"column": "amount", "json_schema": {}}, "E_TYPE"),
        ("expect_column_values_to_be_json_parseable", {"column": "amout"}, "E_UNKNOWN_COLUMN"),
        ("expect_table_row_count_to_equal_other_table", {"other_table_name": "t"}, "E_UNKNOWN_EXPECTATION"),
    ],
)  # fmt: skip
def test_an_expectation_that_cannot_be_judged_is_refused(
    document: dict[str, Any], expectation: str, kwargs: dict[str, Any], code: str
) -> None:
    document["expectations"] = [{"on": "plain", "type": expectation, "kwargs": kwargs}]
    assert [f.code for f in found(document)] == [code]

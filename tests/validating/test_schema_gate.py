from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ai_data_engineer.validating.schema_gate import check_schema


def test_a_valid_document_becomes_a_spec(document: dict[str, Any]) -> None:
    spec, findings = check_schema(document)
    assert findings == []
    assert spec is not None
    assert [s.id for s in spec.steps] == ["paid", "plain"]


@pytest.mark.parametrize(
    ("path", "value", "code", "pointer", "says"),
    [
        (("steps", 0, "op"), "filtre", "E_UNKNOWN_OPERATOR", "/steps/0/op", "`filter`"),
        (("steps", 0, "wher"), "1", "E_UNKNOWN_FIELD", "/steps/0/wher", "`where`"),
        (("steps", 0, "id"), "Paid Orders", "E_PATTERN", "/steps/0/id", "lower-case"),
        (("steps", 0, "inputs"), [], "E_TOO_FEW", "/steps/0/inputs", "at least 1"),
        (("steps", 0, "where"), 7, "E_WRONG_TYPE", "/steps/0/where", "a string"),
        (("steps", 0), "filter", "E_MISSING_FIELD", "/steps/0", "`op`"),
        (("outputs", 0, "format"), "parket", "E_NOT_ALLOWED", "/outputs/0/format", "`parquet`"),
        (("outputs",), [], "E_TOO_FEW", "/outputs", "at least 1"),
        (("spec_version",), "2", "E_NOT_ALLOWED", "/spec_version", "`1`"),
        (("sources", 0, "columns", 1, "type"), "money", "E_PATTERN", "/sources/0/columns/1/type", "decimal"),
        (("sources", 0, "columns", 1, "type"), "decimal(4,9)", "E_INVALID_VALUE", "/sources/0/columns/1/type", "scale"),
        (("steps", 0, "inputs"), "orders", "E_WRONG_TYPE", "/steps/0/inputs", "in brackets"),
        (("expectations", 0, "type"), "import os", "E_PATTERN", "/expectations/0/type", "expect_"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_where_it_stands(
    broken: Callable[..., dict[str, Any]],
    path: tuple[str | int, ...],
    value: Any,
    code: str,
    pointer: str,
    says: str,
) -> None:
    spec, findings = check_schema(broken(*path, value=value))
    assert spec is None
    assert [(f.code, f.pointer, f.gate) for f in findings] == [(code, pointer, "schema")]
    assert says in f"{findings[0].message} {findings[0].hint}"


def test_a_missing_field_is_named(document: dict[str, Any]) -> None:
    del document["steps"][0]["where"]
    _, findings = check_schema(document)
    assert [(f.code, f.pointer) for f in findings] == [("E_MISSING_FIELD", "/steps/0")]
    assert "`where`" in findings[0].message


def test_all_mistakes_come_at_once(document: dict[str, Any]) -> None:
    document["steps"][0]["op"] = "nonsense"
    document["steps"][1]["columns"] = "email"
    del document["name"]
    _, findings = check_schema(document)
    assert {f.pointer for f in findings} == {"", "/steps/0/op", "/steps/1/columns"}


@pytest.mark.parametrize("document", [[], "spec", None, 7])
def test_what_is_no_object_is_refused(document: object) -> None:
    spec, findings = check_schema(document)
    assert spec is None
    assert findings[0].code == "E_WRONG_TYPE"


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("\ud800", "half a character"),
        ({"\ud800": 1}, "half a character"),
        (float("nan"), "not a number"),
        (float("inf"), "not a number"),
        (10**400, "38 digits"),
        (nested(900), "nested deeper"),
        (nested(90_000), "nested deeper"),
    ],
)
def test_what_is_not_json_everywhere_is_refused(
    broken: Callable[..., dict[str, Any]], value: Any, says: str
) -> None:
    spec, findings = check_schema(broken("expectations", 0, "kwargs", "column", value=value))
    assert spec is None
    assert [f.code for f in findings] == ["E_INVALID_VALUE"]
    assert findings[0].pointer.startswith("/expectations/0/kwargs/column")
    assert says in findings[0].message
    assert findings[0].to_json().encode()


def test_a_type_without_end_is_refused(broken: Callable[..., dict[str, Any]]) -> None:
    kind = "list<" * 5000 + "int64" + ">" * 5000
    _, findings = check_schema(broken("sources", 0, "columns", 0, "type", value=kind))
    assert [(f.code, f.pointer) for f in findings] == [
        ("E_INVALID_VALUE", "/sources/0/columns/0/type")
    ]


@pytest.mark.parametrize(
    "uri", ["https://ada:lovelace@host/a.csv", "https://host/a.csv?X-Amz-Signature=lovelace"]
)
def test_a_spec_holds_no_credentials(broken: Callable[..., dict[str, Any]], uri: str) -> None:
    spec, findings = check_schema(broken("sources", 0, "uri", value=uri))
    assert spec is None
    assert [(f.code, f.pointer) for f in findings] == [("E_CREDENTIALS", "/sources/0/uri")]
    assert "lovelace" not in findings[0].to_json()


@pytest.mark.parametrize(
    ("step", "code", "pointer", "says"),
    [
        ({"op": "sort", "by": ["amount"]}, "E_WRONG_TYPE", "/by/0", 'Write {"column": …}.'),
        (
            {"op": "aggregate", "figures": [{"name": "x", "function": "quantil"}]},
            "E_NOT_ALLOWED",
            "/figures/0/function",
            "Did you mean `quantile`?",
        ),
    ],
)
def test_objects_and_choices_within_a_step_are_shown(document, step, code, pointer, says) -> None:
    document["steps"] = [{"id": "only", "inputs": ["orders"], **step}]
    _, findings = check_schema(document)
    assert [(f.code, f.pointer) for f in findings] == [(code, f"/steps/0{pointer}")]
    assert says in findings[0].hint

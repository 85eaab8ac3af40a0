"""mask, hash, surrogate_key: values made unreadable, and keys made of them."""

import datetime as dt
import hashlib
import hmac
from decimal import Decimal

import pytest

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.hash import Hash
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.duckdb import DuckDB
from ai_data_engineer.spec.sql.relations import Relation
from ai_data_engineer.types import STRING


@pytest.mark.parametrize(
    ("params", "given", "expected"),
    [
        ({}, ["secret", "", None, "é😀"], ["******", "", None, "**"]),
        ({"keep_last": 2}, ["0123456", "12", "1"], ["*****56", "**", "*"]),
        ({"keep_first": 1, "keep_last": 1}, ["héllo", "ab", "a\nb\nc"], ["h***o", "**", "a***c"]),
        ({"keep_first": 2}, ["abc"], ["ab*"]),
        (
            {"method": "email"},
            ["ada@example.com", "a@b@c.org", "none", "", None],
            ["***@example.com", "***@c.org", "***", "***", None],
        ),
        ({"method": "constant", "value": "x"}, ["a", None], ["x", None]),
        ({"method": "null"}, ["a", None], [None, None]),
    ],
)
def test_text_is_masked(run, table, params, given, expected):
    result = run(
        {"op": "mask", "columns": ["t"], **params}, table({"t": "string"}, [(t,) for t in given])
    )
    assert [row[0] for row in result.rows] == expected


@pytest.mark.parametrize(
    ("type_", "value", "constant", "expected"),
    [
        ("int64", 5, 0, 0),
        ("date", dt.date(1990, 5, 17), "1990-01-01", dt.date(1990, 1, 1)),
        ("decimal(5,2)", Decimal("1.23"), 0, Decimal("0.00")),
    ],
)
def test_other_types_are_masked_by_a_constant(run, table, type_, value, constant, expected):
    result = run(
        {"op": "mask", "columns": ["v"], "method": "constant", "value": constant},
        table({"v": type_}, [(value,), (None,)]),
    )
    assert result.rows == [(expected,), (None,)]


def test_a_hash_is_the_sha256_of_the_text_in_utf8(run, table):
    rows = [("žofie",), ("",), (None,)]
    result = run({"op": "hash", "columns": ["t"]}, table({"t": "string"}, rows))
    assert [row[0] for row in result.rows] == [
        hashlib.sha256("žofie".encode()).hexdigest(),
        hashlib.sha256(b"").hexdigest(),
        None,
    ]


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        ("int64", -7, "-7"),
        ("boolean", True, "true"),
        ("decimal(5,2)", Decimal("1.50"), "1.50"),
        ("date", dt.date(2024, 1, 31), "2024-01-31"),
        ("time", dt.time(23, 59), "23:59:00.000000"),
        (
            "datetime",
            dt.datetime(2024, 1, 31, 23, 59, 0, 5, tzinfo=dt.UTC),
            "2024-01-31T23:59:00.000005Z",
        ),
    ],
)
def test_every_value_has_one_text_that_is_hashed(run, table, type_, value, text):
    result = run({"op": "hash", "columns": ["v"]}, table({"v": type_}, [(value,)]))
    assert result.rows == [(hashlib.sha256(text.encode()).hexdigest(),)]


def test_a_secret_from_the_environment_keys_the_hash(run, table, monkeypatch):
    monkeypatch.setenv("HASH_SALT", "pepper")
    params = {"op": "hash", "columns": ["t"], "salt_env": "HASH_SALT"}
    result = run(params, table({"t": "string"}, [("x",), (None,)]))
    assert result.rows == [(hmac.new(b"pepper", b"x", hashlib.sha256).hexdigest(),), (None,)]
    assert "pepper" not in result.source


def test_a_secret_never_becomes_sql(monkeypatch):
    monkeypatch.setenv("HASH_SALT", "pepper")
    step = Hash(id="hashed", inputs=["rows"], columns=["t"], salt_env="HASH_SALT")
    with pytest.raises(SpecError, match="hashes with a secret") as refused:
        step.sql([Relation("rows", Schema({"t": Column(STRING)}))], DuckDB())
    assert refused.value.code == "E_ENGINE"


@pytest.mark.parametrize("value", [None, ""])
def test_without_its_secret_the_run_fails_and_names_the_variable(run, table, monkeypatch, value):
    monkeypatch.delenv("HASH_SALT", raising=False)
    if value is not None:
        monkeypatch.setenv("HASH_SALT", value)
    params = {"op": "hash", "columns": ["t"], "salt_env": "HASH_SALT"}
    with pytest.raises(ValueError, match="E_SETTING HASH_SALT"):
        run(params, table({"t": "string"}, [("x",)]))


def test_a_surrogate_key_tells_apart_where_one_value_ends(run, table):
    rows = [("ab", "c"), ("a", "bc"), ("ab", None), (None, "ab"), ("ab", ""), ("ab", "c")]
    result = run(
        {"op": "surrogate_key", "name": "key", "columns": ["a", "b"]},
        table({"a": "string", "b": "string"}, rows),
    )
    assert list(result.columns) == ["key", "a", "b"]
    keys = [row[0] for row in result.rows]
    assert keys[0] == keys[-1] == hashlib.sha256(b"ab\x1fc").hexdigest()
    assert len(set(keys)) == 5


@pytest.mark.parametrize(
    "params",
    [
        {"op": "mask", "columns": ["t"], "keep_last": 2},
        {"op": "hash", "columns": ["t"]},
    ],
)
def test_what_is_masked_or_hashed_is_no_personal_data_any_more(params):
    step = all_operators()[params["op"]].model_validate({"id": "s", "inputs": ["a"], **params})
    schema = step.propagate([Schema({"t": Column(STRING, pii="email")})], Findings())
    assert schema is not None
    assert schema["t"].pii is None


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"op": "mask", "columns": ["n"]}, ("E_TYPE", "/columns/0")),
        ({"op": "mask", "columns": ["t"], "method": "constant"}, ("E_PARAMETERS", "/value")),
        ({"op": "mask", "columns": ["t"], "value": "x"}, ("E_PARAMETERS", "/value")),
        (
            {"op": "mask", "columns": ["n"], "method": "constant", "value": "x"},
            ("E_VALUE", "/value"),
        ),
        (
            {"op": "mask", "columns": ["t"], "method": "null", "keep_last": 1},
            ("E_PARAMETERS", "/method"),
        ),
        ({"op": "hash", "columns": ["f"]}, ("E_TYPE", "/columns/0")),
        ({"op": "surrogate_key", "columns": ["z"]}, ("E_UNKNOWN_COLUMN", "/columns/0")),
        ({"op": "surrogate_key", "name": "t", "columns": ["t"]}, ("E_DUPLICATE_COLUMN", "/name")),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    assert problems(params, table({"t": "string", "n": "int64", "f": "float64"})) == [found]

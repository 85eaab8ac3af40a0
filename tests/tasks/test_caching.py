from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from ai_data_engineer.document import Document
from tasks.caching import ContentKey


class Source(Document):
    uri: str
    digest: str


def key(inputs, name="profile", version="1"):
    context = SimpleNamespace(task=SimpleNamespace(name=name))
    return ContentKey(version=version).compute_key(context, inputs, {})


ORDERS = {"source": Source(uri="orders.csv", digest="a1")}


def test_the_same_task_and_content_have_one_key():
    assert key(ORDERS) == key({"source": Source(uri="orders.csv", digest="a1")})


@pytest.mark.parametrize(
    "other",
    [
        {"source": Source(uri="orders.csv", digest="b2")},
        {"source": Source(uri="moved.csv", digest="a1")},
        {"source": [Source(uri="orders.csv", digest="a1")]},
        {"source": Source(uri="orders.csv", digest="a1"), "goal": "sum"},
    ],
)
def test_other_content_has_another_key(other):
    assert key(other) != key(ORDERS)


def test_another_task_or_version_has_another_key():
    assert len({key(ORDERS), key(ORDERS, name="validate"), key(ORDERS, version="2")}) == 3


def test_a_setting_that_changes_the_answer_changes_the_key(monkeypatch):
    before = key(ORDERS)
    monkeypatch.setenv("CSV_MAX_ROWS", "17")
    assert key(ORDERS) != before


@pytest.mark.parametrize(
    ("name", "value"),
    [("GEMINI_API_KEY", "AIza-one-key"), ("ADE_HOME", "/elsewhere"), ("ADE_VERIFY_TIMEOUT", "7")],
)
def test_a_key_a_place_or_a_time_limit_does_not(monkeypatch, name, value):
    before = key(ORDERS)
    monkeypatch.setenv(name, value)
    assert key(ORDERS) == before


@pytest.mark.parametrize(
    "secret", [SecretStr("k"), [SecretStr("k")], {"key": SecretStr("k")}, b"k"]
)
def test_a_secret_cannot_be_part_of_a_key(secret):
    with pytest.raises(TypeError, match="cannot be part of a cache key"):
        key({"credentials": secret})

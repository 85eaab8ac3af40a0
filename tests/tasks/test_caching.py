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


NO_MATTER = {
    "GEMINI_API_KEY": "AIza-one-key",
    "OPENAI_API_KEY": "sk-one-key",
    "ADE_REDIS_URL": "redis://:password@elsewhere",
    "ADE_HOME": "/elsewhere",
    "ADE_VERIFY_TIMEOUT": "7",
    "ADE_LLM_TIMEOUT": "7",
    "ADE_LLM_DEADLINE": "7",
    "ADE_LLM_MAX_CALLS": "7",
    "ADE_LLM_JOB_TOKENS": "7",
    "ADE_LLM_DAY_TOKENS": "7",
    "ADE_LLM_JOB_COST": "7",
    "ADE_LLM_DAY_COST": "7",
    "ADE_LLM_INPUT_PRICE": "7",
    "ADE_LLM_CACHE_DAYS": "7",
}


@pytest.mark.parametrize(("name", "value"), NO_MATTER.items())
@pytest.mark.parametrize("task", ["profile", "specify", "validate", "package"])
def test_a_key_a_place_or_a_limit_does_not(monkeypatch, task, name, value):
    before = key(ORDERS, name=task)
    monkeypatch.setenv(name, value)
    assert key(ORDERS, name=task) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADE_PROVIDER", "openai"),
        ("ADE_GEMINI_MODEL", "gemini-x"),
        ("ADE_OPENAI_BASE_URL", "http://127.0.0.1:1/v1"),
        ("ADE_LLM_MAX_OUTPUT_TOKENS", "512"),
        ("ADE_LLM_CONTEXT_TOKENS", "4096"),
        ("ADE_LLM_SAMPLES", "redacted"),
    ],
)
def test_who_is_asked_and_what_they_see_is_no_matter_to_a_profile(monkeypatch, name, value):
    before = key(ORDERS)
    monkeypatch.setenv(name, value)
    assert key(ORDERS) == before


def test_what_a_model_sees_is_a_matter_to_the_specification(monkeypatch):
    before = key(ORDERS, name="specify")
    monkeypatch.setenv("ADE_LLM_SAMPLES", "redacted")
    assert key(ORDERS, name="specify") != before


def test_a_record_is_known_by_its_content(monkeypatch, tmp_path):
    record = tmp_path / "provenance.json"
    record.write_text("{}")
    monkeypatch.setenv("ADE_REPLAY_FILE", str(record))
    before = key(ORDERS, name="specify")
    monkeypatch.setenv("ADE_REPLAY_FILE", str(record.rename(tmp_path / "moved.json")))
    assert key(ORDERS, name="specify") == before
    (tmp_path / "moved.json").write_text('{"goal": "sum"}')
    assert key(ORDERS, name="specify") != before


def test_the_stage_that_asks_models_is_called_as_the_settings_of_models_know_it():
    from tasks.caching import _MATTERS_TO
    from tasks.specifying import _specify

    assert set(_MATTERS_TO) == {_specify.name}


@pytest.mark.parametrize(
    "secret", [SecretStr("k"), [SecretStr("k")], {"key": SecretStr("k")}, b"k"]
)
def test_a_secret_cannot_be_part_of_a_key(secret):
    with pytest.raises(TypeError, match="cannot be part of a cache key"):
        key({"credentials": secret})

"""Keys are tried without spending anything, and each line says how to mend what it tells."""

from __future__ import annotations

import json

import pytest

from ai_data_engineer.doctor import examine
from tests.model_server import ModelServer, Reply, hang, html, status

FIRST, SECOND, THIRD = "sesame-0001", "sesame-0002", "sesame-0003"


def found(*names: str) -> dict[str, tuple[str, str]]:
    """Return name → state and detail; all of them, or those that begin so."""
    return {
        check.name: (check.state, check.detail)
        for check in examine()
        if not names or check.name.startswith(names)
    }


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, models: ModelServer):
    def configure(provider: str = "gemini", model: str = "gemini-3-flash", keys: str = FIRST):
        monkeypatch.setenv("ADE_PROVIDER", provider)
        family = "OPENAI" if provider == "openai" else "GEMINI"
        monkeypatch.setenv(f"{family}_API_KEY", keys)
        monkeypatch.setenv(f"ADE_{family}_MODEL", model)
        monkeypatch.setenv(f"ADE_{family}_BASE_URL", models.base_url(provider))

    return configure


def test_nothing_is_configured():
    said = found("specifications", "gemini", "openai", "replay")
    assert {name: state for name, (state, _) in said.items()} == {
        "specifications": "ok", "gemini": "missing", "openai": "missing",
    }  # fmt: skip
    assert said["specifications"][1].startswith("The offline planner writes the specification")


@pytest.mark.parametrize("provider", ["gemini", "google-genai", "openai"])
def test_a_key_that_is_accepted_and_a_model_that_is_there(configure, models, provider):
    configure(provider)
    assert found(provider) == {
        f"{provider} key": ("ok", "it is accepted; 3 models (the environment)"),
        f"{provider} model": ("ok", "gemini-3-flash"),
    }
    assert [(r.kind, r.key) for r in models.requests] == [("list", FIRST)]


def test_each_key_of_several_is_told_by_its_position_alone(configure, models):
    configure(keys=f"{FIRST},{SECOND},{THIRD}")
    models.known_keys = {FIRST, THIRD}
    said = found("gemini")
    assert {name: state for name, (state, _) in said.items()} == {
        "gemini key 1 of 3": "ok",
        "gemini key 2 of 3": "broken",
        "gemini key 3 of 3": "ok",
        "gemini model": "ok",
    }
    assert (
        said["gemini key 2 of 3"][1] == "it is refused; renew it, or take it out of GEMINI_API_KEY."
    )
    assert "sesame" not in str(examine())


def test_a_retired_model_names_the_setting_and_a_near_one(configure):
    configure(model="gemini-2.5-flash")
    state, detail = found("gemini model")["gemini model"]
    assert state == "broken"
    assert "misspelt or retired; set ADE_GEMINI_MODEL to a current one, such as gemini-3-" in detail


def test_a_server_of_ones_own_without_a_key_or_a_model_lists_what_it_has(monkeypatch, models):
    monkeypatch.setenv("ADE_OPENAI_BASE_URL", models.openai_url)
    assert found("openai") == {
        "openai endpoint": ("ok", "it answers; 3 models (the environment)"),
        "openai model": (
            "broken",
            "none is set; set ADE_OPENAI_MODEL to one of: gemini-3-flash, gemini-3-pro, qwen3:latest",
        ),
    }


def test_a_short_name_of_a_model_will_do(configure):
    configure("openai", model="qwen3")
    assert found("openai model") == {"openai model": ("ok", "qwen3")}


@pytest.mark.parametrize(
    ("reply", "state", "mends"),
    [
        (status(429), "missing", "add a key"),
        (status(503), "broken", ""),
        (html(), "missing", "ADE_GEMINI_BASE_URL"),
    ],
)
def test_a_service_in_trouble(configure, models: ModelServer, reply: Reply, state, mends):
    configure()
    models.list_replies = [reply]
    told = found("gemini")["gemini key"]
    assert told[0] == state
    assert mends in told[1]


def test_an_endpoint_that_is_not_there(configure, monkeypatch):
    configure()
    monkeypatch.setenv("ADE_GEMINI_BASE_URL", "http://127.0.0.1:1")
    state, detail = found("gemini")["gemini key"]
    assert state == "broken"
    assert "ADE_GEMINI_BASE_URL" in detail


def test_keys_are_tried_side_by_side_and_not_waited_for_long(configure, models, monkeypatch):
    monkeypatch.setattr("ai_data_engineer.doctor.models.TIMEOUT", 0.5)
    configure(keys=f"{FIRST},{SECOND},{THIRD}")
    examine()  # imports the SDK
    models.list_replies = [hang(), hang(), hang()]
    said = found("gemini")
    assert models.most_at_once == 3
    assert [state for state, _ in said.values()] == ["broken"] * 3


def test_a_package_that_is_not_installed_says_what_to_install(configure, monkeypatch):
    import sys

    configure("google-genai")
    monkeypatch.setitem(sys.modules, "google.genai", None)
    state, detail = found("google-genai")["google-genai"]
    assert state == "broken"
    assert detail.endswith('pip install "ai-data-engineer[google-genai]"')


def test_a_provider_that_is_named_and_lacks_its_key_is_broken(monkeypatch):
    monkeypatch.setenv("ADE_PROVIDER", "gemini")
    state, detail = found("specifications")["specifications"]
    assert state == "broken"
    assert "GEMINI_API_KEY" in detail


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({}, None),
        ({"ADE_LLM_DAY_COST": "1"}, "broken"),
        ({"ADE_LLM_DAY_COST": "1", "ADE_LLM_INPUT_PRICE": "0", "ADE_LLM_OUTPUT_PRICE": "0"}, None),
    ],
)
def test_money_is_limited_and_nobody_knows_the_price(configure, monkeypatch, settings, state):
    configure("openai", model="qwen3-of-my-own")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert found("price").get("price", (None, ""))[0] == state


def test_a_record_says_whose_answers_it_holds(monkeypatch, tmp_path):
    record = tmp_path / "provenance.json"
    attempt = {"provider": "gemini", "model": "gemini-3-pro", "sent": "q", "received": "{}"}
    record.write_text(json.dumps({"goal": "", "attempts": [attempt]}))
    monkeypatch.setenv("ADE_REPLAY_FILE", str(record))
    assert found("replay") == {"replay": ("ok", "answers of gemini-3-pro")}


@pytest.mark.parametrize("content", ["{}", '{"attempts": 7}', None])
def test_a_record_that_is_none_is_broken(monkeypatch, tmp_path, content):
    record = tmp_path / "provenance.json"
    if content is not None:
        record.write_text(content)
    monkeypatch.setenv("ADE_REPLAY_FILE", str(record))
    state, detail = found("replay")["replay"]
    assert state == "broken"
    assert "ADE_REPLAY_FILE" in detail


def test_an_endpoint_with_credentials_is_told_and_not_asked(configure, models, monkeypatch):
    configure("openai")
    monkeypatch.setenv("ADE_PROVIDER", "offline")
    address = models.base_url("openai").replace("http://", "http://me:sesame@")
    monkeypatch.setenv("ADE_OPENAI_BASE_URL", address)
    state, detail = found("openai")["openai endpoint"]
    assert (state, "holds credentials" in detail, "sesame" in detail) == ("broken", True, False)
    assert models.requests == []

"""Whom `auto` takes, and what is missing where a provider is asked for by name."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.author import Access, Author, choice, from_environment

VARIABLES = (
    "GEMINI_API_KEY", "OPENAI_API_KEY", "ADE_PROVIDER", "ADE_GEMINI_MODEL", "ADE_GEMINI_BASE_URL",
    "ADE_OPENAI_MODEL", "ADE_OPENAI_BASE_URL", "ADE_REPLAY_FILE",
)  # fmt: skip
LOCAL = "http://127.0.0.1:11434/v1"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def settings(**environment: str) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return Settings()

    return settings


@pytest.mark.parametrize(
    ("environment", "taken"),
    [
        ({}, "offline"),
        ({"GEMINI_API_KEY": "k"}, "gemini"),
        ({"GEMINI_API_KEY": " , "}, "offline"),
        ({"ADE_OPENAI_MODEL": "m", "OPENAI_API_KEY": "k"}, "openai"),
        ({"ADE_OPENAI_MODEL": "m", "ADE_OPENAI_BASE_URL": LOCAL}, "openai"),
        ({"ADE_OPENAI_MODEL": "m"}, "offline"),
        ({"OPENAI_API_KEY": "k", "ADE_OPENAI_BASE_URL": LOCAL}, "offline"),
        ({"GEMINI_API_KEY": "k", "ADE_OPENAI_MODEL": "m", "OPENAI_API_KEY": "k"}, "gemini"),
        ({"ADE_REPLAY_FILE": "provenance.json"}, "offline"),
        ({"ADE_PROVIDER": "offline", "GEMINI_API_KEY": "k"}, "offline"),
        ({"ADE_PROVIDER": "google-genai", "GEMINI_API_KEY": "k"}, "google-genai"),
        ({"ADE_PROVIDER": "replay", "ADE_REPLAY_FILE": "provenance.json"}, "replay"),
    ],
)
def test_auto_takes_the_best_that_is_configured(given, environment, taken):
    assert choice("auto", given(**environment)).author.provider == taken


@pytest.mark.parametrize(
    ("provider", "environment", "code", "named"),
    [
        ("gemini", {}, "E_NO_KEY", ["GEMINI_API_KEY", "`gemini`"]),
        ("google-genai", {"GEMINI_API_KEY": ""}, "E_NO_KEY", ["GEMINI_API_KEY", "`gemini`"]),
        (
            "openai",
            {"ADE_OPENAI_MODEL": "m"},
            "E_NO_KEY",
            ["OPENAI_API_KEY", "ADE_OPENAI_BASE_URL", "`openai`"],
        ),
        ("openai", {"OPENAI_API_KEY": "k"}, "E_NO_MODEL", ["ADE_OPENAI_MODEL", "`openai`"]),
        ("replay", {}, "E_NOT_RECORDED", ["ADE_REPLAY_FILE"]),
        ("auto", {"ADE_PROVIDER": "gemini"}, "E_NO_KEY", ["GEMINI_API_KEY"]),
        ("oracle", {}, "E_PROVIDER", ["oracle", "google-genai"]),
    ],
)
def test_what_a_provider_lacks_that_is_asked_for_by_name_is_said(
    given, provider, environment, code, named
):
    with pytest.raises(ProviderError) as caught:
        choice(provider, given(**environment))
    assert caught.value.code == code
    assert [name for name in named if name not in str(caught.value)] == []


def test_a_server_with_an_endpoint_needs_no_key(given):
    settings = given(ADE_OPENAI_MODEL="qwen", ADE_OPENAI_BASE_URL=LOCAL)
    assert choice("openai", settings).keys == ()
    assert choice("openai", settings).author.base_url == LOCAL


def test_a_variable_may_hold_several_keys(given):
    keys = choice("auto", given(GEMINI_API_KEY=" first, second,,first ")).keys
    assert [key.get_secret_value() for key in keys] == ["first", "second"]


def test_limits_and_prices_of_the_settings_are_the_authors(given):
    settings = given(GEMINI_API_KEY="k").model_copy(
        update={"llm_context_tokens": 8192, "llm_max_output_tokens": 1024, "llm_input_price": 0.5}
    )
    assert choice("auto", settings).author == Author(
        provider="gemini",
        model=settings.gemini_model,
        context_tokens=8192,
        max_output_tokens=1024,
        input_price=0.5,
    )


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        (
            {"GEMINI_API_KEY": "secret-1,secret-2", "ADE_GEMINI_MODEL": "gemini-x"},
            "gemini-x of Gemini, with 2 keys, writes the specification: a key is in the environment.",
        ),
        (
            {"ADE_OPENAI_MODEL": "qwen", "ADE_OPENAI_BASE_URL": LOCAL},
            f"qwen of the OpenAI-compatible server at {LOCAL}, without a key, writes the "
            "specification: it is set in the environment, and there is no key for Gemini.",
        ),
        (
            {},
            "The offline planner writes the specification: there is no key for Gemini "
            "(GEMINI_API_KEY) and no model (ADE_OPENAI_MODEL) for an OpenAI-compatible server.",
        ),
        (
            {"ADE_PROVIDER": "offline"},
            "The offline planner writes the specification: ADE_PROVIDER names it.",
        ),
    ],
)
def test_the_reason_is_a_sentence_without_any_key(given, environment, why):
    assert choice("auto", given(**environment)).why == why


def test_a_key_is_not_shown(given):
    settings = given(GEMINI_API_KEY="secret-1")
    assert "secret-1" not in repr((choice("auto", settings), from_environment(settings)))


@pytest.mark.parametrize("url", ["https://ada:pw-9@host/v1", "https://host/v1?key=pw-9"])
def test_an_endpoint_with_credentials_is_refused_without_being_repeated(given, url):
    settings = given(ADE_OPENAI_MODEL="m", ADE_OPENAI_BASE_URL=url)
    with pytest.raises(ProviderError, match="E_ENDPOINT") as caught:
        choice("openai", settings)
    assert "pw-9" not in str(caught.value)


def test_what_is_configured_elsewhere_takes_the_place_of_the_environment(given):
    settings = given()
    author = Author(provider="google-genai", model="gemini-y")
    block = Access(author, (SecretStr("k"),), "the block `gemini`")
    known = {**from_environment(settings), "google-genai": block}
    chosen = choice("auto", settings, known, sdk="google-genai")
    assert chosen.author == author
    assert chosen.why.endswith("a key is in the block `gemini`.")

import pytest
from prefect import flow, task
from prefect.blocks.core import Block
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.author import Author
from blocks.gemini import GeminiCredentials
from blocks.openai import OpenAICredentials
from tasks.credentials import choose_author, credentials
from tasks.redaction import STARS, redact

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home", "no_model")]

GATEWAY = "https://gateway.example"
LOCAL = "http://127.0.0.1:11434/v1"
KEYS = ["first-key-000001", "second-key-00002"]


@pytest.fixture
def no_model(monkeypatch):
    for name in ("OPENAI_API_KEY", "ADE_OPENAI_MODEL", "ADE_OPENAI_BASE_URL", "ADE_PROVIDER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def saved():
    """Save a block under its name; it is deleted after the test."""
    names = []

    def save(block: Block, name: str) -> None:
        block.save(name)
        names.append((type(block), name))

    yield save
    for block_type, name in names:
        block_type.delete(name)


def gemini(**fields):
    return GeminiCredentials(api_keys=[SecretStr(key) for key in KEYS], **fields)


def author(provider):
    return choose_author(provider).author


def shown(author):
    return [key.get_secret_value() for key in credentials(author)]


def test_a_saved_block_names_model_endpoint_limits_and_prices(saved, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "key-of-environment")
    saved(
        gemini(
            model="gemini-x", base_url=GATEWAY, context_tokens=9000, max_output_tokens=900,
            input_price=0.1, output_price=0.4,
        ),
        "gemini",
    )  # fmt: skip
    assert author("auto") == Author(
        provider="gemini", model="gemini-x", base_url=GATEWAY, context_tokens=9000,
        max_output_tokens=900, input_price=0.1, output_price=0.4,
    )  # fmt: skip
    assert shown(author("auto")) == KEYS


def test_what_a_block_leaves_empty_the_environment_says(saved, monkeypatch):
    monkeypatch.setenv("ADE_GEMINI_MODEL", "gemini-of-environment")
    monkeypatch.setenv("ADE_LLM_CONTEXT_TOKENS", "8192")
    saved(gemini(model=""), "gemini")
    assert author("auto") == Author(
        provider="gemini", model="gemini-of-environment", context_tokens=8192
    )


@pytest.mark.parametrize(
    ("sdk", "asked", "provider"),
    [
        ("google-generativeai", "auto", "gemini"),
        ("google-genai", "auto", "google-genai"),
        ("google-genai", "gemini", "gemini"),
        ("google-generativeai", "google-genai", "google-genai"),
    ],
)
def test_the_block_says_which_sdk_auto_asks_with_and_a_name_says_it_itself(
    saved, sdk, asked, provider
):
    saved(gemini(sdk=sdk), "gemini")
    assert author(asked).provider == provider
    assert shown(author(asked)) == KEYS


def test_a_server_of_ones_own_needs_no_key(saved):
    saved(OpenAICredentials(model="qwen", base_url=LOCAL), "openai")
    assert author("auto") == Author(provider="openai", model="qwen", base_url=LOCAL)
    assert shown(author("auto")) == []
    assert choose_author("auto").why.endswith(
        "it is set in the block `openai`, and there is no key for Gemini."
    )


def test_a_blocks_endpoint_is_not_sent_the_environments_keys(saved, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-environment")
    monkeypatch.setenv("GEMINI_API_KEY", "key-of-environment")
    saved(OpenAICredentials(model="qwen", base_url=LOCAL), "openai")
    saved(GeminiCredentials(base_url=GATEWAY), "gemini")
    assert shown(author("openai")) == []
    with pytest.raises(ProviderError, match="E_NO_KEY"):
        author("gemini")


def test_keys_go_to_no_endpoint_but_the_one_they_are_for(saved):
    saved(gemini(base_url=GATEWAY), "gemini")
    before = author("gemini").model_copy(update={"base_url": "https://other.example"})
    assert shown(before) == []


def test_a_loaded_key_is_starred_in_logs_from_then_on(saved):
    saved(gemini(), "gemini")
    credentials(author("gemini"))
    assert redact(f"asked with {KEYS[1]}") == f"asked with {STARS}"


def test_without_a_block_the_environment_is_the_fallback(monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "one-key-000001, two-key-000002")
    assert author("auto").provider == "gemini"
    assert shown(author("auto")) == ["one-key-000001", "two-key-000002"]


def test_without_any_key_the_offline_planner_is_meant():
    assert author("auto") == Author(provider="offline")
    assert shown(author("auto")) == []


def test_offline_stays_offline_whatever_keys_there_are(saved):
    saved(gemini(), "gemini")
    assert author("offline") == Author(provider="offline")


def test_a_provider_by_name_without_a_key_names_variable_and_block():
    with pytest.raises(ProviderError, match=r"E_NO_KEY .*GEMINI_API_KEY.*`gemini`"):
        author("google-genai")


def test_a_block_that_was_broken_by_hand_says_so_and_quotes_nothing(saved):
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import BlockDocumentUpdate

    saved(gemini(), "gemini")
    with get_client(sync_client=True) as client:
        document = client.read_block_document_by_name("gemini", "gemini-credentials")
        broken = BlockDocumentUpdate(data={"context_tokens": "sentinel-value"})
        client.update_block_document(document.id, broken)
    with pytest.raises(ProviderError, match="E_BLOCK block gemini") as caught:
        author("gemini")
    assert "sentinel" not in str(caught.value)


def test_keys_are_in_no_database_result_event_or_log(saved, server):
    @task(persist_result=True, result_serializer="json")
    def ask(by: Author) -> Author:
        import logging

        assert shown(by) == KEYS
        logging.getLogger("prefect.task_runs").info("asking with %s", redact(str(shown(by))))
        return by

    @flow(persist_result=True, result_serializer="json", name="keys-end-here")
    def run() -> Author:
        return ask(author("auto"))

    saved(gemini(), "gemini")
    run()
    kept = server.in_database(after_log="keys-end-here") + server.in_results()
    assert [key for key in KEYS if key.encode() in kept] == []

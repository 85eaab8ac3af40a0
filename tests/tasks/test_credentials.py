import pytest
from pydantic import SecretStr

from blocks.gemini import GeminiCredentials
from tasks.credentials import Author, author, credentials
from tasks.redaction import STARS, redact

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home")]


@pytest.fixture
def block():
    keys = [SecretStr("first-key-000001"), SecretStr("second-key-00002")]
    block = GeminiCredentials(api_keys=keys, model="gemini-x", base_url="https://gateway.example")
    block.save("gemini")
    yield block
    GeminiCredentials.delete("gemini")


def shown(keys):
    return [key.get_secret_value() for key in keys]


def test_a_saved_block_names_the_model_and_its_keys_are_tried_in_their_order(block, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "key-of-environment")
    assert author("auto") == Author(
        provider="gemini", model="gemini-x", base_url="https://gateway.example"
    )
    assert shown(credentials()) == ["first-key-000001", "second-key-00002"]


def test_a_loaded_key_is_starred_in_logs_from_then_on(block):
    credentials()
    assert redact("asked with first-key-000001") == f"asked with {STARS}"


def test_without_a_block_the_environment_is_the_fallback(monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "key-of-environment")
    assert author("auto") == Author(provider="gemini")
    assert shown(credentials()) == ["key-of-environment"]


def test_without_any_key_the_offline_planner_is_meant():
    assert author("auto") == Author(provider="offline")
    assert list(credentials()) == []


def test_offline_stays_offline_whatever_keys_there_are(block):
    assert author("offline") == Author(provider="offline")


def test_the_keys_are_encrypted_in_the_database(block, server):
    database = server.in_database(after_log="gemini-credentials")
    assert b"first-key-000001" not in database


def test_the_model_and_the_endpoint_of_the_block_take_the_place_of_the_settings(block):
    from ai_data_engineer.settings import load_settings

    applied = author("gemini").applied_to(load_settings())
    assert (applied.gemini_model, applied.gemini_base_url) == (
        "gemini-x",
        "https://gateway.example",
    )

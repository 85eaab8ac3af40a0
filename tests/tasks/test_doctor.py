"""The doctor sees the blocks of a server that answers, before the environment."""

import pytest
from prefect.settings import PREFECT_API_URL
from pydantic import SecretStr

from ai_data_engineer.doctor import examine
from blocks.gemini import GeminiCredentials
from blocks.openai import OpenAICredentials
from tests.model_server import model_server

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home")]

FIRST, SECOND = "sesame-first-01", "sesame-second-02"


@pytest.fixture(autouse=True)
def reached(server, monkeypatch):
    for name in ("OPENAI_API_KEY", "ADE_OPENAI_MODEL", "ADE_OPENAI_BASE_URL", "ADE_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_API_URL", PREFECT_API_URL.value())


@pytest.fixture
def saved():
    names = []

    def save(block, name):
        block.save(name)
        names.append((type(block), name))

    yield save
    for block_type, name in names:
        block_type.delete(name)


def found():
    return {check.name: (check.state, check.detail) for check in examine()}


def test_without_blocks_the_environment_counts():
    said = found()
    assert said["prefect"][0] == "ok"
    assert said["blocks"][0] == "missing"
    assert said["gemini"] == ("missing", "no GEMINI_API_KEY")


def test_keys_of_blocks_are_tried_with_the_blocks_sdk_and_a_refused_one_names_its_block(saved):
    with model_server() as models:
        models.models, models.known_keys = ["gemini-x"], {FIRST}
        keys = [SecretStr(FIRST), SecretStr(SECOND)]
        fields = {"api_keys": keys, "model": "gemini-x", "base_url": models.url}
        saved(GeminiCredentials(sdk="google-genai", **fields), "gemini")
        said = found()
        assert {request.form for request in models.requests} == {"google-genai"}
    assert said["blocks"] == ("ok", "the block `gemini`, before the environment")
    assert said["specifications"][1].endswith("a key is in the block `gemini`.")
    assert said["google-genai key 1 of 2"][0] == "ok"
    assert said["google-genai key 2 of 2"] == (
        "broken",
        "it is refused; renew it, or take it out of the block `gemini`.",
    )
    assert said["google-genai model"] == ("ok", "gemini-x")
    assert "sesame" not in str(said)


def test_a_block_that_is_broken_is_told_and_the_others_are_checked(saved, monkeypatch):
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import BlockDocumentUpdate

    saved(OpenAICredentials(), "openai")
    with get_client(sync_client=True) as client:
        document = client.read_block_document_by_name("openai", "openai-compatible-server")
        broken = BlockDocumentUpdate(data={"context_tokens": "sentinel-value"})
        client.update_block_document(document.id, broken)
    said = found()
    state, detail = said["block openai"]
    assert state == "broken"
    assert "Prefect's UI" in detail
    assert "sentinel" not in str(said)
    assert said["specifications"][0] == "ok"

"""A temperature is said to those models that take one."""

import pytest
from pydantic import SecretStr

from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.providers import provider_for
from ai_data_engineer.specifying.providers.protocol import Question
from ai_data_engineer.specifying.providers.sampling import temperature
from tests.model_server import ModelServer, says


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("gemini-2.5-flash", 0.0),
        ("gemini-3.8-flash", None),
        ("models/gemini-3-pro-preview", None),
        ("gemini-12", None),
        ("gemma-3", 0.0),
        ("gpt-4o", 0.0),
        ("gpt-5.2-mini", None),
        ("openai/o3-mini", None),
        ("ollama-3", 0.0),
        ("qwen3:8b", 0.0),
        (None, 0.0),
    ],
)
def test_newer_models_are_not_told_how_freely_to_write(
    model: str | None, said: float | None
) -> None:
    assert temperature(Author(provider="openai", model=model)) == said


@pytest.mark.parametrize("provider", ["gemini", "google-genai", "openai"])
@pytest.mark.parametrize("said", [0.0, None])
def test_what_is_not_said_is_not_sent(
    provider: str, said: float | None, models: ModelServer
) -> None:
    models.script(says("{}"))
    author = Author(provider=provider, model="test-model", base_url=models.base_url(provider))
    question = Question("rules", "question", temperature=said, timeout=5)
    provider_for(author, load_settings()).ask(question, SecretStr("k"))
    assert models.asked[0].parameters["temperature"] == said

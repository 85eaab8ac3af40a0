"""The list of models: asks whether key and endpoint work, and spends nothing."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from ai_data_engineer.specifying.providers.protocol import Failure, ModelError
from tests.model_server import (
    ModelServer,
    Reply,
    bad_key,
    drip,
    endless,
    forbidden,
    html,
    other_json,
    status,
)
from tests.specifying.providers.conftest import provider


def listed(sdk: str, models: ModelServer, timeout: float = 5.0) -> list[str]:
    return provider(sdk, models.base_url(sdk)).models(SecretStr("k1"), timeout)


def test_models_are_listed_without_asking_one(sdk: str, models: ModelServer) -> None:
    models.models = ["fast", "thorough"]
    assert listed(sdk, models) == ["fast", "thorough"]
    (request,) = models.requests
    assert (request.form, request.kind, request.key) == (sdk, "list", "k1")


@pytest.mark.parametrize("sdk", ["gemini", "google-genai"], indirect=True)
def test_models_that_write_no_text_are_left_out(sdk: str, models: ModelServer) -> None:
    models.list_replies = [
        other_json(
            {
                "models": [
                    {"name": "models/a", "supportedGenerationMethods": ["generateContent"]},
                    {"name": "models/vectors", "supportedGenerationMethods": ["embedContent"]},
                    {"name": "models/b"},
                ]
            }
        )
    ]
    assert listed(sdk, models) == ["a", "b"]


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (bad_key(), Failure.KEY_REFUSED),
        (forbidden(), Failure.KEY_REFUSED),
        (status(404), Failure.UNREADABLE),
        (html(404), Failure.UNREADABLE),
        (html(), Failure.UNREADABLE),
        (other_json({"models": 1, "data": 1}), Failure.UNREADABLE),
        (status(429), Failure.BUSY),
        (status(503), Failure.UNAVAILABLE),
        (drip(), Failure.TIMEOUT),
        (endless(), Failure.ENDLESS),
    ],
    ids=lambda value: value.value if isinstance(value, Failure) else "",
)
def test_a_list_fails_as_an_answer_does(
    sdk: str, models: ModelServer, reply: Reply, failure: Failure
) -> None:
    models.list_replies = [reply]
    with pytest.raises(ModelError) as caught:
        listed(sdk, models, timeout=0.5 if failure is Failure.TIMEOUT else 20)
    assert caught.value.failure is failure


def test_a_key_that_is_known_is_told_from_others(sdk: str, models: ModelServer) -> None:
    models.known_keys = {"k2"}
    with pytest.raises(ModelError, match="E_KEY_REFUSED"):
        listed(sdk, models)

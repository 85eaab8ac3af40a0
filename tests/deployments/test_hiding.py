"""What in a configuration is taken for a secret."""

import pytest

from deployments.recovery.hiding import HIDDEN, hidden_in, pruned, secrets_in, with_secrets, without

BLOCKS = {
    "blocks": {
        "gemini-credentials/gemini": {"data": {"api_keys": ["AIza-1", "AIza-2"], "model": None}}
    }
}
KEYS = ("blocks", "gemini-credentials/gemini", "data", "api_keys")


def test_what_a_block_declares_is_hidden_whole_and_put_back():
    shown, taken = without(BLOCKS, secrets_in(BLOCKS, [KEYS]))

    assert shown["blocks"]["gemini-credentials/gemini"]["data"]["api_keys"] == HIDDEN
    assert taken == [(KEYS, ["AIza-1", "AIza-2"])]
    assert with_secrets(shown, taken) == BLOCKS


def test_an_empty_secret_is_none():
    assert (
        secrets_in({"blocks": {"a/b": {"data": {"url": None}}}}, [("blocks", "a/b", "data", "url")])
        == []
    )


def deployment(**environment):
    return {"deployments": {"generate/generate": {"job_variables": {"env": environment}}}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GEMINI_API_KEY", "resolved-when-it-was-deployed"),
        ("AWS_SECRET_ACCESS_KEY", "wJalr"),
        ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "postgresql://db/x"),
        ("BROKER", "redis://user:pw@10.0.0.1/0"),
        ("HEADER", "Authorization: Bearer abcdefghijkl"),
    ],
)
def test_a_name_or_a_form_tells_a_secret_in_job_variables(name, value):
    (found,) = secrets_in(deployment(**{name: value}), [])

    assert found[-1] == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREFECT_LOGGING_SETTINGS_PATH", "/srv/ade/deployments/logging.yml"),
        ("GEMINI_API_KEY", "{{ prefect.blocks.secret.gemini }}"),
        ("GEMINI_API_KEY", ""),
    ],
)
def test_what_is_none_stays_readable(name, value):
    assert secrets_in(deployment(**{name: value}), []) == []


def test_a_blocks_secret_is_hidden_wherever_it_was_copied_to():
    copied = {**BLOCKS, **deployment(KEYS_OF_MODELS="x,AIza-1")}

    assert ("deployments", "generate/generate", "job_variables", "env", "KEYS_OF_MODELS") in (
        secrets_in(copied, [KEYS])
    )


def test_the_name_of_a_variable_says_what_it_holds():
    assert secrets_in({"variables": {"webhook_token": {"value": "abc"}}}, []) == [
        ("variables", "webhook_token", "value")
    ]


def test_a_form_that_asks_for_a_password_holds_none():
    form = {"properties": {"password": {"title": "Password", "default": "none"}}}

    assert secrets_in({"deployments": {"a/b": {"parameter_openapi_schema": form}}}, []) == []


def test_without_what_is_hidden_the_rest_is_left_and_the_gap_is_named():
    shown = {"data": {"url": HIDDEN, "prefix": "ade", "keys": ["a", HIDDEN]}}

    assert pruned(shown) == {"data": {"prefix": "ade", "keys": ["a"]}}
    assert hidden_in(shown) == ["data.url", "data.keys.1"]

"""Which provider an author is, and what is said where there is none."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.providers import provider_for
from ai_data_engineer.specifying.providers.protocol import Question
from tests.model_server import ModelServer, says


def test_what_the_author_leaves_open_is_taken_from_the_settings(
    sdk: str, models: ModelServer
) -> None:
    models.script(says("{}"))
    settings = Settings(
        gemini_model="set-model",
        gemini_base_url=models.url,
        openai_model="set-model",
        openai_base_url=models.openai_url,
    )
    asked = provider_for(Author(provider=sdk), settings)
    assert asked.name == sdk
    asked.ask(Question("r", "q"), SecretStr("k"))
    assert models.requests[0].model == "set-model"


@pytest.mark.parametrize("name", ["offline", "nobody"])
def test_who_is_no_model_is_said_so(name: str) -> None:
    with pytest.raises(ProviderError, match="E_PROVIDER"):
        provider_for(Author(provider=name), Settings())


def test_an_openai_compatible_server_needs_the_name_of_a_model() -> None:
    with pytest.raises(ProviderError, match=r"E_NO_MODEL .*ADE_OPENAI_MODEL"):
        provider_for(Author(provider="openai"), Settings(openai_model=None))


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("gemini", "google-generativeai"),
        ("google-genai", "google-genai"),
        ("openai", "openai"),
    ],
)
def test_a_package_that_is_missing_is_named_with_the_way_to_install_it(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    google = pytest.importorskip("google")
    module = {"gemini": "google.generativeai", "google-genai": "google.genai"}.get(name, "openai")
    monkeypatch.delattr(google, module.rpartition(".")[2], raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    asked = provider_for(Author(provider=name, model="m"), Settings())
    with pytest.raises(ProviderError, match=r"E_PROVIDER_PACKAGE .*pip install") as caught:
        asked.ask(Question("r", "q"), SecretStr("k"))
    assert package in str(caught.value)


def test_no_sdk_is_imported_before_it_is_asked() -> None:
    out = _python(
        "import sys; import ai_data_engineer.specifying.providers as p;"
        "from ai_data_engineer.settings import Settings;"
        "from ai_data_engineer.specifying.author import Author;"
        "[p.provider_for(Author(provider=n, model='m'), Settings())"
        " for n in ('gemini', 'google-genai', 'openai')];"
        "print([m for m in ('google.generativeai', 'google.genai', 'openai', 'requests', 'httpx2')"
        " if m in sys.modules])"
    )
    assert out == ("[]\n", "")


def test_sdks_say_nothing_to_whoever_runs_us(
    models: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One warns at import that its support has ended, another of new values and of variables."""
    monkeypatch.setenv("GOOGLE_API_KEY", "not-for-this")
    monkeypatch.setenv("GEMINI_API_KEY", "not-for-this-either")
    models.otherwise = says("{}", finish="NEW_REASON")
    out = _python(
        "from ai_data_engineer.specifying.providers import provider_for\n"
        "from ai_data_engineer.specifying.providers.protocol import Question, ModelError\n"
        "from ai_data_engineer.settings import Settings\n"
        "from ai_data_engineer.specifying.author import Author\n"
        "from pydantic import SecretStr\n"
        "for name in ('gemini', 'google-genai', 'openai'):\n"
        f"    author = Author(provider=name, model='m', base_url={models.url!r})\n"
        "    try:\n"
        "        provider_for(author, Settings()).ask(Question('r', 'q'), SecretStr('k'))\n"
        "    except ModelError:\n"
        "        print('failed')\n"
    )
    assert out == ("failed\n" * 3, "")
    assert [request.form for request in models.asked] == ["gemini", "google-genai", "openai"]


def _python(code: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.stdout, done.stderr

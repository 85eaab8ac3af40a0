from __future__ import annotations

from collections.abc import Iterator

import pytest

from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.specifying.prompt import columns, language, versions
from ai_data_engineer.specifying.prompt.language import system_prompt, system_tokens
from ai_data_engineer.specifying.prompt.marking import Names
from ai_data_engineer.specifying.prompt.versions import language_version, prompt_version

CACHED = (system_prompt, system_tokens, prompt_version, language_version)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    for cached in CACHED:
        cached.cache_clear()
    yield
    for cached in CACHED:
        cached.cache_clear()


def test_versions_are_the_same_each_time() -> None:
    first = (prompt_version(), language_version())
    for cached in CACHED:
        cached.cache_clear()
    assert (prompt_version(), language_version()) == first


def test_the_version_of_the_prompt_follows_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prompt_version()
    monkeypatch.setattr(language, "_RULES", language._RULES + "- Another rule.\n")
    system_prompt.cache_clear()
    prompt_version.cache_clear()
    assert prompt_version() != before


def test_the_version_of_the_prompt_follows_what_is_told_of_a_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = prompt_version()

    def share(count: int, of: int) -> str:
        return f"{count} of {of}"

    monkeypatch.setattr(columns, "share", share)
    prompt_version.cache_clear()
    assert prompt_version() != before


def test_the_version_of_the_prompt_follows_the_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prompt_version()
    monkeypatch.setattr(Names, "label", lambda self, name: f"'{name}'")
    prompt_version.cache_clear()
    assert prompt_version() != before


def test_the_version_of_the_language_follows_what_may_be_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = language_version()
    fewer = {op: model for op, model in all_operators().items() if op != "sort"}
    monkeypatch.setattr(versions, "all_operators", lambda: fewer)
    language_version.cache_clear()
    assert language_version() != before

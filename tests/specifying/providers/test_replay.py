"""Recorded answers are given again to the very same question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.provenance import Attempt, Provenance
from ai_data_engineer.specifying.providers import provider_for
from ai_data_engineer.specifying.providers.protocol import Provider, Question

QUESTION = Question("rules", "question")


def replay(file: Path | None) -> Provider:
    return provider_for(Author(provider="replay"), Settings(replay_file=file))


def recorded(tmp_path: Path, *attempts: Attempt) -> Path:
    file = tmp_path / "provenance.json"
    file.write_text(Provenance(goal="g", attempts=attempts).model_dump_json())
    return file


def attempt(sent: str, received: str | None) -> Attempt:
    return Attempt(
        provider="gemini",
        model="m-1",
        input_tokens=7,
        output_tokens=3,
        sent=sent,
        received=received,
    )


def test_the_answer_on_record_is_given_again(tmp_path: Path) -> None:
    file = recorded(tmp_path, attempt("rules\nother", "no"), attempt("rules\nquestion", '{"a": 1}'))
    answer = replay(file).ask(QUESTION, None)
    assert (answer.text, answer.model) == ('{"a": 1}', "m-1")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (7, 3)


def test_of_several_answers_the_last_one_counts(tmp_path: Path) -> None:
    file = recorded(
        tmp_path,
        attempt("rules\nquestion", "the first did not do"),
        attempt("rules\nquestion", "{}"),
        attempt("rules\nquestion", None),
    )
    assert replay(file).ask(QUESTION, None).text == "{}"


def test_a_question_that_is_not_on_record_is_said_so(tmp_path: Path) -> None:
    file = recorded(tmp_path, attempt("rules\nquestion ", "{}"))
    with pytest.raises(ProviderError, match=r"E_NOT_RECORDED provenance.json: .*Goal, sources"):
        replay(file).ask(QUESTION, None)


@pytest.mark.parametrize(
    "content", [None, b"", b"\x00\xff", b"[]", b"{}", b'{"attempts": 1}', b"{" * 100_000]
)
def test_a_file_that_is_no_record_is_said_so(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "provenance.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ProviderError, match=r"E_NOT_RECORDED .*ADE_REPLAY_FILE"):
        replay(file).ask(QUESTION, None)


def test_a_record_of_a_newer_version_is_read(tmp_path: Path) -> None:
    file = recorded(tmp_path, attempt("rules\nquestion", "{}"))
    record = json.loads(file.read_text())
    record["attempts"][0]["mood"] = record["weather"] = "fine"
    file.write_text(json.dumps(record))
    assert replay(file).ask(QUESTION, None).text == "{}"


def test_without_a_record_there_is_nothing_to_replay() -> None:
    with pytest.raises(ProviderError, match=r"E_NOT_RECORDED .*ADE_REPLAY_FILE"):
        replay(None)


def test_the_models_on_record_are_listed(tmp_path: Path) -> None:
    file = recorded(tmp_path, attempt("a", "b"), attempt("c", "d"), Attempt(provider="offline"))
    assert replay(file).models(None) == ["m-1"]

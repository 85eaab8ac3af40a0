"""`ade specify` with a model: who is asked and why, what it sees, and when it is asked again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ai_data_engineer.cli import app
from ai_data_engineer.settings import settings
from tests.model_server import ModelServer, endless, model_server, says, status

ROWS = "order_id,amount,status\n" + "".join(
    f"{i},{i}.50,{'paid' if i % 2 else 'open'}\n" for i in range(1, 121)
)
ANSWER = {
    "name": "paid_orders",
    "steps": [
        {"id": "paid", "op": "filter", "inputs": ["orders"], "params": {"where": "status = 'paid'"}}
    ],
    "outputs": [{"id": "result", "input": "paid", "format": "csv", "path": "paid.csv"}],
}


@pytest.fixture
def models() -> Iterator[ModelServer]:
    with model_server() as server:
        server.otherwise = says(json.dumps(ANSWER))
        yield server


@pytest.fixture
def specify(
    models: ModelServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Any]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEMINI_API_KEY", "sesame-0001")
    monkeypatch.setenv("ADE_GEMINI_BASE_URL", models.url)
    (tmp_path / "orders.csv").write_text(ROWS)
    settings.cache_clear()  # in life each run is a process of its own

    def run(*options: str, goal: str = "only paid") -> Any:
        return CliRunner().invoke(app, ["specify", "orders.csv", "--goal", goal, *options])

    yield run
    settings.cache_clear()


def test_who_is_asked_and_why_is_said_first(specify: Callable[..., Any]) -> None:
    result = specify()
    assert result.exit_code == 0, result.output
    assert "of Gemini at http://127.0.0.1" in result.stderr.splitlines()[0]
    assert "written by gemini" in result.stderr
    assert "sesame" not in result.output


def test_the_same_question_is_asked_once_unless_no_cache_is_wanted(
    specify: Callable[..., Any], models: ModelServer
) -> None:
    assert [specify().exit_code, specify().exit_code] == [0, 0]
    assert len(models.asked) == 1
    assert specify("--no-cache").exit_code == 0
    assert len(models.asked) == 2


def test_examples_are_shown_only_when_they_are_asked_for(
    specify: Callable[..., Any], models: ModelServer
) -> None:
    specify()
    specify("--examples")
    without, with_examples = models.prompts
    assert "open" not in without.partition("goal")[0]
    assert "open" in with_examples


@pytest.mark.parametrize(
    ("provider", "code"),
    [("openai", "E_NO_MODEL"), ("replay", "E_NOT_RECORDED"), ("x", "E_PROVIDER")],
)
def test_what_is_missing_is_said_before_a_source_is_read(
    specify: Callable[..., Any], tmp_path: Path, provider: str, code: str
) -> None:
    (tmp_path / "orders.csv").unlink()
    result = specify("--provider", provider)
    assert result.exit_code == 2
    assert result.stderr.startswith(code)


def test_a_model_that_fails_is_followed_by_the_planner_which_says_so(
    specify: Callable[..., Any], models: ModelServer
) -> None:
    models.otherwise = status(404)
    result = specify()
    assert result.exit_code == 0
    assert "written by offline" in result.stderr
    assert "E_UNKNOWN_MODEL" in result.stderr


@pytest.mark.parametrize("stopped", ["UnfinishedRun", "CancelledRun", "ObjectNotFound"])
def test_a_run_that_is_stopped_before_it_begins_or_deleted_is_no_defect(
    specify: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    from prefect import exceptions

    from flows import generate

    def ended(_: object) -> None:
        raise getattr(exceptions, stopped)("no text of Prefect's")

    monkeypatch.setattr(generate, "generate_pipeline", ended)
    result = CliRunner().invoke(app, ["generate", "orders.csv"])
    assert result.exit_code == 130
    assert result.stderr == "E_CANCELLED The run was stopped in Prefect.\n"


def test_a_goal_that_a_model_would_see_half_of_is_refused(
    specify: Callable[..., Any], models: ModelServer
) -> None:
    result = specify(goal="only paid, " * 1000)
    assert result.exit_code == 2
    assert "E_REQUEST goal: A model is shown at most 10,000 characters of 10,999." in result.stderr
    assert not models.asked


def test_what_a_failure_may_have_cost_is_not_said_for_certain(
    specify: Callable[..., Any], models: ModelServer
) -> None:
    models.otherwise = endless()
    assert "Requests: 1, 0 tokens, at most $" in specify().stderr


def test_where_nothing_was_asked_no_cost_is_said(
    specify: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADE_LLM_JOB_TOKENS", "10")
    result = specify()
    assert "Requests: none\n" in result.stderr
    assert "$" not in result.stderr

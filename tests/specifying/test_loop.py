"""Propose, validate, ask again, fall back: with the real SDK and a loopback model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.loop import specify_valid
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.specifying.specify import MAX_REPAIRS
from ai_data_engineer.validating import ValidationReport

if TYPE_CHECKING:
    from conftest import Gemini

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

SECRET = "unmistakable-cell"
GOAL = "only paid orders"


@pytest.fixture
def orders(tmp_path: Path) -> FileProfile:
    path = tmp_path / "orders.csv"
    rows = [f"{i},{i}.50,{'paid' if i % 2 else 'open'},{SECRET}-{i}" for i in range(1, 60)]
    path.write_text("\n".join(["id,amount,status,note", *rows]) + "\n")
    return profile_source(str(path))


def answer(where: str = "status = 'paid'", **more: Any) -> str:
    step = {"id": "paid", "op": "filter", "inputs": ["orders"], "where": where}
    output = {"id": "result", "input": "paid", "format": "csv", "path": "paid.csv"}
    return json.dumps({"name": "paid_orders", "steps": [step], "outputs": [output], **more})


def specified(profile: FileProfile, gemini: Gemini) -> tuple[Specified, ValidationReport]:
    settings = load_settings(gemini_base_url=gemini.url)
    return specify_valid([profile], GOAL, credentials=[SecretStr("k")], settings=settings)


def test_a_good_answer_is_taken_with_our_own_sources(orders: FileProfile, gemini: Gemini) -> None:
    gemini.answers(
        answer(sources=[{"id": "orders", "uri": "/etc/passwd", "file_column": "file"}, "x"])
    )
    found, report = specified(orders, gemini)
    assert report.is_valid
    assert found.provenance.provider == "gemini"
    assert [step.id for step in found.spec.steps] == ["paid"]
    (source,) = found.spec.sources
    assert (source.uri, source.file_column) == (orders.uri, "file")


def test_no_cell_is_sent_and_all_that_is_sent_is_kept(orders: FileProfile, gemini: Gemini) -> None:
    gemini.answers(answer())
    found, _ = specified(orders, gemini)
    assert SECRET not in json.dumps(gemini.bodies)
    attempt = found.provenance.attempts[0]
    assert attempt.sent is not None
    assert attempt.sent.endswith(gemini.prompts[0])
    assert (attempt.received, attempt.input_tokens, attempt.output_tokens) == (answer(), 11, 19)


def test_what_is_mechanical_is_mended_without_asking(orders: FileProfile, gemini: Gemini) -> None:
    mended = answer().replace('"filter"', '"Filter"').replace('"paid_orders"', '"Paid Orders!"')
    gemini.answers(f"Here you are:\n```json\n{mended}\n```")
    found, report = specified(orders, gemini)
    assert report.is_valid
    assert (found.spec.name, len(gemini.prompts)) == ("paid_orders", 1)


def test_findings_are_shown_and_the_next_answer_taken(orders: FileProfile, gemini: Gemini) -> None:
    gemini.answers(answer("statu = 'paid'"))
    gemini.answers(answer())
    found, report = specified(orders, gemini)
    assert report.is_valid
    assert "E_UNKNOWN_COLUMN" in gemini.prompts[1]
    assert "Did you mean `status`?" in gemini.prompts[1]
    assert [a.provider for a in found.provenance.attempts] == ["gemini", "gemini"]
    assert not found.provenance.fell_back


def test_repairs_are_bounded_and_the_planner_takes_over(
    orders: FileProfile, gemini: Gemini
) -> None:
    for column in ("a", "b", "c", "d", "e"):
        gemini.answers(answer(f"{column} = 1"))
    found, report = specified(orders, gemini)
    assert report.is_valid
    assert len(gemini.prompts) == 1 + MAX_REPAIRS
    assert (found.provenance.provider, found.provenance.fell_back) == ("offline", True)
    assert "filter" in [step.op for step in found.spec.steps]


def test_the_same_mistake_twice_is_not_asked_about_again(
    orders: FileProfile, gemini: Gemini
) -> None:
    for _ in range(5):
        gemini.answers(answer("nonsense = 1"))
    found, report = specified(orders, gemini)
    assert report.is_valid
    assert len(gemini.prompts) == 2
    assert found.provenance.fell_back


@pytest.mark.parametrize("status", [400, 404, 429, 503])
def test_a_model_that_fails_is_fallen_back_from(
    orders: FileProfile, gemini: Gemini, status: int
) -> None:
    gemini.fails(status)
    found, report = specified(orders, gemini)
    assert report.is_valid
    assert found.provenance.fell_back
    assert found.provenance.attempts[0].error is not None


@pytest.mark.parametrize("text", ["I cannot do that.", "[]", '{"steps": []}', "{" * 5000])
def test_an_answer_without_a_spec_is_fallen_back_from(
    orders: FileProfile, gemini: Gemini, text: str
) -> None:
    gemini.answers(text)
    found, report = specified(orders, gemini)
    assert report.is_valid
    assert found.provenance.fell_back


def test_gemini_without_a_key_is_an_error_when_asked_for_by_name(
    orders: FileProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    with pytest.raises(ProviderError, match="E_NO_KEY"):
        specify_valid([orders], provider="gemini", settings=load_settings())


def test_auto_without_a_key_is_the_planner(
    orders: FileProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    found, report = specify_valid([orders], GOAL, settings=load_settings())
    assert report.is_valid
    assert (found.provenance.provider, found.provenance.fell_back) == ("offline", False)


def test_auto_is_whom_the_setting_names(orders: FileProfile, gemini: Gemini) -> None:
    settings = load_settings(gemini_base_url=gemini.url, provider="offline")
    found, _ = specify_valid([orders], GOAL, credentials=[SecretStr("k")], settings=settings)
    assert (found.provenance.provider, gemini.prompts) == ("offline", [])

"""What is said of variables that set nothing."""

from __future__ import annotations

import pytest

from ai_data_engineer.doctor.machine import places
from ai_data_engineer.settings import load_settings


@pytest.mark.parametrize("name", ["ADE_LLM_DAYCOST", "ADE_GEMINI_API_KEY"])
def test_a_misspelt_setting_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "3")
    monkeypatch.setenv("ADE_LLM_DAY_TOKENS", "3")
    told = [check.detail for check in places(load_settings()) if check.state == "missing"]
    assert told == [f"there is no setting {name}: misspelt, or of old; unset it"]


def test_a_variable_that_is_empty_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADE_LLM_DAY_COST", "")
    monkeypatch.setenv("GEMINI_API_KEY", "")
    assert load_settings().llm_day_cost is None
    assert load_settings().gemini_api_key is None

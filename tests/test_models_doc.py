"""docs/models.md says what is done about each failure, and names every setting of models."""

import re
from pathlib import Path

from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.policy import RULES, Change, Rule
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError

PAGE = (Path(__file__).parent.parent / "docs" / "models.md").read_text(encoding="utf-8")


def row(failure: Failure, rule: Rule) -> str:
    """Return the row of the page for a rule: put it there when the test says that it is missing."""
    often = {0: "no", 1: "once", 2: "twice"}.get(rule.again, f"{rule.again} times")
    how = [", after a wait"] * rule.waits
    if rule.change is not Change.NOTHING:
        how.append(f", with {rule.change}")
    if rule.again == 0:
        often, how = ("with the next key", []) if rule.change is Change.KEY else ("no", [])
    return f"| {failure} | `{ModelError('', failure).code}` | {often}{''.join(how)} | {rule.why} |"


def test_every_failure_has_the_row_of_its_rule() -> None:
    rows = [row(failure, rule) for failure, rule in RULES.items()]
    told = [line for line in PAGE.splitlines() if re.match(r"\| \w+ \| `E_", line)]
    assert told == rows


def test_every_setting_of_models_is_named() -> None:
    ours = ("llm_", "gemini_", "openai_", "redis_", "replay_", "provider")
    names = {
        str(field.validation_alias.choices[0]) if field.validation_alias else f"ADE_{name.upper()}"
        for name, field in Settings.model_fields.items()
        if name.startswith(ours)
    }
    assert sorted(name for name in names if f"`{name}" not in PAGE and f"{name}=" not in PAGE) == []

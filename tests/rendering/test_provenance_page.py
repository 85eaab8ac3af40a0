"""The bundle says who wrote its specification and what that took."""

from ai_data_engineer.rendering.provenance_page import provenance_page
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.specifying.provenance import Attempt, Provenance

ASKED = Attempt(
    provider="gemini", model="test-model", parameters={"max_output_tokens": 900}, calls=2,
    input_tokens=12_345, output_tokens=678, thought_tokens=99, cost=0.0123, sent="q", received="a",
)  # fmt: skip
WRONG = Finding(code="E_UNKNOWN_COLUMN", pointer="/steps/0", message="There is no column `x`.")


def test_each_attempt_has_a_row_with_what_it_cost() -> None:
    mended = ASKED.model_copy(update={"findings": (WRONG, WRONG), "error": "E_BAD_ANSWER"})
    page = provenance_page(Provenance(attempts=(ASKED, mended))).splitlines()
    assert (
        "| 1 | gemini | test-model | max_output_tokens 900 | 2 | 12,345 | 678 | 99 | 0.0123 |  "
        "| an answer |" in page
    )
    assert any(line.endswith("| `E_UNKNOWN_COLUMN` | `E_BAD_ANSWER` |") for line in page)


def test_a_fall_back_is_said_first_with_its_reason() -> None:
    failed = ASKED.model_copy(update={"error": "E_BLOCKED", "message": "E_BLOCKED Refused <b>."})
    attempts = (failed, Attempt(provider="offline"))
    page = provenance_page(Provenance(attempts=attempts, fell_back=True))
    assert "in place of a model: E_BLOCKED Refused &lt;b&gt;." in page
    assert "--provider replay" in page


def test_the_planner_alone_has_nothing_to_replay() -> None:
    page = provenance_page(Provenance(attempts=(Attempt(provider="offline"),)))
    assert "| 1 | offline |" in page
    assert "replay" not in page

"""The table of a batch is one that a person reads: what failed first, the rest counted."""

from ai_data_engineer.batching.request import Outcome
from tasks.batching import SHOWN, table


def test_failures_come_first_and_ten_thousand_sources_are_not_a_page():
    good = [Outcome(source=f"{n}.csv", ending="done", seconds=n) for n in range(10_000)]
    bad = [Outcome(source="bad.csv", ending="failed", code="E_EMPTY")]
    rows = table([*good, *bad])
    assert len(rows) == SHOWN
    assert rows[0] == {
        "Source": "bad.csv", "Outcome": "failed", "Code": "E_EMPTY", "Bundle": "", "Seconds": "0.0",
    }  # fmt: skip
    assert rows[1]["Source"] == "9999.csv"

"""A pipeline that is watched over, in Prefect: it is made once and replaced by a person only."""

import json
from pathlib import Path

import pytest

from ai_data_engineer.refreshing.requests import RefreshRequest

pytestmark = [pytest.mark.server, pytest.mark.bundle, pytest.mark.usefixtures("server", "home")]


def day(folder, number, header="order_id,ordered_on,amount,status"):
    rows = [f"{n},2024-01-{n % 28 + 1:02d},{n % 40}.50,paid" for n in range(number, number + 80)]
    (folder / f"orders-2024-01-{number:02d}.csv").write_text("\n".join([header, *rows, ""]))


def test_a_drift_is_told_of_once_and_replaces_nothing_until_it_is_accepted(tmp_path, left):
    from flows.refresh import refresh_pipeline

    def run(**more):
        glob = str(tmp_path / "orders-2024-*.csv")
        request = RefreshRequest(
            sources=[glob], goal="total amount by status", provider="offline", **more
        )
        state = refresh_pipeline(request, return_state=True)
        return state.name, state.result()

    day(tmp_path, 1)
    _, first = run()
    day(tmp_path, 2)
    name, fits = run(accept=True)
    assert (first.outcome, name, fits.outcome) == ("made", "Completed", "unchanged")
    assert fits.sha256 == first.sha256

    for number in (1, 2):
        day(tmp_path, number, header="order_id,ordered_on,total,status")
    name, drifted = run()
    assert (name, drifted.outcome, drifted.is_new) == ("Drifted", "drifted", True)
    assert json.loads(Path(drifted.proposal).read_text())["spec_version"] == "1"
    artifact = left(drifted.run_id).artifacts()["drift"]
    assert "D\\_COLUMN\\_RENAMED" in artifact
    assert "ade.schema.drifted" in left(drifted.run_id).events(last="ade.schema.drifted")

    day(tmp_path, 3, header="order_id,ordered_on,total,status")
    name, again = run()
    assert (name, again.is_new, again.proposal) == ("Drifted", False, drifted.proposal)
    assert again.sha256 == first.sha256

    _, accepted = run(accept=True)
    assert accepted.outcome == "accepted"
    assert accepted.sha256 != first.sha256
    assert run()[1].outcome == "unchanged"

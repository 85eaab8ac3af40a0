"""A pipeline that is watched over, in Prefect: it is made once and replaced by a person only."""

import json
import threading
from pathlib import Path

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.refreshing import InUse, key_of
from ai_data_engineer.refreshing.requests import RefreshRequest
from ai_data_engineer.specifying.offline import plan
from ai_data_engineer.specifying.provenance import Attempt, Provenance, Specified
from ai_data_engineer.stores.files import FileStore
from tasks import asking_a_person
from tests.flows.test_review import answer

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home")]

GOAL = "total amount by status"
RENAMED = "order_id,ordered_on,amount_eur,status"


def day(folder, number, header="order_id,ordered_on,amount,status"):
    rows = [f"{n},2024-01-{n % 28 + 1:02d},{n % 40}.50,paid" for n in range(number, number + 80)]
    (folder / f"orders-2024-01-{number:02d}.csv").write_text("\n".join([header, *rows, ""]))


@pytest.fixture
def request_for(tmp_path):
    def made(**more):
        glob = str(tmp_path / "orders-2024-*.csv")
        return RefreshRequest(sources=[glob], goal=GOAL, provider="offline", **more)

    return made


@pytest.fixture
def run(request_for):
    from flows.refresh import refresh_pipeline

    def refresh(**more):
        state = refresh_pipeline(request_for(**more), return_state=True)
        return state.name, state.result()

    return refresh


@pytest.fixture
def in_use(tmp_path, home, request_for):
    """A pipeline for the first day, as an earlier run remembers it."""
    day(tmp_path, 1)
    profile = profile_source(request_for().sources[0])
    proposed = Specified(
        document=plan([profile], GOAL).to_dict(),
        provenance=Provenance(attempts=(Attempt(provider="offline"),)),
    )
    used = InUse(
        proposed=proposed, profiles=(profile,), bundle=str(tmp_path / "orders.zip"), sha256="0" * 64
    )
    FileStore(home / "state").put(key_of(request_for()), used.to_json().encode())


@pytest.mark.usefixtures("in_use")
def test_a_drift_is_told_of_once_and_forgotten_when_the_sources_come_back(tmp_path, run, left):
    day(tmp_path, 2)
    name, fits = run(accept=True)
    assert (name, fits.outcome, fits.sha256) == ("Completed", "unchanged", "0" * 64)

    for number in (1, 2):
        day(tmp_path, number, header=RENAMED)
    name, drifted = run()
    assert (name, drifted.outcome, drifted.is_new) == ("Drifted", "drifted", True)
    assert json.loads(Path(drifted.proposal).read_text())["spec_version"] == "1"
    assert "D\\_COLUMN\\_RENAMED" in left(drifted.run_id).artifacts()["drift"]
    assert "ade.schema.drifted" in left(drifted.run_id).events(last="ade.schema.drifted")

    day(tmp_path, 3, header=RENAMED)
    name, again = run()
    assert (name, again.is_new, again.proposal) == ("Drifted", False, drifted.proposal)

    for number in (1, 2, 3):
        day(tmp_path, number)
    assert run()[1].outcome == "unchanged"
    for number in (1, 2, 3):
        day(tmp_path, number, header=RENAMED)
    assert run()[1].is_new


@pytest.mark.usefixtures("in_use")
def test_nothing_is_accepted_that_nobody_could_have_seen(tmp_path, run):
    day(tmp_path, 1, header=RENAMED)
    name, result = run(accept=True)
    assert (name, result.outcome, result.sha256) == ("Drifted", "drifted", "0" * 64)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("in_use")
def test_a_refused_proposal_is_put_up_again_for_another_drift_only(tmp_path, run, monkeypatch):
    monkeypatch.setattr(asking_a_person, "POLL_SECONDS", 0.5)

    def refused():
        decision = {"decision": "refuse", "reviewer": "Ana"}
        person = threading.Thread(target=answer, args=([],), kwargs=decision)
        person.start()
        name, _ = run(review=True)
        person.join()
        return name

    day(tmp_path, 1, header=RENAMED)
    assert refused() == "Refused"
    # Nobody is there to answer tonight.
    name, again = run(review=True)
    assert (name, again.outcome, again.is_new) == ("Drifted", "drifted", False)
    day(tmp_path, 1, header="order_id,ordered_on,total,status")
    assert refused() == "Refused"


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("in_use")
def test_what_was_proposed_takes_its_place_once_a_person_accepts_it(tmp_path, run):
    day(tmp_path, 1, header=RENAMED)
    proposed = run()[1]
    name, accepted = run(accept=True)
    assert (name, accepted.outcome) == ("Completed", "accepted")
    assert Path(accepted.bundle).is_file()
    assert accepted.sha256 != proposed.sha256
    assert run()[1].outcome == "unchanged"


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_first_run_makes_the_pipeline_and_the_second_leaves_it(tmp_path, run):
    day(tmp_path, 1)
    first = run()[1]
    day(tmp_path, 2)
    second = run()[1]
    assert (first.outcome, second.outcome) == ("made", "unchanged")
    assert second.sha256 == first.sha256

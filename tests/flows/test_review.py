"""A review of a run without a deployment: its process waits for the form to be filled in."""

import threading
import time

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.sorting import FlowRunSort
from prefect.settings import PREFECT_API_URL, temporary_settings

from ai_data_engineer.errors import AdeError
from ai_data_engineer.requests import GenerateRequest, Refusal
from ai_data_engineer.reviewing import Shown
from ai_data_engineer.specifying.provenance import Attempt, Provenance, Specified
from tasks import asking_a_person


def answer(said, **run_input):
    """Resume the newest run once it waits, as the UI does."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with get_client(sync_client=True) as client:
            runs = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)
            if runs and runs[0].state.is_paused():
                said.append(client.resume_flow_run(runs[0].id, {"decision": "perhaps"}).status)
                said.append(client.resume_flow_run(runs[0].id, run_input).status)
                return
        time.sleep(0.2)


@pytest.mark.server
@pytest.mark.usefixtures("server", "home")
def test_a_refused_run_is_completed_says_who_refused_and_leaves_no_bundle(
    tmp_path, monkeypatch, left
):
    from flows.generate import generate_pipeline

    monkeypatch.setattr(asking_a_person, "POLL_SECONDS", 0.5)
    source, bundle = tmp_path / "orders.csv", tmp_path / "orders.zip"
    source.write_text("order_id,amount\n" + "".join(f"{n},{n % 7}.5\n" for n in range(60)))
    request = GenerateRequest(sources=[str(source)], provider="offline", output=bundle, review=True)
    said = []
    person = threading.Thread(
        target=answer, args=(said,), kwargs={"decision": "refuse", "reviewer": "Ana"}
    )
    person.start()
    state = generate_pipeline(request, return_state=True)
    person.join()
    refusal = state.result()
    assert [status.value for status in said] == ["REJECT", "ACCEPT"]
    assert (state.type.value, state.name) == ("COMPLETED", "Refused")
    assert isinstance(refusal, Refusal)
    assert refusal.refused_by == "Ana"
    assert not bundle.exists()
    events = left(refusal.run_id).events(last="ade.review.decided")
    assert "ade.review.requested" in events


def test_a_review_that_nobody_could_answer_is_refused_at_once():
    proposed = Specified(
        document={}, provenance=Provenance(attempts=(Attempt(provider="offline"),))
    )
    shown = Shown(proposed=proposed, text="{}", sources=("a1",))
    with temporary_settings({PREFECT_API_URL: None}), pytest.raises(AdeError, match="E_REVIEW "):
        asking_a_person.ask(shown)


def test_the_form_says_why_it_is_shown_again_and_holds_the_persons_own_text():
    proposed = Specified(
        document={"name": "orders"}, provenance=Provenance(attempts=(Attempt(provider="gemini"),))
    )
    shown = Shown(proposed=proposed, text="{ mine", sources=("a1",), note="It has errors.")
    form = asking_a_person._form(shown)
    fields = form.model_json_schema()["properties"]
    assert fields["specification"]["default"] == "{ mine"
    assert sorted(fields, key=lambda name: fields[name]["position"]) == [
        "decision",
        "reviewer",
        "reason",
        "specification",
    ]
    assert all(field["title"] and field["description"] for field in fields.values())
    assert form.model_json_schema()["required"] == ["decision"]
    assert "**It has errors.**" in form._description

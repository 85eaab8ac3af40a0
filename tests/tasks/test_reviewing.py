"""Rounds of a review, without a server: an answer is given to whatever is shown."""

import json
from types import SimpleNamespace

import pytest

from ai_data_engineer.requests import GenerateRequest
from ai_data_engineer.reviewing import Shown, Verdict, as_text
from ai_data_engineer.specifying.provenance import Attempt, Provenance, Specified
from ai_data_engineer.validating import ValidationReport
from tasks import reviewing
from tasks.receiving import Received
from tasks.specifying import Rejected

SPEC = {"name": "orders", "sources": [{"id": "orders", "uri": "orders.csv"}], "steps": []}
SOURCES = [Received(uri="orders.csv", digest="a1")]
CHANGED = [Received(uri="orders.csv", digest="b2")]
REQUEST = GenerateRequest(sources=["orders.csv"], review=True)
FINE = ValidationReport()
RUN = "7d0c1c2e-3a57-4a0e-9b53-0e6f4b3a0a11"


def specified(provider="gemini", **more):
    return Specified(
        document={**SPEC, **more}, provenance=Provenance(attempts=(Attempt(provider=provider),))
    )


class Person:
    """Answers as told and keeps what was shown."""

    def __init__(self, *answers):
        self.answers, self.shown = list(answers), []

    def __call__(self, shown):
        self.shown.append(shown)
        return self.answers.pop(0)


@pytest.fixture
def person(home, monkeypatch):
    """A run, its person, and gates that find the name `bad` wrong."""
    from ai_data_engineer.spec.findings import Finding

    someone = Person()
    wrong = Finding(code="E_UNKNOWN_COLUMN", pointer="/steps/0", message="No such column.")

    def gates(proposed, sources):
        return ValidationReport(findings=(wrong,)) if proposed.document["name"] == "bad" else FINE

    monkeypatch.setattr(reviewing, "ask", someone)
    monkeypatch.setattr(reviewing, "validate", gates)
    monkeypatch.setattr(reviewing, "flow_run", SimpleNamespace(id=RUN, name="orders.csv"))
    monkeypatch.setattr(reviewing, "_keys_before", lambda: someone.keys)
    monkeypatch.setattr(reviewing, "job_of_run", lambda: SimpleNamespace(calls=2))
    monkeypatch.setattr(reviewing, "get_run_logger", lambda: SimpleNamespace(info=print))
    monkeypatch.setattr(reviewing, "read_flow_run_input", lambda *a, **k: someone.earlier)
    for module in (reviewing.artifacts, reviewing.events):
        for name in ("specification", "findings", "review_decided"):
            monkeypatch.setattr(module, name, lambda *a: None, raising=False)
    someone.keys, someone.earlier = set(), None
    monkeypatch.setattr(reviewing, "shared_store", lambda: store(home))
    return someone


def store(home):
    from ai_data_engineer.stores.files import FileStore

    return FileStore(home / "state")


def accept():
    return Verdict(decision="accept", reviewer="Ana")


def edit(**change):
    return Verdict(decision="edit", specification=as_text({**SPEC, **change}))


def test_an_invalid_edit_is_shown_again_with_its_findings_and_nothing_of_it_is_lost(person):
    broken = Verdict(decision="edit", specification="{ oops")
    person.answers = [edit(name="bad"), broken, edit(name="good")]
    decided = reviewing.review(specified(), FINE, SOURCES)
    first, second, third = person.shown
    assert json.loads(second.text)["name"] == "bad"
    assert [f.code for f in second.findings] == ["E_UNKNOWN_COLUMN"]
    assert third.text == "{ oops"
    assert [f.code for f in third.findings] == ["E_SPEC"]
    assert len({first.key, second.key, third.key}) == 3
    assert decided.proposed.document["name"] == "good"
    assert decided.proposed.provenance.reviewed == "edited"


def test_what_has_errors_cannot_be_accepted(person):
    person.answers = [edit(name="bad"), accept(), edit(name="good")]
    reviewing.review(specified(), FINE, SOURCES)
    assert [shown.note for shown in person.shown] == ["", reviewing.NOT_YET, reviewing.NOT_YET]


def test_an_edit_that_changes_nothing_is_asked_about_again(person):
    person.answers = [edit(), accept()]
    decided = reviewing.review(specified(), FINE, SOURCES)
    assert person.shown[1].note == reviewing.UNCHANGED
    assert decided.proposed.provenance.reviewed == "accepted"


def test_the_run_that_comes_back_takes_the_spec_that_was_shown_and_asks_no_model(person):
    person.answers = [Verdict(decision="refuse")]
    reviewing.review(specified(name="shown"), FINE, SOURCES)
    assert reviewing.already(REQUEST, SOURCES, None).document["name"] == "shown"


def test_without_a_review_nothing_is_looked_for(person):
    plain = GenerateRequest(sources=["orders.csv"])
    assert reviewing.already(plain, SOURCES, None) is None
    assert reviewing.already(plain, SOURCES, None, specified()) == specified()


def test_requests_that_were_sent_before_the_suspension_count(person, monkeypatch):
    person.answers = [accept()]
    reviewing.review(specified(), FINE, SOURCES)
    later = SimpleNamespace(calls=0)
    monkeypatch.setattr(reviewing, "job_of_run", lambda: later)
    reviewing.already(REQUEST, SOURCES, None)
    assert later.calls == 2


def test_other_content_is_specified_anew_and_reviewed_again_with_a_word_of_why(person):
    person.answers = [accept(), accept()]
    reviewing.review(specified(), FINE, SOURCES)
    assert reviewing.already(REQUEST, CHANGED, None) is None
    reviewing.review(specified(), FINE, CHANGED)
    assert [shown.note for shown in person.shown] == ["", reviewing.CHANGED]
    assert len({shown.key for shown in person.shown}) == 2


def test_what_a_person_wrote_for_the_former_content_is_not_lost(person):
    person.answers = [accept(), accept()]
    reviewing.review(specified(), FINE, SOURCES)
    person.earlier = edit(name="mine").to_dict()
    reviewing.review(specified(), FINE, CHANGED)
    assert json.loads(person.shown[1].text)["name"] == "mine"


def test_a_spec_other_than_the_one_that_was_shown_is_shown_where_the_pin_is_lost(person, home):
    person.answers = [accept(), accept()]
    reviewing.review(specified(), FINE, SOURCES)
    person.keys = {person.shown[0].key}
    store(home).delete(f"review/{RUN}")
    reviewing.review(specified(name="other"), FINE, SOURCES)
    assert person.shown[1].note == reviewing.LOST
    assert person.shown[1].key not in person.keys


def test_the_very_same_spec_keeps_its_answer_where_the_pin_is_lost(person, home):
    person.answers = [accept(), accept()]
    reviewing.review(specified(), FINE, SOURCES)
    store(home).delete(f"review/{RUN}")
    person.keys = {person.shown[0].key}
    reviewing.review(specified(), FINE, SOURCES)
    assert person.shown[1].key in person.keys


@pytest.mark.parametrize(
    ("provider", "reviewed", "is_theirs"),
    [
        ("gemini", "edited", True),
        ("offline", "accepted", True),
        ("gemini", "accepted", False),
        ("gemini", None, False),
    ],
)
def test_who_mends_a_project_that_does_not_run(person, provider, reviewed, is_theirs):
    proposal = specified(provider)
    provenance = proposal.provenance.model_copy(update={"reviewed": reviewed})
    proposal = proposal.model_copy(update={"provenance": provenance})
    rejected = Rejected(proposal=proposal, report=FINE)
    assert (reviewing.already(REQUEST, SOURCES, rejected) is not None) is is_theirs


def test_what_the_gates_refused_before_the_first_review_is_no_matter_of_the_person(person):
    person.answers = [accept()]
    rejected = Rejected(proposal=specified(name="bad"), report=FINE)
    reviewing.review(specified(), FINE, SOURCES, rejected)
    assert (person.shown[0].note, person.shown[0].number) == ("", 1)


def test_what_a_model_mended_after_the_review_is_reviewed_as_well(person):
    person.answers = [accept(), accept()]
    accepted = reviewing.review(specified(), FINE, SOURCES).proposed
    rejected = Rejected(proposal=accepted, report=FINE)
    reviewing.review(specified(name="mended"), FINE, SOURCES, rejected)
    assert person.shown[1].note == reviewing.DOES_NOT_RUN
    assert person.shown[1].number == 2
    assert reviewing.already(REQUEST, SOURCES, None).document["name"] == "mended"


def test_a_damaged_pin_is_as_good_as_lost(person, home):
    store(home).put(f"review/{RUN}", b"{")
    assert reviewing.already(REQUEST, SOURCES, None) is None
    assert isinstance(reviewing._next(specified(), FINE, SOURCES, None), Shown)

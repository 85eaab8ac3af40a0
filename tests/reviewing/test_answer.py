"""What comes of a person's answer, without a server."""

import json

import pytest

from ai_data_engineer.reviewing import Shown, Verdict, as_text, corrected
from ai_data_engineer.specifying.provenance import Attempt, Provenance, Specified

SPEC = {"name": "orders", "sources": [{"id": "orders", "uri": "orders.csv"}], "steps": []}
GIVEN = SPEC["sources"]


def shown(**more):
    provenance = Provenance(attempts=(Attempt(provider="gemini"),))
    proposed = Specified(document=SPEC, provenance=provenance)
    return Shown(**{"proposed": proposed, "text": as_text(SPEC), "sources": ("a1",), **more})


def answer(decision="edit", text=""):
    return Verdict(decision=decision, specification=text)


def test_what_is_accepted_is_the_spec_that_was_shown():
    meant, findings = corrected(shown(), answer("accept"), GIVEN)
    assert (meant.document, findings) == (SPEC, ())
    assert (meant.provenance.provider, meant.provenance.reviewed) == ("gemini", "accepted")


@pytest.mark.parametrize("decision", ["accept", "edit"])
def test_a_text_that_was_changed_is_what_the_person_wants_whatever_they_chose(decision):
    meant, _ = corrected(shown(), answer(decision, as_text({**SPEC, "name": "mine"})), GIVEN)
    assert meant.document["name"] == "mine"
    assert (meant.provenance.provider, meant.provenance.reviewed) == ("gemini", "edited")


def test_other_white_space_is_no_edit():
    meant, _ = corrected(shown(), answer("accept", json.dumps(SPEC)), GIVEN)
    assert meant.provenance.reviewed == "accepted"


def test_an_edited_spec_that_is_accepted_in_a_later_round_stays_edited():
    first, _ = corrected(shown(), answer("edit", as_text({**SPEC, "name": "mine"})), GIVEN)
    later = shown(number=2, proposed=first, text=as_text(first.document))
    meant, _ = corrected(later, answer("accept"), GIVEN)
    assert meant.provenance.reviewed == "edited"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ('{"name": "orders",\n  oops}', "E_SPEC", "line 2, column 3"),
        ("[1, 2]", "E_SPEC", "a JSON object"),
        ("[" * 100_000, "E_SPEC", "nested too deeply"),
        ('{"n": ' + "1" * 5000 + "}", "E_SPEC", "too long"),
        (" " * 10 + "x" * 2_000_001, "E_SPEC", "longer than"),
        (
            as_text({**SPEC, "sources": [{"id": "orders", "uri": "/etc/passwd"}]}),
            "E_OTHER_SOURCES",
            "addresses",
        ),
        (as_text({**SPEC, "sources": []}), "E_OTHER_SOURCES", "addresses"),
    ],
    ids=["not JSON", "a list", "depth", "a long number", "length", "another file", "no source"],
)
def test_a_text_that_cannot_be_used_is_a_finding(text, code, says):
    meant, (finding,) = corrected(shown(), answer("edit", text), GIVEN)
    assert meant is None
    assert finding.code == code
    assert says in finding.message


def test_a_round_is_named_after_what_it_shows():
    keys = {
        shown().key,
        shown(number=2).key,
        shown(text="{}").key,
        shown(sources=("b2",)).key,
    }
    assert len(keys) == 4
    assert shown(note="again", calls=3).key == shown().key


def test_the_next_round_has_the_persons_own_text_and_another_name():
    first = shown()
    second = first.again("{oops", (), "It has errors.")
    assert (second.number, second.text) == (2, "{oops")
    assert second.key != first.key


def test_a_reviewed_spec_may_be_mended_by_the_person_and_another_attempt_is_not_reviewed():
    planned = Specified(
        document=SPEC, provenance=Provenance(attempts=(Attempt(provider="offline"),))
    )
    assert not planned.may_be_mended
    meant, _ = corrected(shown(proposed=planned), answer("accept"), GIVEN)
    assert meant.may_be_mended
    assert meant.provenance.with_attempt(Attempt(provider="offline")).reviewed is None

"""A repair replaces what is wrong and nothing else."""

from typing import Any

import pytest

from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.specifying.patching import patched, split, wrong_places


def step(step_id: str, takes: str = "orders", **more: Any) -> dict[str, Any]:
    return {"id": step_id, "op": "filter", "inputs": [takes], **more}


def output(output_id: str, takes: str) -> dict[str, Any]:
    return {"id": output_id, "input": takes, "format": "csv", "path": f"{output_id}.csv"}


DOCUMENT = {
    "name": "p",
    "steps": [step("a"), step("b", "a"), step("c", "b")],
    "outputs": [output("o", "c")],
    "expectations": [{"on": "a", "type": "x"}, {"on": "b", "type": "y"}],
}


def at(*pointers: str) -> list[Finding]:
    return [Finding(code="E_X", pointer=pointer, message="wrong") for pointer in pointers]


def mended(patch: dict[str, Any], *pointers: str) -> dict[str, Any]:
    return patched(DOCUMENT, patch, wrong_places(DOCUMENT, at(*pointers)))


def ids(document: dict[str, Any], part: str = "steps") -> list[str]:
    return [item["id"] for item in document[part]]


def test_what_is_wrong_is_told_from_what_stays() -> None:
    kept, failing = split(DOCUMENT, wrong_places(DOCUMENT, at("/steps/1/where", "/name")))
    assert ids(kept) == ["a", "c"]
    assert failing == {"name": "p", "steps": [DOCUMENT["steps"][1]]}


def test_a_finding_about_the_whole_asks_for_everything_anew() -> None:
    wrong = wrong_places({"name": "p"}, at(""))
    assert wrong.everything
    assert patched({"name": "p"}, {**DOCUMENT, "remove": ["x"]}, wrong) == DOCUMENT


def test_the_wrong_step_is_replaced_and_a_valid_one_is_not() -> None:
    patch = {"steps": [step("b", "a", where="new"), step("a", where="not asked for")]}
    result = mended(patch, "/steps/1/where")
    assert result["steps"] == [step("a"), step("b", "a", where="new"), step("c", "b")]
    assert result["outputs"] == DOCUMENT["outputs"]


def test_a_new_step_comes_in_before_the_first_that_was_wrong() -> None:
    patch = {"steps": [step("b", "n"), step("n", "a")]}
    assert ids(mended(patch, "/steps/1/where")) == ["a", "n", "b", "c"]


def test_a_wrong_step_can_be_taken_out_and_a_valid_one_cannot() -> None:
    assert ids(mended({"remove": ["b", "a"]}, "/steps/1")) == ["a", "c"]


def test_what_the_answer_passes_over_stays_as_it_was() -> None:
    assert mended({"steps": []}, "/steps/1") == DOCUMENT


@pytest.mark.parametrize("pointer", ["/outputs/0/path", "/outputs"])
def test_a_wrong_output_is_replaced_by_its_id_or_by_another(pointer: str) -> None:
    same, other = output("o", "b"), output("q", "c")
    assert mended({"outputs": [same]}, pointer)["outputs"] == [same]
    assert mended({"outputs": [other]}, pointer)["outputs"] == [other]


def test_an_output_whose_step_was_taken_out_may_be_written_anew() -> None:
    patch = {"remove": ["c"], "outputs": [output("o", "b")]}
    assert mended(patch, "/steps/2")["outputs"] == [output("o", "b")]


def test_a_valid_output_stays_whatever_the_answer_says() -> None:
    assert mended({"outputs": [output("o", "a")]}, "/steps/1")["outputs"] == DOCUMENT["outputs"]


def test_wrong_expectations_make_room_for_those_of_the_answer() -> None:
    new = {"on": "b", "type": "z"}
    result = mended({"expectations": [new, DOCUMENT["expectations"][0]]}, "/expectations/1/type")
    assert result["expectations"] == [DOCUMENT["expectations"][0], new]


def test_of_two_steps_with_one_id_the_later_one_is_the_wrong_one() -> None:
    document = {**DOCUMENT, "steps": [step("a"), step("a", where="x")]}
    wrong = wrong_places(document, at("/steps/1/id"))
    result = patched(document, {"steps": [step("a_2", where="x")]}, wrong)
    assert result["steps"] == [step("a"), step("a_2", where="x")]

"""Names in place of ids."""

import pytest

from deployments.recovery.references import named_in, with_ids, with_names

HERE = "11111111-1111-1111-1111-111111111111"
THERE = "22222222-2222-2222-2222-222222222222"
STRANGER = "33333333-3333-3333-3333-333333333333"
AUTOMATION = {
    "match": {"prefect.resource.id": f"prefect.deployment.{HERE}"},
    "actions": [{"deployment_id": HERE, "block_document_id": STRANGER}],
}


def test_an_automation_comes_to_another_server_with_that_servers_ids():
    named = with_names(AUTOMATION, {HERE: "deployment:generate/on-arrival"})

    assert named["actions"][0]["deployment_id"] == "⟦deployment:generate/on-arrival⟧"
    moved = with_ids(named, {"deployment:generate/on-arrival": THERE})
    assert moved["match"] == {"prefect.resource.id": f"prefect.deployment.{THERE}"}


def test_an_id_that_nobody_knows_stays():
    assert with_names(AUTOMATION, {}) == AUTOMATION


def test_what_is_referred_to_is_known_beforehand():
    assert named_in({"a": ["x⟦block:secret/a⟧y"], "⟦flow:generate⟧": 1}) == {
        "block:secret/a",
        "flow:generate",
    }


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="block:secret/a"):
        with_ids("⟦block:secret/a⟧", {})

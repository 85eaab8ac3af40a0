"""The block `s3` is asked for in a run, and once in it."""

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.io import s3_access
from blocks.object_store import ObjectStore
from tasks import object_store
from tasks.redaction import redact


@pytest.fixture
def block(monkeypatch):
    """What is saved: a block, None, or an error; and how often it was asked for."""
    found = {"block": None, "asked": 0}

    def load(name):
        assert name == "s3"
        found["asked"] += 1
        if isinstance(found["block"], Exception):
            raise found["block"]
        if found["block"] is None:
            raise ValueError("there is none")
        return found["block"]

    monkeypatch.setattr(ObjectStore, "load", load)
    object_store._of.cache_clear()
    yield found
    object_store._of.cache_clear()


def in_run(monkeypatch, number):
    monkeypatch.setenv("PREFECT__FLOW_RUN_ID", f"00000000-0000-0000-0000-00000000000{number}")


def of(key):
    return ObjectStore(access_key_id=SecretStr(key), secret_access_key=SecretStr("secretsecret"))


def test_outside_of_a_run_nobody_is_asked(block):
    assert s3_access.access() is None
    assert block["asked"] == 0


def test_keys_that_were_changed_are_seen_by_the_next_run_and_not_by_this_one(block, monkeypatch):
    in_run(monkeypatch, 1)
    block["block"] = of("first")
    assert s3_access.access().key == "first"
    block["block"] = of("second")
    assert s3_access.access().key == "first"
    in_run(monkeypatch, 2)
    assert s3_access.access().key == "second"
    assert block["asked"] == 2


def test_without_a_block_the_environment_counts(block, monkeypatch):
    in_run(monkeypatch, 1)
    assert s3_access.access() is None


def test_fields_that_were_emptied_in_the_form_are_not_set(block, monkeypatch):
    in_run(monkeypatch, 1)
    block["block"] = ObjectStore(
        access_key_id=SecretStr(""), region="", endpoint="", buckets=["", " shop "]
    )
    access = s3_access.access()
    assert (access.key, access.region, access.endpoint) == (None, None, None)
    assert access.buckets == ("shop",)


def test_a_server_that_does_not_say_is_no_leave_to_use_the_environment(block, monkeypatch):
    in_run(monkeypatch, 1)
    block["block"] = ConnectionError("http://server?api_key=hush")
    with pytest.raises(TransientError, match=r"^E_TRANSIENT block s3: ") as said:
        s3_access.access()
    assert "hush" not in str(said.value)


def test_a_block_that_does_not_fit_is_said(block, monkeypatch):
    in_run(monkeypatch, 1)
    block["block"] = RuntimeError("value 'hush' is wrong")
    with pytest.raises(ProviderError, match=r"^E_BLOCK block s3: "):
        s3_access.access()


def test_its_secrets_are_starred_in_logs(block, monkeypatch):
    in_run(monkeypatch, 1)
    block["block"] = of("AKIA-first")
    s3_access.access()
    assert "secretsecret" not in redact("a line with secretsecret in it")

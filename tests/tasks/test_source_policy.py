"""The block `source-policy` narrows what runs may read; outside of runs nobody is asked."""

from __future__ import annotations

import pytest
from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import BlockDocumentUpdate

from ai_data_engineer.io.access import check_access
from ai_data_engineer.io.isolation import isolated
from blocks.source_policy import SourcePolicy
from tasks import source_policy


@pytest.fixture(autouse=True)
def unknown(monkeypatch):
    """Nothing was looked up yet, and nothing is left behind."""
    monkeypatch.setenv("ADE_SOURCE_POLICY", "{}")
    monkeypatch.delenv("ADE_SOURCE_POLICY")
    monkeypatch.setattr(source_policy, "_looked", None)


def test_outside_of_a_run_no_server_is_asked(monkeypatch):
    monkeypatch.setattr(source_policy, "saved_policy", pytest.fail)
    assert check_access("/etc/hosts") is False


@flow
def reads(uri: str) -> bool:
    return check_access(uri)


@flow
def reads_in_a_task(uri: str) -> bool:
    return task(check_access, persist_result=False)(uri)


@flow
def reads_in_a_child(allowed: str, uri: str) -> bool:
    check_access(allowed)
    return isolated(check_access, uri)


@pytest.mark.server
@pytest.mark.usefixtures("server")
class TestOnAServer:
    @pytest.fixture
    def saved(self):
        SourcePolicy(buckets=["shop"]).save("source-policy", overwrite=True)
        yield
        SourcePolicy.delete("source-policy")

    def test_without_a_block_everything_is_allowed(self):
        assert reads("s3://other/a.csv") is False

    def test_flows_tasks_and_children_keep_to_the_block(self, saved):
        assert reads("s3://shop/a.csv") is True
        with pytest.raises(Exception, match=r"E_DENIED s3://other/a.csv: .*`source-policy`"):
            reads("s3://other/a.csv")
        with pytest.raises(Exception, match="E_DENIED"):
            reads_in_a_task("s3://other/a.csv")
        with pytest.raises(Exception, match="E_DENIED"):
            reads_in_a_child("s3://shop/a.csv", "s3://other/a.csv")

    def test_it_is_looked_up_anew_after_a_while(self, saved, monkeypatch):
        assert reads("s3://shop/a.csv")
        SourcePolicy(buckets=["other"]).save("source-policy", overwrite=True)
        assert reads("s3://shop/a.csv")
        monkeypatch.setattr(source_policy, "_SECONDS", 0)
        with pytest.raises(Exception, match=r"Allowed: other\."):
            reads("s3://shop/a.csv")

    def test_a_block_that_cannot_be_used_lets_nothing_through(self, saved):
        with get_client(sync_client=True) as client:
            document = client.read_block_document_by_name("source-policy", "source-policy")
            client.update_block_document(
                document.id, BlockDocumentUpdate(data={"hosts": ["https://sentinel.example"]})
            )
        with pytest.raises(Exception, match="E_BLOCK block source-policy") as caught:
            reads("/etc/hosts")
        assert "sentinel" not in str(caught.value)


def test_a_server_that_does_not_answer_lets_nothing_through(monkeypatch):
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    nowhere = {PREFECT_API_URL: "http://127.0.0.1:1/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with (
        temporary_settings(nowhere),
        pytest.raises(Exception, match="E_TRANSIENT block source-policy"),
    ):
        source_policy.saved_policy()

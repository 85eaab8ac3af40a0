"""The whole chain, in Prefect, on real files and a real server."""

import hashlib
import zipfile
from pathlib import Path
from uuid import UUID

import pytest

from ai_data_engineer.errors import AdeError, SourceError
from ai_data_engineer.requests import GenerateRequest

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home")]

GOAL = "only paid orders"
KEY = "AIzaSyFAKE-fake-fake-fake-fake-fake-0002"
REPEATED, SINGLE = "sentinel-often", "row-alone-4711"


def orders(amount="12.50"):
    rows = [
        f"{n},2024-01-{n % 28 + 1:02d},{n}.50,{'paid' if n % 3 else 'open'},b{n}"
        for n in range(1, 61)
    ]
    rows[30] = f"31,2024-01-09,{amount},paid,{SINGLE}"
    rows[40:50] = [f"{n},2024-02-01,5.00,paid,{REPEATED}" for n in range(41, 51)]
    return "\n".join(["order_id,ordered_on,amount,status,remark", *rows, ""])


@pytest.fixture
def generate(tmp_path):
    from flows.generate import generate_pipeline

    def run(source, **more):
        wanted = {"goal": GOAL, "provider": "offline", "output": tmp_path / "orders.zip", **more}
        return generate_pipeline(GenerateRequest(sources=[str(source)], **wanted))

    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("orders")


@pytest.fixture
def source(folder):
    """The same file at the same place, so that one test is served what another has made."""
    path = folder / "orders.csv"
    path.write_text(orders())
    return path


@pytest.fixture
def bundled(generate, source, folder):
    """A bundle of that source, and how to make it once more."""

    def again():
        return generate(source, output=folder / "orders.zip")

    return again(), again


def states(left, result):
    return [(name, state) for name, state, _ in left(result.run_id).tasks()]


STAGES = ("profile", "specify", "validate", "package")
FRESH = [("receive", "Completed"), *((stage, "Completed") for stage in STAGES)]
SERVED = [("receive", "Completed"), *((stage, "Cached") for stage in STAGES)]


def test_from_a_file_to_a_bundle_with_reports_and_events(bundled, left):
    result, _ = bundled  # the first in this file, so that nothing was served from the cache

    assert result.provider == "offline"
    assert hashlib.sha256(Path(result.bundle).read_bytes()).hexdigest() == result.sha256
    assert zipfile.ZipFile(result.bundle).testzip() is None
    assert states(left, result) == FRESH
    artifacts = left(result.run_id).artifacts()
    assert set(artifacts) >= {
        "progress", "profile-orders", "specification", "findings", "verification", "bundle",
    }  # fmt: skip
    assert "order\\_id" in artifacts["profile-orders"]
    assert "](data:image/svg+xml;base64," in artifacts["specification"]
    assert "](data:image/svg+xml;base64," in artifacts["profile-orders"]
    assert Path(result.bundle).as_uri() in artifacts["bundle"]
    assert set(left(result.run_id).events(last="ade.bundle.published")) == {
        "ade.source.received", "ade.profile.completed", "ade.spec.proposed", "ade.bundle.published",
    }  # fmt: skip


def test_the_same_content_is_served_from_the_cache_until_one_byte_changes(
    bundled, generate, source, left
):
    first, again = bundled
    assert states(left, again()) == SERVED

    source.write_text(orders(amount="12.51"))
    changed = generate(source)
    assert dict(states(left, changed))["profile"] == "Completed"
    assert dict(states(left, changed))["package"] == "Completed"
    assert changed.sha256 != first.sha256


def test_a_bundle_that_was_changed_is_made_anew_with_the_same_bytes(bundled):
    result, again = bundled
    Path(result.bundle).write_bytes(b"PK, but not ours")
    assert again().sha256 == result.sha256
    assert hashlib.sha256(Path(result.bundle).read_bytes()).hexdigest() == result.sha256


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "E_EMPTY"), (None, "E_NOT_FOUND"), (b"\x89PNG\r\n\x1a\n\0\0", "E_")]
)
def test_bad_input_fails_at_once_with_its_code_and_leaves_no_file(
    generate, tmp_path, left, content, code
):
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.sorting import FlowRunSort

    source = tmp_path / "bad.csv"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        generate(source)
    assert caught.value.code.startswith(code)
    assert not list(tmp_path.glob("*.zip*"))
    with get_client(sync_client=True) as client:
        run = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]
    assert run.state.is_failed()
    assert caught.value.code in run.state.message
    name, state, tries = left(str(run.id)).tasks()[-1]
    assert (name in ("receive", "profile"), state, tries) == (True, "Failed", 1)


def test_a_source_that_does_not_answer_for_a_moment_is_tried_again(generate, web, left, home):
    web.answers = [(503, b""), (503, b""), (200, orders().encode())]
    result = generate(f"{web.url}/orders.csv", output=None)
    name, state, tries = left(result.run_id).tasks()[0]
    assert (name, state) == ("receive", "Completed")
    assert tries > 1
    assert Path(result.bundle).parent == home / "bundles"


def test_a_model_that_refuses_is_fallen_back_from_without_a_trace_of_keys_or_cells(
    server, generate, source, web, monkeypatch
):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("ADE_GEMINI_BASE_URL", web.url)
    web.answers = [(403, b'{"error": {"message": "bad key"}}')]
    result = generate(source, provider="auto")
    assert (result.provider, result.fell_back) == ("offline", True)

    database = server.in_database(after_log=result.run_name)
    assert result.sha256.encode() in server.in_results()
    for text in (REPEATED, SINGLE, KEY):
        assert text.encode() not in database
    # A profile counts frequent values and keeps the least and the greatest; no row stands in it.
    for text in (SINGLE, KEY):
        assert text.encode() not in server.in_results()

    # What a model did not write is not kept: it is asked again.
    asked = web.asked
    assert generate(source, provider="auto").fell_back
    assert web.asked > asked > 0


def test_an_unforeseen_error_says_where_but_not_what(generate, tmp_path, monkeypatch):
    from tasks import profiling

    def broken(*args, **kwargs):
        raise RuntimeError(f"polars: could not parse {SINGLE}")

    monkeypatch.setattr(profiling, "profile_source", broken)
    source = tmp_path / "other.csv"
    source.write_text(orders(amount="0.07"))
    with pytest.raises(
        AdeError, match=r"E_INTERNAL .*: profile ended with a RuntimeError"
    ) as caught:
        generate(source)
    assert SINGLE not in str(caught.value)


def test_a_run_that_is_cancelled_between_its_stages_publishes_nothing(
    generate, tmp_path, monkeypatch
):
    import time

    from prefect.client.orchestration import get_client
    from prefect.runtime import flow_run
    from prefect.states import Cancelling

    from ai_data_engineer.specifying.job import Cancelled
    from flows import generate as module
    from tasks.cancelling import SECONDS_BETWEEN

    judge, runs = module.validate, []

    def cancel_and_judge(*args):
        runs.append(UUID(flow_run.id))
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(runs[0], Cancelling())
        time.sleep(SECONDS_BETWEEN)
        return judge(*args)

    monkeypatch.setattr(module, "validate", cancel_and_judge)
    source = tmp_path / "cancelled.csv"
    source.write_text(orders(amount="0.09"))
    with pytest.raises(Cancelled):
        generate(source)
    assert not list(tmp_path.glob("*.zip*"))
    with get_client(sync_client=True) as client:
        assert client.read_flow_run(runs[0]).state.is_cancelled()

"""Many sources on Dask's own processes: none harms another, and a second run does what is missing."""

import pytest

pytestmark = [
    pytest.mark.services,
    pytest.mark.usefixtures("server", "home"),
    pytest.mark.timeout(900),
    # Dask and Prefect are met in threads of Dask's, where a warning is no fault of the batch.
    pytest.mark.filterwarnings("default"),
]

ORDERS = "id,ordered_on,amount,status\n" + "".join(
    f"{n},2024-01-{n % 28 + 1:02d},{n}.50,{'paid' if n % 3 else 'open'}\n" for n in range(1, 61)
)


def test_work_that_crashes_hangs_or_fails_harms_no_other():
    from tests.flows.dask_work import endings

    ended = endings(["one", "kill", "two", "memory", "hang", "three"], seconds_each=30)
    assert ended == {
        "one": "one", "two": "two", "three": "three",
        "kill": "crashed", "memory": "crashed", "hang": "timed_out",
    }  # fmt: skip


def test_a_batch_that_is_cancelled_hands_out_no_more_work():
    from prefect import flow

    from tasks.fanning_out import cluster, fan_out
    from tests.flows.dask_work import end

    @flow
    def all_of_it():
        with cluster() as runner:
            works = iter(["hang"] * 1000)
            given_up = [
                one.given_up
                for one in fan_out(
                    runner, end, works, lambda how: {"how": how},
                    seconds_each=600, is_cancelled=lambda: True,
                )
            ]  # fmt: skip
            return given_up, len(list(works))

    given_up, left = all_of_it()
    assert set(given_up) == {"cancelled"}
    assert left == 1000 - len(given_up)


def test_a_cluster_that_is_not_there_is_said(monkeypatch):
    from ai_data_engineer.errors import AdeError
    from tasks import fanning_out

    monkeypatch.setenv("ADE_DASK_SCHEDULER", "tcp://127.0.0.1:1")
    monkeypatch.setattr(fanning_out, "_CLUSTER_WITHIN", 2)
    with pytest.raises(AdeError, match="E_DASK ADE_DASK_SCHEDULER"), fanning_out.cluster():
        pass


def test_bad_sources_fail_alone_and_a_second_run_does_what_is_missing(tmp_path, left):
    from ai_data_engineer.batching.request import BatchRequest
    from flows.batch import run_batch

    (tmp_path / "good.csv").write_text(ORDERS)
    (tmp_path / "bad.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    request = BatchRequest(
        sources=[f"{tmp_path}/*.csv", f"{tmp_path}/good.csv", f"{tmp_path}/none.csv"],
        goal="only paid orders",
        provider="offline",
    )
    state = run_batch(request, return_state=True)
    assert state.is_failed()
    assert state.message == "2 of 3 sources failed."
    result = state.result(raise_on_failure=False).result
    assert [(o.ending, o.code) for o in result.outcomes] == [
        ("failed", "E_BINARY"), ("done", None), ("failed", "E_NOT_FOUND"),
    ]  # fmt: skip
    assert result.repeated == 1
    made = left(result.outcomes[1].run_id).tasks()

    (tmp_path / "bad.csv").write_text(ORDERS.replace("amount", "sum"))
    (tmp_path / "none.csv").write_text(ORDERS.replace("amount", "total"))
    again = run_batch(request)
    assert again.endings == {"done": 3}
    assert again.outcomes[1].bundle == result.outcomes[1].bundle
    assert {s for n, s, _ in left(again.outcomes[1].run_id).tasks() if n != "receive"} == {"Cached"}
    assert {s for n, s, _ in made} == {"Completed"}

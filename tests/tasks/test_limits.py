import logging
import threading

import pytest
from prefect import flow, task

from tasks.limits import slot


def test_outside_of_a_task_nobody_is_asked(monkeypatch):
    monkeypatch.setattr("tasks.limits._is_limited", lambda name: pytest.fail("a server was asked"))
    with slot("ade-test"):
        pass


@pytest.mark.server
class TestOnAServer:
    @pytest.fixture
    def limit(self, server):
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate

        with get_client(sync_client=True) as client:
            client.create_global_concurrency_limit(
                GlobalConcurrencyLimitCreate(name="ade-test", limit=1)
            )
            yield lambda: client.read_global_concurrency_limit_by_name("ade-test").active_slots
            client.delete_global_concurrency_limit_by_name("ade-test")

    def test_a_slot_is_held_for_as_long_as_the_work_takes(self, limit):
        @task
        def work():
            with slot("ade-test"):
                return limit()

        @flow
        def run():
            return work()

        assert run() == 1
        assert limit() == 0

    def test_where_there_is_no_such_limit_the_work_is_done(self, server, caplog):
        @task
        def work():
            with slot("ade-nobody-made-it"):
                return "done"

        @flow
        def run():
            return work()

        assert run() == "done"
        assert "ade-nobody-made-it" not in caplog.text

    def test_an_error_of_the_work_is_the_works_own_and_gives_the_slot_back(self, limit):
        @task
        def work():
            with slot("ade-test"):
                raise ValueError("of the work")

        @flow
        def run():
            return work()

        with pytest.raises(ValueError, match="of the work"):
            run()
        assert limit() == 0

    def test_a_second_one_waits_for_the_first(self, limit):
        inside, most = [], []
        lock = threading.Lock()

        @task
        def work():
            with slot("ade-test"):
                with lock:
                    inside.append(1)
                    most.append(len(inside))
                limit()
                with lock:
                    inside.pop()

        @flow
        def run():
            for future in [work.submit() for _ in range(2)]:
                future.result()

        run()
        assert most == [1, 1]


def test_a_server_that_cannot_be_asked_stops_nobody(monkeypatch, caplog):
    def refuse(name):
        raise ConnectionError("no server, and this text is not for a log")

    monkeypatch.setattr("tasks.limits._is_limited", refuse)
    monkeypatch.setattr("tasks.limits.TaskRunContext.get", lambda: object())
    monkeypatch.setattr("tasks.limits.get_run_logger", logging.getLogger)
    with slot("ade-test"):
        pass
    assert "ConnectionError" in caplog.text
    assert "not for a log" not in caplog.text

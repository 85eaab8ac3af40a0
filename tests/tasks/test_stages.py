"""What `stages`, `caching`, `results` and `redaction` come to inside Prefect."""

import itertools

import pytest
from prefect import flow, task

from ai_data_engineer.errors import AdeError, SourceError, TransientError
from ai_data_engineer.spec.findings import Finding
from tasks.caching import ContentKey, from_cache_if
from tasks.redaction import guard_logs, redacted
from tasks.stages import KEPT

pytestmark = pytest.mark.server
SECRET = "AIzaSyFAKE-fake-fake-fake-fake-fake-0001"
CELL = "cell-value-4711"


def found(message):
    return Finding(code="E_X", pointer="", message=message)


def stage(function, **options):
    name = options.pop("name", function.__name__)
    return task(**{**KEPT, **options}, name=name, cache_policy=ContentKey())(redacted(function))


def test_a_stage_is_served_from_the_cache_for_the_same_content_only(server):
    calls = itertools.count(1)

    def measure(source: Finding) -> Finding:
        return found(f"{source.message}, call {next(calls)}")

    measured = stage(measure)

    @flow
    def run(text):
        return measured(found(text), return_state=True)

    first, again, other = run("a"), run("a"), run("b")
    assert [s.name for s in (first, again, other)] == ["Completed", "Cached", "Completed"]
    assert again.result() == first.result() == found("a, call 1")
    assert other.result() == found("b, call 2")


def test_a_cached_result_that_is_not_usable_any_more_is_made_anew(server):
    calls = itertools.count(1)

    def bundle(source: Finding) -> Finding:
        return found(str(next(calls)))

    bundled = stage(bundle)

    @flow
    def run(usable):
        return from_cache_if(lambda _: usable, bundled, found("x"))

    assert [run(usable).message for usable in (False, True, False, True)] == ["1", "1", "2", "2"]


def test_what_may_pass_is_tried_again_and_what_cannot_is_not(server):
    calls = {"shaky": 0, "broken": 0}

    def shaky(source: Finding) -> Finding:
        calls["shaky"] += 1
        if calls["shaky"] < 3:
            raise TransientError("503")
        return source

    def broken(source: Finding) -> Finding:
        calls["broken"] += 1
        raise SourceError("It is empty.", code="E_EMPTY", location="a.csv")

    quick = {"retry_delay_seconds": [0.01] * 4}

    @flow
    def run():
        stage(shaky, **quick)(found("x"))
        stage(broken, **quick)(found("x"))

    with pytest.raises(SourceError, match=r"E_EMPTY a\.csv: It is empty\."):
        run()
    assert calls == {"shaky": 3, "broken": 1}


def test_neither_data_nor_keys_get_into_prefects_database_results_or_logs(server):
    def convert(source: Finding) -> Finding:
        raise ValueError(f"cannot parse {CELL} with {SECRET}")

    @flow(persist_result=True)
    @redacted
    def run():
        guard_logs()
        from prefect import get_run_logger

        get_run_logger().info("this stage asks with %s", SECRET)
        stage(convert)(found("y"))

    with pytest.raises(AdeError, match="convert ended with a ValueError"):
        run()
    kept = server.in_database(after_log="this stage asks with") + server.in_results()
    assert b"this stage asks with ********" in kept
    assert b"convert ended with a ValueError" in kept
    assert CELL.encode() not in kept
    assert SECRET.encode() not in kept

import inspect
import itertools

import pytest
from prefect.client.schemas.objects import TaskRun
from prefect.states import Failed

from ai_data_engineer.errors import SilentError, SourceError, TransientError
from tasks.retrying import BACKOFF_SECONDS, RETRIES, is_transient


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (TransientError("503"), True),
        (SourceError("It is empty."), False),
        (ConnectionError("down"), False),
    ],
)
def test_only_what_may_pass_by_itself_is_tried_again(error, again):
    assert is_transient(None, None, Failed(data=error)) is again


@pytest.mark.parametrize(("runs", "again"), [(1, True), (2, False)])
def test_a_storage_that_keeps_silent_is_tried_once_more(runs, again):
    run = TaskRun(task_key="receive", dynamic_key="0", run_count=runs)
    assert is_transient(None, run, Failed(data=SilentError("silent"))) is again


def test_the_condition_is_a_plain_function_because_prefect_ignores_any_other():
    assert inspect.isfunction(is_transient)


def test_waits_double_and_there_is_one_for_each_retry():
    assert len(BACKOFF_SECONDS) == RETRIES
    assert all(b == 2 * a for a, b in itertools.pairwise(BACKOFF_SECONDS))

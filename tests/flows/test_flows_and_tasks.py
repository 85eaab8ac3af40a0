"""What every flow and every task of ours has to be, whoever adds the next one."""

import importlib
import inspect
from pathlib import Path

import pytest
from prefect import Flow, Task

from tasks.caching import ContentKey
from tasks.redaction import redacted
from tasks.results import RESULTS

MODULES = [
    importlib.import_module(".".join(path.with_suffix("").parts))
    for folder in ("flows", "tasks", "deployments")
    for path in Path(folder).rglob("[!_]*.py")
]


def every(kind):
    found = {
        f"{one.fn.__module__}.{one.fn.__name__}": one
        for module in MODULES
        for one in vars(module).values()
        if isinstance(one, kind)
    }
    return pytest.mark.parametrize("one", found.values(), ids=found)


def layers(function):
    """Return the function with all that it is wrapped in."""
    while function is not None:
        yield function
        function = getattr(function, "__wrapped__", None)


REDACTED = redacted(lambda: None).__code__


def is_redacted(one):
    return any(layer.__code__ is REDACTED for layer in layers(one.fn))


@every(Flow)
def test_no_text_of_a_foreign_error_comes_out_of_a_flow(one):
    assert is_redacted(one)


@every(Task)
def test_no_text_of_a_foreign_error_comes_out_of_a_task(one):
    assert is_redacted(one)


@every(Flow)
def test_what_a_flow_keeps_is_json_of_our_own_classes(one):
    # A pickle runs code when it is read, and errors are kept as well as results.
    assert one.persist_result is False or one.result_serializer is RESULTS


@every(Task)
def test_a_task_is_kept_by_its_content_as_json_of_our_own_classes_or_not_at_all(one):
    # Left to Prefect it is kept as a pickle wherever a default says so, and two tasks that are
    # given the same share a key.
    if one.persist_result is not False:
        assert isinstance(one.cache_policy, ContentKey)
        assert one.result_serializer is RESULTS


@every(Flow)
def test_hooks_are_plain_functions_of_the_three_names_that_prefect_calls_them_with(one):
    hooks = [
        *(one.on_cancellation_hooks or []), *(one.on_crashed_hooks or []),
        *(one.on_failure_hooks or []), *(one.on_completion_hooks or []),
        *(one.on_running_hooks or []),
    ]  # fmt: skip
    assert one.on_cancellation_hooks
    assert one.on_crashed_hooks
    for hook in hooks:
        assert inspect.isfunction(hook)
        assert [*inspect.signature(hook).parameters] == ["flow", "flow_run", "state"]


@every(Task)
def test_nothing_is_published_by_a_hook_whose_error_prefect_would_swallow(one):
    assert not one.on_commit_hooks


@every(Task)
def test_no_lock_and_no_key_outlives_a_run_that_is_killed(one):
    policy = one.cache_policy
    assert (policy.key_storage, policy.isolation_level, policy.lock_manager) == (None, None, None)

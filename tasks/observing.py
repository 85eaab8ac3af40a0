"""What makes a flow seen: its figures reach the store when it ends, however it ends."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect.runtime import flow_run

from tasks import measuring, tracing

P = ParamSpec("P")
R = TypeVar("R")


def observed(flow: Callable[P, R]) -> Callable[P, R]:
    """Stand between `@flow` and `@redacted` of every flow.

    A run that is suspended ends here too, and begins anew when it goes on.
    """
    # A tracer has to be there before Prefect makes the run's span.
    tracing.set_up()

    @functools.wraps(flow)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        tracing.name_run(flow_run.flow_name or flow.__name__)
        try:
            return flow(*args, **kwargs)
        finally:
            measuring.finish()

    run.is_observed = True  # type: ignore[attr-defined]
    return run

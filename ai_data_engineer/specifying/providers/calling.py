"""Runs an SDK over an exchange and finds out what of its errors is the service's doing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from ai_data_engineer.specifying.providers.failures import Service, failed
from ai_data_engineer.specifying.providers.protocol import Failure
from ai_data_engineer.specifying.providers.streams import WireFailure
from ai_data_engineer.specifying.providers.wire import Exchange, Response

_DATA_ERRORS = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What SDKs raise over a response that they did not expect, or a request they cannot build."""


def call(
    exchange: Exchange,
    service: Service,
    ask: Callable[[], object],
    sdk_errors: tuple[type[Exception], ...],
) -> Response:
    """Let the SDK ask, and return the response, whatever its status and the SDK's opinion of it.

    Only the SDK's own errors are taken for such: a cancellation, a time-out of a run or a signal
    that is raised into this thread meanwhile goes on as it is.

    Raises:
        ModelError: there is no response, or the SDK cannot build the request (BAD_REQUEST).
    """
    theirs: tuple[type[Exception], ...] = (WireFailure, *sdk_errors, *_DATA_ERRORS)
    with suppress(*theirs):
        exchange.prepare()
        ask()
    if exchange.failure is not None:
        raise failed(exchange.failure.failure, service, hint=exchange.failure.hint)
    if exchange.response is None:
        raise failed(
            Failure.BAD_REQUEST, service, hint="Its package could not put the request together."
        )
    return exchange.response

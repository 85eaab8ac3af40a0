"""What headers say of waiting, and what a status means by itself."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest

from ai_data_engineer.specifying.providers.failures import by_status, failed, retry_after
from ai_data_engineer.specifying.providers.google_form import GEMINI
from ai_data_engineer.specifying.providers.protocol import Failure, Usage
from ai_data_engineer.specifying.providers.wire import Response

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "Sun, 01 Mar 2026 12:01:30 GMT"}, 90.0),
        ({"retry-after": "Sun, 01 Mar 2026 14:01:30 +0200"}, 90.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Sun, 99 Mar 2026"}, None),
        ({"retry-after": "2", "retry-after-ms": "1250"}, 1.25),
        ({"retry-after": "2", "retry-after-ms": "soon"}, 2.0),
        ({}, None),
    ],
    ids=str,
)
def test_the_wait_in_headers_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(Response(429, headers, b""), NOW) == seconds


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Failure.BAD_REQUEST),
        (401, Failure.KEY_REFUSED),
        (402, Failure.BUSY),
        (403, Failure.KEY_REFUSED),
        (404, Failure.UNKNOWN_MODEL),
        (407, Failure.UNREACHABLE),
        (408, Failure.TIMEOUT),
        (413, Failure.BAD_REQUEST),
        (422, Failure.BAD_REQUEST),
        (429, Failure.BUSY),
        (499, Failure.UNAVAILABLE),
        (500, Failure.UNAVAILABLE),
        (529, Failure.UNAVAILABLE),
        (418, Failure.UNEXPECTED),
    ],
)
def test_a_status_has_a_meaning(status: int, failure: Failure) -> None:
    assert by_status(status) is failure


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_is_one_line_that_says_what_and_crosses_processes(failure: Failure) -> None:
    error = failed(failure, GEMINI, model="m", retry_after=1.5, usage=Usage(input_tokens=3))
    assert str(error).startswith(f"{error.code} ")
    assert str(error).endswith(".")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.failure, again.retry_after, again.usage) == (
        str(error),
        failure,
        1.5,
        Usage(input_tokens=3),
    )

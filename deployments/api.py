"""Prefect's API as it is: documents in, documents out, nothing lost on the way through a model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectHTTPStatusError

from ai_data_engineer.errors import AdeError

PAGE = 200
"""The most that the server gives at once."""

Json = dict[str, Any]


class ServerError(AdeError):
    """Prefect's server does not do what it is asked for."""

    code = "E_SERVER"


class Api:
    """Requests to the server that PREFECT_API_URL names; each raises ServerError."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def get(self, path: str) -> Json | None:
        """Return what lies at the path, None where there is nothing."""
        answer = self._ask("GET", path, missing=True)
        return None if answer is None else dict(answer.json())

    def post(self, path: str, body: Json) -> Json:
        """Create something, and return it."""
        return dict(self._checked("POST", path, json=body).json())

    def patch(self, path: str, body: Json) -> None:
        """Change something."""
        self._checked("PATCH", path, json=body)

    def put(self, path: str, body: Json) -> None:
        """Put something in the place of what was there."""
        self._checked("PUT", path, json=body)

    def delete(self, path: str) -> None:
        """Remove something; none is no error."""
        self._ask("DELETE", path, missing=True)

    def count(self, path: str, **body: Any) -> int:
        """Return how many there are."""
        return int(self._checked("POST", path, json=body).json())

    def all(self, path: str, **body: Any) -> Iterator[Json]:
        """Yield everything that a filter finds, page by page."""
        offset = 0
        while True:
            page = self._checked("POST", path, json={**body, "limit": PAGE, "offset": offset})
            found = page.json()
            yield from found
            if len(found) < PAGE:
                return
            offset += PAGE

    def _checked(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = self._ask(method, path, **options)
        assert answer is not None
        return answer

    def _ask(
        self, method: str, path: str, *, missing: bool = False, **options: Any
    ) -> httpx.Response | None:
        try:
            answer: httpx.Response = self._client.request(method, path, **options)
        except PrefectHTTPStatusError as error:
            status = error.response.status_code
            if missing and status == 404:
                return None
            # The server's text is left out: it may quote what it was sent.
            problem = ServerError(
                f"The server answers {status} to {method} {path}.", hint=_hint(status, path)
            )
        except httpx.HTTPError as error:
            problem = ServerError(
                f"The server does not answer ({type(error).__name__}).",
                hint="Check that it runs, and PREFECT_API_URL.",
            )
        else:
            return answer
        raise problem


def _hint(status: int, path: str) -> str:
    if status in (401, 403):
        return "Set PREFECT_API_AUTH_STRING to what the server wants."
    if status == 500 and path.startswith("/block_documents"):
        return (
            "Was it started with another PREFECT_SERVER_ENCRYPTION_KEY than its blocks were saved "
            "with? Then its log says InvalidToken; start it with the one of before."
        )
    return "Look into the server's log; does its version fit this one's?"


@contextlib.contextmanager
def server_api() -> Iterator[Api]:
    """Connect to the server; raises ServerError."""
    try:
        client = get_client(sync_client=True)
        opened = client.__enter__()
    except (httpx.HTTPError, RuntimeError) as error:
        problem = ServerError(
            f"There is no server to speak to ({type(error).__name__}).",
            hint="Start it, and set PREFECT_API_URL.",
        )
    else:
        try:
            yield Api(opened)
        finally:
            client.__exit__(None, None, None)
        return
    raise problem

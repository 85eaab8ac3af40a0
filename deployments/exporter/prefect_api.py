"""Questions to Prefect's server, each answered or given up within seconds."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
from prefect.settings import get_current_settings

PATIENCE = 3.0
"""Seconds for one answer; Prefect's own client would try again for a minute."""


class PrefectApi:
    """The server that PREFECT_API_URL names, with its credentials. Threads may share it."""

    def __init__(self, url: str, auth: tuple[str, str] | None = None, key: str = "") -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            auth=auth,
            headers=headers,
            timeout=PATIENCE,
            verify=_certificates(),
        )

    @classmethod
    def of_settings(cls) -> PrefectApi | None:
        """Return the server of Prefect's settings; None where no URL is set."""
        api = get_current_settings().api
        if not api.url:
            return None
        login = api.auth_string.get_secret_value() if api.auth_string else ""
        user, _, password = login.partition(":")
        return cls(
            api.url,
            (user, password) if user else None,
            api.key.get_secret_value() if api.key else "",
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str) -> Any:
        """Return the answer to GET; raises httpx.HTTPError, also for an answer that is an error."""
        return self._answer(self._client.get(path))

    def post(self, path: str, wanted: dict[str, Any]) -> Any:
        """Return the answer to POST; raises httpx.HTTPError as `get` does."""
        return self._answer(self._client.post(path, json=wanted))

    def _answer(self, reply: httpx.Response) -> Any:
        reply.raise_for_status()
        return reply.json()


def _certificates() -> ssl.SSLContext | bool:
    api = get_current_settings().api
    if api.tls_insecure_skip_verify:
        return False
    return ssl.create_default_context(cafile=api.ssl_cert_file)

"""Serve figures and readiness: `python -m deployments.exporter --port 9108`."""

from __future__ import annotations

import signal
from functools import partial
from typing import Annotated

import typer
from prefect.settings import (
    PREFECT_API_REQUEST_TIMEOUT,
    PREFECT_CLIENT_MAX_RETRIES,
    temporary_settings,
)

from ai_data_engineer.errors import AdeError
from ai_data_engineer.settings import load_settings
from ai_data_engineer.stores.protocol import Store
from deployments.exporter import checks, figures
from deployments.exporter.ended_runs import EndedRuns
from deployments.exporter.looking import Look, Looks, Seen
from deployments.exporter.prefect_api import PATIENCE, PrefectApi
from deployments.exporter.serving import serve
from tasks.stores import shared_store


def main(
    host: Annotated[str, typer.Option(help="Where to listen; there is no login.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 9108,
    pool: Annotated[
        list[str] | None, typer.Option(help="Pools that need a worker; else those in use.")
    ] = None,
) -> None:
    """Serve /metrics, /ready and /health until stopped."""
    try:
        api = PrefectApi.of_settings()
        looks = looks_for(api, tuple(pool or ()))
        server = serve(looks, host, port)
    except AdeError as error:
        raise SystemExit(str(error)) from None
    except OSError as error:
        problem = f"E_PORT {host}:{port} cannot be listened at ({error.strerror}); name another."
        raise SystemExit(problem) from None
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    typer.echo(f"Serving http://{host}:{port}/metrics, /ready and /health")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
        if api is not None:
            api.close()


def looks_for(api: PrefectApi | None, pools: tuple[str, ...] = ()) -> Looks:
    """Return the looks that apply to how this process is configured.

    Raises SettingsError: a setting cannot be used, or no server is named.
    """
    load_settings()
    if api is None:
        raise AdeError(
            "No Prefect server is named.",
            code="E_SETTING",
            location="PREFECT_API_URL",
            hint="Set it, for example to http://127.0.0.1:4200/api.",
        )
    looks: dict[str, Look] = {
        "server": partial(checks.server, api),
        "events": partial(checks.events, api),
        "workers": partial(checks.workers, api, pools),
        "runs": partial(checks.runs, api),
        "store": lambda: checks.store(_store()),
        "results": checks.results,
        "disk": checks.disk,
        "figures": lambda: figures.of_store(_store()),
        "ended runs": _Ended(api),
        "budget": lambda: figures.budget(_store(), load_settings()),
    }
    if checks.has_messaging():
        looks["messaging"] = checks.messaging
    return Looks(looks)


class _Ended:
    def __init__(self, api: PrefectApi) -> None:
        self._api = api
        self._runs: EndedRuns | None = None

    def __call__(self) -> Seen:
        self._runs = self._runs or EndedRuns(self._api, _store())
        return Seen(figures=self._runs.count(), detail="counted")


def _store() -> Store:
    # The block that may name it is asked for once; Prefect's client would try for a minute.
    quick = {PREFECT_API_REQUEST_TIMEOUT: PATIENCE, PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(quick):
        return shared_store()


if __name__ == "__main__":
    typer.run(main)

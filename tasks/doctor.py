"""What `ade doctor` sees of Prefect: the blocks that are looked for."""

from __future__ import annotations

from prefect.settings import (
    PREFECT_API_REQUEST_TIMEOUT,
    PREFECT_CLIENT_MAX_RETRIES,
    temporary_settings,
)

from ai_data_engineer.doctor.check import Check, broken
from ai_data_engineer.doctor.configuration import Configuration, of_environment
from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings
from tasks import object_store
from tasks.credentials import configured
from tasks.reporting import configured as errors_reported
from tasks.server_checks import PATIENCE, server_checks
from tasks.stores import shared_store


def configuration(settings: Settings) -> Configuration:
    """Return what is said of models, blocks before environment, and checks of the blocks."""
    quick = {PREFECT_API_REQUEST_TIMEOUT: PATIENCE, PREFECT_CLIENT_MAX_RETRIES: 0}
    try:
        with temporary_settings(quick):
            known, sdk = configured(settings)
    except ProviderError as error:
        return of_environment(settings, [broken(error.location, error), *server_checks()])
    except Exception as error:  # noqa: BLE001 - whatever ails the server, the doctor goes on
        problem = (
            f"the server did not give its blocks ({type(error).__name__}); look into its logs, "
            "and check PREFECT_API_AUTH_STRING where it wants one"
        )
        return of_environment(settings, [Check("blocks", "broken", problem), *server_checks()])
    found = sorted({a.origin for a in known.values()} - {"the environment"})
    told = (
        Check("blocks", "ok", f"{' and '.join(found)}, before the environment")
        if found
        else Check("blocks", "missing", "none named `gemini` or `openai`; the environment counts")
    )
    checks = [told, *server_checks()]
    try:
        with temporary_settings(quick):
            reporting = errors_reported()
    except ProviderError:  # said among the blocks
        reporting = None
    origin = "the block `errors`, or ADE_SENTRY_DSN"
    dsn = reporting.dsn if reporting else None
    s3 = object_store.from_block
    return Configuration(known, sdk, shared_store, checks, dsn, origin, s3)

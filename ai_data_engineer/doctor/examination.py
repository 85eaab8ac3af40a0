"""All checks in their order; what needs the network runs side by side."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ai_data_engineer.doctor import machine, models, state, surroundings
from ai_data_engineer.doctor.check import Check
from ai_data_engineer.doctor.configuration import of_environment
from ai_data_engineer.errors import SettingsError
from ai_data_engineer.io.s3_access import asking
from ai_data_engineer.settings import load_settings


def examine() -> list[Check]:
    """Return every check; none raises, none shows a key, none costs anything.

    Keys are sent to the services that they are for.
    """
    local = [machine.python()]
    last = [*machine.engines(), machine.sandbox()]
    try:
        settings = load_settings()
    except SettingsError as error:
        return [*local, Check("settings", "broken", error.message), *last, machine.server()]

    server = machine.server()
    if server.state == "ok":
        # By name: the core does not depend on the tasks that are built on it.
        said = importlib.import_module("tasks.doctor").configuration(settings)
    else:
        said = of_environment(settings)
    work = models.services(settings, said.known, said.sdk)
    with asking(said.s3):
        asked = _side_by_side(
            [
                *work,
                lambda: state.shared(settings, said.open_store),
                lambda: surroundings.dask(settings),
                surroundings.tracing,
                lambda: surroundings.bundles(settings),
            ]
        )
    return [
        *local,
        *machine.places(settings),
        *surroundings.disks(settings),
        surroundings.policy(settings),
        *models.author(settings, said.known, said.sdk),
        *models.record(settings),
        *asked,
        surroundings.reporting(said.sentry_dsn, said.sentry_origin),
        *last,
        server,
        *said.blocks,
    ]


def _side_by_side(work: list[Callable[[], list[Check]]]) -> list[Check]:
    with ThreadPoolExecutor(max_workers=max(1, len(work))) as pool:
        return [check for done in pool.map(lambda one: one(), work) for check in done]

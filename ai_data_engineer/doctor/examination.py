"""All checks in their order; what needs the network runs side by side."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ai_data_engineer.doctor import machine, models, state
from ai_data_engineer.doctor.check import Check
from ai_data_engineer.errors import SettingsError
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.author import from_environment


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
    known, sdk, blocks = from_environment(settings), "gemini", list[Check]()
    if server.state == "ok":
        # By name: the core does not depend on the tasks that are built on it.
        known, sdk, blocks = importlib.import_module("tasks.doctor").saved_blocks(settings)
    asked = _side_by_side([*models.services(settings, known, sdk), lambda: state.shared(settings)])
    return [
        *local,
        *machine.places(settings),
        models.author(settings, known, sdk),
        *models.record(settings),
        *asked,
        *last,
        server,
        *blocks,
    ]


def _side_by_side(work: list[Callable[[], list[Check]]]) -> list[Check]:
    with ThreadPoolExecutor(max_workers=max(1, len(work))) as pool:
        return [check for done in pool.map(lambda one: one(), work) for check in done]

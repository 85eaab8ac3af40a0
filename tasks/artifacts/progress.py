"""How far a run is."""

from __future__ import annotations

import time
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.logging import get_run_logger

from ai_data_engineer.io.addresses import file_name, redact
from ai_data_engineer.profiling.full.progress import Progress as Read
from tasks.artifacts.markdown import key

_SECONDS_BETWEEN = 2.0
"""How often a reader says how far it has come; each time is a request to the server."""


class Progress:
    """A bar among the artifacts of a run; calling it moves the bar and logs what comes next."""

    def __init__(self, first: str) -> None:
        self._log = get_run_logger()
        self._id = UUID(str(create_progress_artifact(0.0, key="progress", description=first)))
        self._log.info(first)

    def __call__(self, percent: float, now: str) -> None:
        """Move the bar to `percent`; `now` says what is being done from here on."""
        update_progress_artifact(self._id, progress=percent, description=now)
        self._log.info(now)


class Reading:
    """A bar `reading-<name>` for a source that is read whole; told each piece."""

    def __init__(self, uri: str) -> None:
        name, self._moved = file_name(uri), float("-inf")
        self._id = UUID(
            str(
                create_progress_artifact(
                    0.0, key=key("reading", name), description=f"Reading {redact(uri)}"
                )
            )
        )

    def __call__(self, read: Read) -> None:
        """Move the bar to how much of the source was read, at most every other second."""
        now = time.monotonic()
        if not read.total_bytes or now - self._moved < _SECONDS_BETWEEN:
            return
        self._moved = now
        passes = ", again for some columns" if read.again else ""
        update_progress_artifact(
            self._id,
            progress=min(100.0, 100 * read.bytes_read / read.total_bytes),
            description=f"{read.records:,} records read{passes}",
        )

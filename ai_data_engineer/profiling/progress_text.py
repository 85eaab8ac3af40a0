"""Progress of a full profile for people: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from ai_data_engineer.profiling.full.progress import Observer, Progress

_SECONDS_BETWEEN_LINES = 5.0


@contextlib.contextmanager
def told(console: Console, what: str) -> Iterator[Observer]:
    """Show how far the profile of a source, called `what`, has come; nothing is left behind."""
    if not console.is_terminal:
        yield _Lines(console, what).tell
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[records]:,} records"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None, records=0)

        def tell(progress: Progress) -> None:
            bar.update(
                task,
                description=f"{what}, again" if progress.again else what,
                total=progress.total_bytes,
                completed=progress.bytes_read,
                records=progress.records,
            )

        yield tell


class _Lines:
    """Writes a line every few seconds."""

    def __init__(self, console: Console, what: str) -> None:
        self._console = console
        self._what = what
        self._last = time.monotonic()

    def tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._last = now
        total = f" of {decimal(progress.total_bytes)}" if progress.total_bytes else ""
        again = " again" if progress.again else ""
        self._console.print(
            f"{self._what}: read{again} {decimal(progress.bytes_read)}{total}, "
            f"{progress.records:,} records.",
            markup=False,
            soft_wrap=True,
        )

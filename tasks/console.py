"""A console that may go away: a worker that is killed takes the pipe of its runs' logs with it."""

from __future__ import annotations

import logging
from contextlib import suppress

from prefect.logging.handlers import PrefectConsoleHandler


class LastingConsoleHandler(PrefectConsoleHandler):
    """Prefect's console handler, for runs that outlive the worker that reads what they print.

    Rich meets a pipe that nobody reads any more with `SystemExit`, as a command line tool does: the
    run would crash at its next log line, though its process and all that it needs are well. Here
    the console falls silent instead; what is logged still goes to the server.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record, unless there is nobody left to read it."""
        with suppress(SystemExit):  # Rich has turned the console quiet before it raises
            super().emit(record)

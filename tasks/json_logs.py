"""Logs for machines: one JSON object a line, with the ids that a search begins with.

Prefect's own JSON form dumps the whole record, an error's text and the machine's paths with it.
Standard library only: the logging configuration imports this module.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime

SWITCH = "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER"
"""The variable that has the console speak JSON."""
_IDS = {
    "flow": "flow_name",
    "flow_run_id": "flow_run_id",
    "task": "task_name",
    "task_run_id": "task_run_id",
    "worker": "worker_name",
    "work_pool": "work_pool_name",
}
"""Our field → the record's attribute, as Prefect's loggers set it."""


class JsonLines(logging.Formatter):
    """Formats what the filter `redact` has gone over; `message` is always there, in one line.

    Fields: `time` (UTC), `level`, `logger`, `message`, `process`; of a run `flow`, `flow_run_id`,
    `task`, `task_run_id`; of a key event `event`, `source_id` and `counts`; of an error `error`
    (its code or kind) and `traceback`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        for field, attribute in _IDS.items():
            value = getattr(record, attribute, None)
            if value not in (None, "", "<unknown>"):
                fields[field] = str(value)
        fields |= getattr(record, "ade", {})
        if error := getattr(record, "error", None):
            fields["error"] = error
        if record.exc_text:
            fields["traceback"] = record.exc_text
        return json.dumps(fields, ensure_ascii=False, default=lambda value: type(value).__name__)


def as_the_console(text: str, datefmt: str) -> logging.Formatter:
    """Return the formatter of a handler that goes by the console's switch."""
    if os.environ.get(SWITCH) == "json":
        return JsonLines()
    return logging.Formatter(text, datefmt)

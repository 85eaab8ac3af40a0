"""The key events of a run in its log: what happened, how many, how long it took.

In JSON logs they are fields that one can search for. Numbers, codes and words of ours: nothing
that a source, a person or a model named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from prefect.exceptions import MissingContextError
from prefect.logging import get_run_logger

from tasks import tracing

_WORDS = {"provider", "format", "decision", "stage", "size"}
"""Fields whose text is a word of ours."""
_CODE = re.compile(r"[EWFS]_[A-Z0-9_]{1,60}")


def log(event: str, payload: Mapping[str, Any], source: str | None = None) -> None:
    """Log an event with what may be said of it; `source` is the id of a source's content."""
    said = {name: _shown(name, value) for name, value in payload.items()}
    said = {name: value for name, value in said.items() if value is not None}
    fields = {"event": event, **({"source_id": source} if source else {}), "counts": said}
    tracing.add_event(event, said, source)
    try:
        logger = get_run_logger()
    except MissingContextError:
        return
    text = " ".join(f"{name}={value}" for name, value in said.items() if value != [])
    logger.info("%s %s", event, text, extra={"ade": fields})


def stage_done(stage: str, seconds: float, size: str) -> None:
    """Log that a stage was executed."""
    log("ade.stage.completed", {"stage": stage, "seconds": round(seconds, 3), "size": size})


def _shown(name: str, value: Any) -> Any:
    match value:
        case bool() | int() | float():
            return value
        case str():
            return value if name in _WORDS else None
        case list() | tuple():
            codes = [item.get("code") if isinstance(item, Mapping) else item for item in value]
            return [code for code in codes if isinstance(code, str) and _CODE.fullmatch(code)]
    return None

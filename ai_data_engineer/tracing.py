"""Spans of the core's own stages, for whoever traces a run; without a collector they cost nothing.

Attributes are counts and words of ours, never a name or a value from a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""The variable that names the collector, as OpenTelemetry has it."""


class Span:
    """What can be said of a stage that is under way."""

    def __init__(self, span: Any = None) -> None:
        self._span = span

    def note(self, **attributes: str | int | float | bool | None) -> None:
        """Add attributes; what is None is left out."""
        if self._span is not None:
            said = {f"ade.{name}": v for name, v in attributes.items() if v is not None}
            self._span.set_attributes(said)


@contextmanager
def span(name: str, **attributes: str | int | float | bool | None) -> Iterator[Span]:
    """Make a span within that of the run; an error is noted by its kind and code alone."""
    if not os.environ.get(ENDPOINT):
        yield Span()
        return
    try:
        from opentelemetry import trace
    except ImportError:
        yield Span()
        return
    tracer = trace.get_tracer("ai_data_engineer")
    with tracer.start_as_current_span(
        name, record_exception=False, set_status_on_exception=False
    ) as made:
        noted = Span(made)
        noted.note(**attributes)
        try:
            yield noted
        except BaseException as error:
            noted.note(error=getattr(error, "code", type(error).__name__))
            made.set_status(trace.StatusCode.ERROR)
            raise

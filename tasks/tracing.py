"""A trace of a run: Prefect makes spans of flows and tasks once somebody takes them.

Taken by an OpenTelemetry collector that OTEL_EXPORTER_OTLP_ENDPOINT names; without it nothing of
this is even imported. What leaves is an allow-list: Prefect's own spans carry the names of runs,
which are those of files, and the texts and tracebacks of errors.
"""

from __future__ import annotations

import atexit
import os
import re
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ai_data_engineer import __version__
from ai_data_engineer.errors import SettingsError
from ai_data_engineer.tracing import ENDPOINT

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

EXPORT_SECONDS = 1.0
"""For one attempt to reach the collector, tries and waits included."""
SILENT_SECONDS = 30.0
"""For which a collector that did not answer is not tried again; spans are lost meanwhile."""
SEND_EVERY = 1.0
"""Seconds between two batches, so that little is lost with a process that is killed."""
_KEPT = re.compile(
    r"ade\.[a-z_.]+|prefect\.(run\.(id|type)|flow\.(id|name|run\.id|run-id)|flow-run-id|"
    r"deployment\.(id|name)|task\.run-id|state\.(type|name|id))|exception\.type"
)


def set_up() -> None:
    """Send spans to the collector from here on, if one is named; safe to call again.

    Raises SettingsError: one is named, and the packages are not installed.
    """
    if not os.environ.get(ENDPOINT):
        return
    from opentelemetry import trace

    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return  # whoever runs this has set up their own
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise SettingsError(
            f"{ENDPOINT} is set and the packages for tracing are not installed.",
            hint=f'Run pip install "ai-data-engineer[tracing]", or unset {ENDPOINT}.',
        ) from None
    named = {"service.name": os.environ.get("OTEL_SERVICE_NAME") or "ai-data-engineer"}
    provider = TracerProvider(
        resource=Resource.create({**named, "service.version": __version__}),
        shutdown_on_exit=False,
    )
    exporter = scrubbing(OTLPSpanExporter(timeout=EXPORT_SECONDS))
    provider.add_span_processor(
        BatchSpanProcessor(exporter, schedule_delay_millis=1000 * SEND_EVERY)
    )
    _link(provider)
    trace.set_tracer_provider(provider)
    # At the end of the process: of a run, or when it is suspended, for Prefect ends the run's
    # span only after the flow has returned.
    atexit.register(provider.shutdown)


def _link(provider: TracerProvider) -> None:
    """Have a task in another process find its run's span.

    Prefect looks for the parent once the task's own context is there, and finds the task itself;
    within one process OpenTelemetry's current span makes up for it.
    """
    from opentelemetry import trace
    from opentelemetry.propagate import extract
    from prefect.context import FlowRunContext
    from prefect.telemetry.run_telemetry import LABELS_TRACEPARENT_KEY, TRACEPARENT_KEY

    get_tracer = provider.get_tracer

    def linked(*args: Any, **kwargs: Any) -> Any:
        tracer = get_tracer(*args, **kwargs)
        start = tracer.start_span

        def start_span(name: str, context: Any = None, *more: Any, **options: Any) -> Any:
            run = FlowRunContext.get()
            if context is None and not trace.get_current_span().get_span_context().is_valid:
                labels = run.flow_run.labels if run and run.flow_run else {}
                if parent := labels.get(LABELS_TRACEPARENT_KEY):
                    context = extract({TRACEPARENT_KEY: str(parent)})
            return start(name, context, *more, **options)

        tracer.start_span = start_span  # type: ignore[method-assign]
        return tracer

    provider.get_tracer = linked  # type: ignore[method-assign]


def name_run(flow: str) -> None:
    """Tell the run's span whose it is, and the run's tasks in other processes where they belong.

    The span is named after the flow, and not after a file.
    """
    if not os.environ.get(ENDPOINT):
        return
    from opentelemetry import trace
    from prefect.context import FlowRunContext
    from prefect.telemetry.run_telemetry import LABELS_TRACEPARENT_KEY, RunTelemetry

    span = trace.get_current_span()
    span.set_attribute("ade.flow", flow)
    # Prefect finds the parent of a task in another process by this label of the run, and leaves
    # it out when it sends the run there, for what is set in place counts as not set.
    context, parent = FlowRunContext.get(), RunTelemetry.traceparent_from_span(span)
    if context is not None and context.flow_run is not None and parent is not None:
        labels = {**context.flow_run.labels, LABELS_TRACEPARENT_KEY: parent}
        context.flow_run.labels = labels


def add_event(name: str, counts: Mapping[str, Any], source: str | None) -> None:
    """Put a key event into the span of the task or flow that it happens in."""
    if not os.environ.get(ENDPOINT):
        return
    from opentelemetry import trace

    span = trace.get_current_span()
    span.add_event(name, {f"ade.{key}": value for key, value in counts.items()})
    if source:
        span.set_attribute("ade.source_id", source)


def scrubbing(exporter: SpanExporter) -> SpanExporter:
    """Return an exporter of what is on the list, which gives up on a dead collector for a while."""
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

    class Scrubbing(SpanExporter):
        def __init__(self) -> None:
            self._silent_until = 0.0

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            if time.monotonic() < self._silent_until:
                return SpanExportResult.FAILURE
            result = exporter.export([_scrubbed(span) for span in spans])
            if result is SpanExportResult.FAILURE:
                self._silent_until = time.monotonic() + SILENT_SECONDS
            return result

        def shutdown(self) -> None:
            exporter.shutdown()

        def force_flush(self, timeout_millis: int = 30000) -> bool:
            return exporter.force_flush(timeout_millis)

    return Scrubbing()


def _scrubbed(span: ReadableSpan) -> ReadableSpan:
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.trace import Status

    attributes = _allowed(span.attributes)
    events = [
        Event(event.name, _allowed(event.attributes), event.timestamp) for event in span.events
    ]
    return ReadableSpan(
        name=_name(span),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        events=events,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _allowed(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (attributes or {}).items() if _KEPT.fullmatch(name)}


def _name(span: ReadableSpan) -> str:
    attributes = span.attributes or {}
    match attributes.get("prefect.run.type"):
        case "flow":
            return f"flow {attributes.get('ade.flow', '')}".rstrip()
        case "task":
            # Prefect's names: the task's, and a few characters.
            return f"task {span.name.rpartition('-')[0] or 'unnamed'}"
    return span.name

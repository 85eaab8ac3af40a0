"""How spans of other processes find their place."""

from uuid import uuid4

from opentelemetry.sdk.trace import TracerProvider
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext

from tasks.tracing import _link

TRACE, SPAN = "a" * 32, "b" * 16


def test_a_task_in_another_process_is_put_below_its_run():
    # There is no span around it: only the run came along, with the label that names its own.
    provider = TracerProvider(shutdown_on_exit=False)
    _link(provider)
    labels = {"__OTEL_TRACEPARENT": f"00-{TRACE}-{SPAN}-01"}
    sent = FlowRunContext.model_construct(flow_run=FlowRun(flow_id=uuid4(), labels=labels))
    token = FlowRunContext.__var__.set(sent)
    try:
        span = provider.get_tracer("prefect").start_span("task")
    finally:
        FlowRunContext.__var__.reset(token)
    assert f"{span.context.trace_id:x}" == TRACE
    assert f"{span.parent.span_id:x}" == SPAN


def test_a_run_that_nobody_started_is_a_root():
    provider = TracerProvider(shutdown_on_exit=False)
    _link(provider)
    assert provider.get_tracer("prefect").start_span("flow").parent is None

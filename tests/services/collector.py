"""An OpenTelemetry collector that keeps what it is sent: OTLP over HTTP, on this machine."""

from __future__ import annotations

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """Listens at once; `spans` are those that came, `raw` every byte."""

    def __init__(self) -> None:
        self.raw = b""
        self.requests: list[ExportTraceServiceRequest] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.raw += body
                collector.requests.append(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def spans(self) -> list[Any]:
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def tree(self) -> set[str]:
        """Return each span as the path of names from its root: `flow generate/task profile`."""
        spans = {span.span_id: span for span in self.spans}

        def path(span: Any) -> str:
            above = spans.get(span.parent_span_id)
            return f"{path(above)}/{span.name}" if above else span.name

        return {path(span) for span in spans.values()}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

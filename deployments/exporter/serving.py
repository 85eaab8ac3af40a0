"""`/metrics`, `/ready` and `/health` over HTTP."""

from __future__ import annotations

import contextlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from deployments.exporter.collector import INTERNAL, Figures
from deployments.exporter.looking import Looks, as_document


def serve(looks: Looks, host: str, port: int) -> ThreadingHTTPServer:
    """Return the server, bound and not yet running; raises OSError where the port is taken."""
    registry = CollectorRegistry()
    registry.register(Figures(looks))

    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        server_version, sys_version = "ade-exporter", ""

        def do_GET(self) -> None:
            match self.path.partition("?")[0]:
                case "/health":
                    self._answer(200, _json({"healthy": True}), "application/json")
                case "/ready":
                    seen = {k: v for k, v in looks.take().items() if k not in INTERNAL}
                    said = as_document(seen)
                    self._answer(200 if said["ready"] else 503, _json(said), "application/json")
                case "/metrics":
                    self._answer(200, generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4)
                case _:
                    said = {"paths": ["/metrics", "/ready", "/health"]}
                    self._answer(404, _json(said), "application/json")

        def _answer(self, status: int, body: bytes, content: str) -> None:
            with contextlib.suppress(ConnectionError):  # who asked has gone
                self.send_response(status)
                self.send_header("Content-Type", content)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: a scrape every few seconds is no news."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server


def _json(document: object) -> bytes:
    return json.dumps(document, indent=1).encode() + b"\n"

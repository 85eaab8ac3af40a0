"""Between a client and the small model: keeps what passes, and may not know of schemas.

Servers of the OpenAI form differ in what they make of `response_format`: `takes` holds the model to
the schema, `refuses` answers 400 to a schema, `ignores` lets the model write what it likes.
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Schemas = Literal["takes", "refuses", "ignores"]

SAMPLING = {"repeat_penalty": 1.15, "repeat_last_n": 512}
"""Without it the small model says the same thing until it may say no more."""
REFUSAL = {"error": {"message": "response_format is unknown", "type": "invalid_request_error"}}


@dataclass(frozen=True)
class Exchange:
    """One request and what came back."""

    request: dict[str, Any]
    status: int
    response: dict[str, Any]

    @property
    def sent(self) -> list[str]:
        """The texts of the messages."""
        return [message["content"] for message in self.request["messages"]]

    @property
    def text(self) -> str:
        """What the model wrote."""
        text: str = self.response["choices"][0]["message"]["content"]
        return text


@dataclass
class Gateway:
    """Where it answers, and what has passed so far."""

    base_url: str
    exchanges: list[Exchange] = field(default_factory=list)


@contextmanager
def gateway(model_url: str, schemas: Schemas) -> Iterator[Gateway]:
    """A gateway before the model at `model_url`, for the time of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, response = _pass_on(body, self.headers["Authorization"])
            state.exchanges.append(Exchange(body, status, json.loads(response)))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(response)))
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked may have lost patience
                self.wfile.write(response)

        def log_message(self, *_: object) -> None:
            pass

    def _pass_on(body: dict[str, Any], authorization: str) -> tuple[int, bytes]:
        has_schema = body["response_format"]["type"] == "json_schema"
        if schemas == "refuses" and has_schema:
            return 400, json.dumps(REFUSAL).encode()
        passed = {k: v for k, v in body.items() if k != "response_format" or schemas != "ignores"}
        request = urllib.request.Request(
            f"{model_url}/chat/completions",
            json.dumps(passed | SAMPLING).encode(),
            {"Authorization": authorization, "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = Gateway(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

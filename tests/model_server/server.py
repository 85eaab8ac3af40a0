"""A loopback server that speaks the wire forms of models, for the real SDKs to talk to.

On one port: Gemini's `POST /v1beta/models/NAME:generateContent` as both of Google's SDKs send it
and OpenAI's `POST /v1/chat/completions`, each with its list of models. A script of replies is the
same for all forms:

    with model_server(says("{}"), status(503)) as server:
        ...  # server.url for Gemini, server.openai_url for OpenAI
    assert [request.prompt for request in server.requests] == ["question"]
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from .forms import google_list, google_reply, openai_list, openai_reply
from .replies import Reply, bad_key

Script = Reply | Callable[["Request"], Reply]


@dataclass(frozen=True)
class Request:
    """What was asked, put apart from its form."""

    form: str
    """`gemini` (google-generativeai), `google-genai` or `openai`."""
    kind: str
    """`generate` or `list`."""
    path: str
    """With all that stood before it, such as the prefix of a gateway."""
    key: str | None
    model: str = ""
    system: str = ""
    prompt: str = ""
    schema: dict[str, Any] | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    """`temperature`, `seed`, `max_output_tokens`, `mime`; None where it was not sent."""
    headers: dict[str, str] = field(default_factory=dict)
    """Names in small letters."""
    body: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""
    time: float = 0.0
    """On the monotonic clock, in seconds."""


class ModelServer:
    """Says what it was told to say, in that order, and keeps what it was asked."""

    def __init__(self, *replies: Script, tls: ssl.SSLContext | None = None) -> None:
        self.replies: list[Script] = list(replies)
        """Each is used once; a function is given the request."""
        self.otherwise: Script = Reply(status=418, error="other")
        """What is said when the replies are used up."""
        self.list_replies: list[Reply] = []
        """What is said to those who ask for the models, before the list itself."""
        self.models: list[str] = ["test-model", "other-model"]
        self.known_keys: set[str] | None = None
        """Other keys are refused; None: every key will do."""
        self.requests: list[Request] = []
        """All of them, lists as well."""
        self.most_at_once = 0
        self.hung_up = threading.Event()
        """Set when a client closed the connection before its answer had ended."""
        self.stopping = threading.Event()
        self._at_once = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._scheme = "http" if tls is None else "https"
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def script(self, *replies: Script) -> None:
        """Say these after those that are left."""
        self.replies.extend(replies)

    @property
    def url(self) -> str:
        """Where Gemini is."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"

    def base_url(self, provider: str) -> str:
        return self.openai_url if provider == "openai" else self.url

    @property
    def asked(self) -> list[Request]:
        """Requests for an answer, without those for the list of models."""
        return [request for request in self.requests if request.kind == "generate"]

    @property
    def prompts(self) -> list[str]:
        return [request.prompt for request in self.asked]

    @property
    def keys(self) -> list[str | None]:
        return [request.key for request in self.asked]

    def start(self) -> ModelServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def reply_to(self, request: Request) -> Reply:
        """Record the request and take the next reply."""
        with self._lock:
            self.requests.append(request)
            if self.known_keys is not None and request.key not in self.known_keys:
                return bad_key()
            if request.kind == "list":
                return self.list_replies.pop(0) if self.list_replies else Reply()
            script = self.replies.pop(0) if self.replies else self.otherwise
        return script if isinstance(script, Reply) else script(request)

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1


@contextmanager
def model_server(*replies: Script, tls: ssl.SSLContext | None = None) -> Iterator[ModelServer]:
    """A server for the time of the block."""
    server = ModelServer(*replies, tls=tls).start()
    try:
        yield server
    finally:
        server.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are what tests are about."""


def _handler(state: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
            self._serve(raw)

        def do_GET(self) -> None:
            self._serve(b"")

        def _serve(self, raw: bytes) -> None:
            request = _read(self.path, {k.lower(): v for k, v in self.headers.items()}, raw)
            with state.counted():
                reply = state.reply_to(request)
                if reply.delay:
                    state.stopping.wait(reply.delay)
                with suppress(ConnectionError):
                    self._send(request, reply)

        def _send(self, request: Request, reply: Reply) -> None:
            if reply.behaviour == "hang":
                self._wait_for_hang_up()
                return
            if reply.behaviour == "reset":
                _reset(self.connection)
                return
            if reply.behaviour == "drip_headers":
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Drip: ")
                self._write_for_ever(b"x", 0.01)
                return
            code, headers, body = _render(request, reply, state.models)
            self.send_response(code)
            if not any(name.lower() == "content-type" for name, _ in headers):
                self.send_header("Content-Type", reply.content_type)
            for name, value in headers:
                self.send_header(name, value)
            if reply.behaviour in ("whole", "short", "hang_up"):
                extra = {"short": 100, "hang_up": 100}.get(reply.behaviour, 0)
                self.send_header("Content-Length", str(len(body) + extra))
            self.end_headers()
            if reply.behaviour == "drip":
                self._write_for_ever(b" ", 0.01)
            elif reply.behaviour == "endless":
                self._write_for_ever(b" " * 65_536, 0)
            else:
                self.wfile.write(body)
                if reply.behaviour == "short":
                    self._wait_for_hang_up()

        def _write_for_ever(self, piece: bytes, pause: float) -> None:
            try:
                while not state.stopping.wait(pause):
                    self.wfile.write(piece)
                    self.wfile.flush()
            except ConnectionError:
                state.hung_up.set()

        def _wait_for_hang_up(self) -> None:
            self.connection.settimeout(0.05)
            while not state.stopping.is_set():
                with suppress(TimeoutError):
                    if not self.connection.recv(1):
                        state.hung_up.set()
                        return

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _reset(connection: socket.socket) -> None:
    # With a linger of 0 seconds, closing sends RST.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _render(
    request: Request, reply: Reply, models: list[str]
) -> tuple[int, list[tuple[str, str]], bytes]:
    google = request.form != "openai"
    if reply.body is not None:
        return reply.status, list(reply.headers), reply.body
    if request.kind == "list" and reply.status == 200:
        body: Any = google_list(models) if google else openai_list(models)
        return 200, list(reply.headers), json.dumps(body).encode()
    if google:
        code, headers, body = google_reply(reply, request.model, int_enums=request.form == "gemini")
    else:
        code, headers, body = openai_reply(reply, request.model)
    return code, [*headers, *reply.headers], json.dumps(body).encode()


def _read(path: str, headers: dict[str, str], raw: bytes) -> Request:
    where = urlsplit(path)
    body = json.loads(raw) if raw else {}
    openai = where.path.endswith("/chat/completions") or (
        where.path.endswith("/models") and "/v1beta/" not in where.path
    )
    common: dict[str, Any] = {
        "kind": "generate" if raw else "list",
        "path": where.path,
        "headers": headers,
        "body": body,
        "raw": raw,
        "time": time.monotonic(),
    }
    if openai:
        return _read_openai(body, headers, common)
    form = "gemini" if "enum-encoding" in where.query else "google-genai"
    return _read_google(form, where.path, body, headers, common)


def _read_google(
    form: str, path: str, body: dict[str, Any], headers: dict[str, str], common: dict[str, Any]
) -> Request:
    config = body.get("generationConfig") or {}
    system = body.get("systemInstruction") or {}
    return Request(
        form=form,
        key=headers.get("x-goog-api-key"),
        model=path.rpartition("/models/")[2].removesuffix(":generateContent") if body else "",
        system=_google_text(system),
        prompt="".join(_google_text(content) for content in body.get("contents", [])),
        schema=config.get("responseJsonSchema") or config.get("responseSchema"),
        parameters={
            "temperature": config.get("temperature"),
            "seed": config.get("seed"),
            "max_output_tokens": config.get("maxOutputTokens"),
            "mime": config.get("responseMimeType"),
        },
        **common,
    )


def _google_text(content: dict[str, Any]) -> str:
    return "".join(part.get("text", "") for part in content.get("parts", []))


def _read_openai(body: dict[str, Any], headers: dict[str, str], common: dict[str, Any]) -> Request:
    told = {message["role"]: message["content"] for message in body.get("messages", [])}
    asked_for = body.get("response_format") or {}
    bearer = headers.get("authorization", "")
    return Request(
        form="openai",
        key=bearer.removeprefix("Bearer ") or None,
        model=body.get("model", ""),
        system=told.get("system", ""),
        prompt=told.get("user", ""),
        schema=(asked_for.get("json_schema") or {}).get("schema"),
        parameters={
            "temperature": body.get("temperature"),
            "seed": body.get("seed"),
            "max_output_tokens": body.get("max_completion_tokens") or body.get("max_tokens"),
            "mime": "application/json" if asked_for else None,
        },
        **common,
    )

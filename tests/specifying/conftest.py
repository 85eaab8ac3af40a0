"""A loopback server that speaks Gemini's generateContent, for the real SDK to talk to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.specifying.gemini import ask
from ai_data_engineer.specifying.provenance import Answer


@dataclass
class Gemini:
    """Says what it was told to say, in that order, and keeps what it was asked."""

    url: str
    replies: list[tuple[int, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, *keys: str, timeout: float = 5) -> Answer:
        return ask(
            "rules",
            "question",
            model="test-model",
            keys=[SecretStr(k) for k in keys or ("k1",)],
            base_url=self.url,
            timeout=timeout,
        )

    def answers(self, text: str, reason: str = "STOP") -> None:
        content = {"parts": [{"text": text}], "role": "model"}
        usage = {
            "promptTokenCount": 11,
            "candidatesTokenCount": 7,
            "thoughtsTokenCount": 12,
            "totalTokenCount": 30,
        }
        candidate = {"content": content, "finishReason": reason, "index": 0}
        self.says({"candidates": [candidate], "usageMetadata": usage})

    def fails(self, status: int, detail: str | None = None) -> None:
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}]
        error = {"code": status, "message": "no", "details": details if detail else []}
        self.replies.append((status, {"error": error}))

    def says(self, body: Any) -> None:
        self.replies.append((200, body))

    @property
    def prompts(self) -> list[str]:
        """What it was asked, rules left out."""
        return [body["contents"][0]["parts"][0]["text"] for body in self.bodies]


@pytest.fixture
def gemini() -> Iterator[Gemini]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.keys.append(self.headers["x-goog-api-key"])
            state.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, reply = state.replies.pop(0)
            body = reply.encode() if isinstance(reply, str) else json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = Gemini(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()

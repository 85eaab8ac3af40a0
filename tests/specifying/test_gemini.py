"""The real SDK against a loopback server that speaks generateContent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.specifying.gemini import ask

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

Reply = tuple[int, Any]


@dataclass
class Gemini:
    url: str
    replies: list[Reply] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, *keys: str, timeout: float = 5) -> str:
        answer = ask(
            "rules", "question", model="test-model", keys=[SecretStr(k) for k in keys or ("k1",)],
            base_url=self.url, timeout=timeout,
        )  # fmt: skip
        return answer.text


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
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def answered(text: str = "{}", reason: str = "STOP") -> Reply:
    return 200, {
        "candidates": [
            {
                "content": {"parts": [{"text": text}], "role": "model"},
                "finishReason": reason,
                "index": 0,
            }
        ],
        "usageMetadata": {
            "promptTokenCount": 11,
            "candidatesTokenCount": 7,
            "thoughtsTokenCount": 12,
            "totalTokenCount": 30,
        },
    }


def failed(status: int, reason: str = "", details: tuple[dict[str, Any], ...] = ()) -> Reply:
    return status, {
        "error": {"code": status, "message": "no", "status": reason, "details": list(details)}
    }


BAD_KEY = failed(
    400,
    "INVALID_ARGUMENT",
    ({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},),
)


def test_an_answer_comes_back_with_its_usage(gemini: Gemini) -> None:
    gemini.replies = [answered('{"a": 1}')]
    answer = ask("rules", "q", model="m", keys=[SecretStr("k")], base_url=gemini.url)
    assert (answer.text, answer.input_tokens, answer.output_tokens) == ('{"a": 1}', 11, 19)


def test_rules_travel_as_the_system_instruction(gemini: Gemini) -> None:
    gemini.replies = [answered()]
    gemini.ask()
    sent = gemini.bodies[0]
    assert sent["systemInstruction"]["parts"][0]["text"] == "rules"
    assert sent["contents"][0]["parts"][0]["text"] == "question"
    assert sent["generationConfig"]["responseMimeType"] == "application/json"


@pytest.mark.parametrize("refusal", [BAD_KEY, failed(403, "PERMISSION_DENIED")])
def test_the_next_key_is_tried_when_one_is_refused(gemini: Gemini, refusal: Reply) -> None:
    gemini.replies = [refusal, answered("ok")]
    assert gemini.ask("bad", "good") == "ok"
    assert gemini.keys == ["bad", "good"]


def test_a_refused_key_is_never_named(gemini: Gemini) -> None:
    gemini.replies = [BAD_KEY]
    with pytest.raises(ProviderError, match="E_KEY_REFUSED") as caught:
        gemini.ask("sesame-123")
    assert "sesame" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_what_may_pass_by_itself_is_transient_and_asked_once(gemini: Gemini, status: int) -> None:
    gemini.replies = [failed(status)]
    with pytest.raises(TransientError, match="E_PROVIDER_BUSY"):
        gemini.ask()
    assert len(gemini.keys) == 1


def test_a_refused_connection_is_transient(unused_port: Callable[[], int]) -> None:
    with pytest.raises(TransientError):
        ask(
            "r", "q", model="m", keys=[SecretStr("k")], base_url=f"http://127.0.0.1:{unused_port()}"
        )


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (failed(404), "E_UNKNOWN_MODEL"),
        (failed(400), "E_PROVIDER"),
        (answered("{", "MAX_TOKENS"), "E_TRUNCATED_ANSWER"),
        (answered("", "SAFETY"), "E_BLOCKED"),
        (answered("   "), "E_BLOCKED"),
        ((200, {"promptFeedback": {"blockReason": "SAFETY"}}), "E_BLOCKED"),
        ((200, "<html>gateway</html>"), "E_BAD_ANSWER"),
    ],
)
def test_an_answer_that_cannot_be_used_has_a_code(gemini: Gemini, reply: Reply, code: str) -> None:
    gemini.replies = [reply]
    with pytest.raises(ProviderError) as caught:
        gemini.ask()
    assert caught.value.code == code


def test_without_a_key_nothing_is_sent() -> None:
    with pytest.raises(ProviderError, match="GEMINI_API_KEY"):
        ask("r", "q", model="m", keys=[])


@pytest.fixture
def unused_port() -> Callable[[], int]:
    import socket

    def port() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return port

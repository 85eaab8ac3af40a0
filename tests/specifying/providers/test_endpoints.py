"""Where requests go: other endpoints, gateways, proxies, TLS."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError, Question
from tests.model_server import ModelServer, model_server, says
from tests.specifying.providers.certificates import self_signed
from tests.specifying.providers.conftest import provider

if TYPE_CHECKING:
    from tests.specifying.providers.conftest import Ask

PATHS = {
    "gemini": "/v1beta/models/test-model:generateContent",
    "google-genai": "/v1beta/models/test-model:generateContent",
    "openai": "/v1/chat/completions",
}


@pytest.mark.parametrize(
    "end", ["", "/", "/v1beta", "/v1beta/", "/v1", "/v1/", "//"], ids=lambda end: end or "none"
)
def test_an_address_may_end_with_a_slash_or_the_version(
    ask: Ask, models: ModelServer, sdk: str, end: str
) -> None:
    if sdk == "openai" and "beta" in end:
        pytest.skip("Gemini's")
    models.script(says("{}"))
    ask(base_url=models.url + end)
    assert models.requests[0].path == PATHS[sdk]


def test_what_a_gateway_has_before_the_version_stays(
    ask: Ask, models: ModelServer, sdk: str
) -> None:
    models.script(says("{}"))
    end = "/v1" if sdk == "openai" else ""
    ask(base_url=f"{models.url}/team/models{end}")
    assert models.requests[0].path == f"/team/models{PATHS[sdk]}"


def test_the_address_of_chat_completions_itself_will_do(models: ModelServer) -> None:
    models.script(says("{}"))
    whole = f"{models.url}/openai/v1/chat/completions"
    provider("openai", whole).ask(Question("r", "q"), None)
    assert models.requests[0].path == "/openai/v1/chat/completions"


@pytest.mark.parametrize(
    "address",
    ["http://[::1", "http://127.0.0.1:port", "ftp://x", "http://", "http://x/v1?key=sesame"],
)
def test_what_is_no_address_is_said_so_and_not_quoted(ask: Ask, address: str) -> None:
    with pytest.raises(ProviderError, match="_BASE_URL") as caught:
        ask(base_url=address)
    assert "sesame" not in str(caught.value)


def test_a_scheme_may_be_left_out(models: ModelServer) -> None:
    with pytest.raises(ModelError, match="http or https"):  # it speaks TLS then
        provider("openai", models.url.removeprefix("http://")).ask(Question("r", "q"), None)


def test_vertex_settings_do_not_lead_elsewhere(
    ask: Ask, models: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "somewhere")
    models.script(says("{}"))
    assert ask().text == "{}"


def test_a_login_in_netrc_does_not_take_the_keys_place(
    ask: Ask, models: ModelServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    models.script(says("{}"))
    ask(key="k1")
    (request,) = models.requests
    assert request.key == "k1"
    assert "Basic" not in request.headers.get("authorization", "")


class TestProxies:
    @pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
    def test_the_proxy_of_the_environment_is_used(
        self,
        ask: Ask,
        models: ModelServer,
        sdk: str,
        variable: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv(variable, models.url)
        models.script(says("{}"))
        end = "/v1" if sdk == "openai" else ""
        ask(base_url=f"http://models.invalid{end}")
        assert models.requests[0].headers["host"] == "models.invalid"

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_no_proxy_stands_before_this_machine(
        self, ask: Ask, models: ModelServer, sdk: str, host: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://nobody.invalid:1")
        models.script(says("{}"))
        assert ask(base_url=models.base_url(sdk).replace("127.0.0.1", host)).text == "{}"

    def test_no_proxy_is_honoured(
        self, ask: Ask, models: ModelServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", models.url)
        monkeypatch.setenv("NO_PROXY", "models.invalid")
        with pytest.raises(ModelError) as caught:
            ask(base_url="http://models.invalid/v1")
        assert caught.value.failure is Failure.UNREACHABLE
        assert models.requests == []

    @pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "gopher://x", "http://x:port", "["])
    def test_a_proxy_that_cannot_be_used_is_said_so(
        self, ask: Ask, proxy: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        with pytest.raises(ModelError, match=r"proxy|SOCKS|no connection") as caught:
            ask(base_url="http://models.invalid/v1")
        assert caught.value.failure is Failure.UNREACHABLE

    def test_a_tunnel_that_is_refused_is_the_proxys(
        self, ask: Ask, models: ModelServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", models.url)  # which answers 501 to CONNECT
        with pytest.raises(ModelError, match="The proxy refused") as caught:
            ask(base_url="https://models.invalid/v1")
        assert caught.value.failure is Failure.UNREACHABLE

    def test_https_goes_through_a_tunnel_with_a_login(
        self, sdk: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        certificate = self_signed(tmp_path, "models.invalid")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with (
            model_server(says("{}"), tls=_server_side(certificate)) as server,
            _tunnel(server.url) as (proxy, heads),
        ):
            monkeypatch.setenv("HTTPS_PROXY", f"http://someone:p%40ss@{proxy}")
            answer = provider(sdk, "https://models.invalid/v1").ask(
                Question("r", "q", timeout=20), SecretStr("k1")
            )
        assert answer.text == "{}"
        assert heads[0].startswith(b"CONNECT models.invalid:443 ")
        assert b"Basic c29tZW9uZTpwQHNz" in heads[0]  # someone:p@ss
        assert b"k1" not in heads[0]


class TestTls:
    def test_an_authority_that_the_environment_names_is_trusted(
        self, sdk: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        certificate = self_signed(tmp_path, "localhost")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        with model_server(says("x" * 200_000), tls=_server_side(certificate)) as server:
            url = server.base_url(sdk).replace("127.0.0.1", "localhost")
            answer = provider(sdk, url).ask(Question("r", "q", timeout=20), SecretStr("k1"))
        assert len(answer.text) == 200_000

    def test_another_authority_is_not(self, sdk: str, tmp_path: Path) -> None:
        certificate = self_signed(tmp_path, "localhost")
        with model_server(tls=_server_side(certificate)) as server:
            url = server.base_url(sdk).replace("127.0.0.1", "localhost")
            with pytest.raises(ModelError, match="SSL_CERT_FILE") as caught:
                provider(sdk, url).ask(Question("r", "q", timeout=20), SecretStr("k1"))
            assert caught.value.failure is Failure.UNREACHABLE
            assert server.requests == []

    def test_a_plain_server_is_told_from_one_with_tls(self, ask: Ask, models: ModelServer) -> None:
        with pytest.raises(ModelError, match="http or https") as caught:
            ask(base_url=models.openai_url.replace("http:", "https:"))
        assert caught.value.failure is Failure.UNREACHABLE

    def test_a_bundle_that_is_missing_is_said_so(
        self, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
        with pytest.raises(ModelError, match="SSL_CERT_FILE"):
            ask()


def _server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@contextmanager
def _tunnel(url: str) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that leads every tunnel to one server, and the heads of the requests for one."""
    host, _, port = url.rpartition("/")[2].rpartition(":")
    heads: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            client, _ = listener.accept()
            with client, socket.create_connection((host, int(port))) as server:
                heads.append(client.recv(65_536))
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_pump, args=(server, client))
                back.start()
                _pump(client, server)
                back.join()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}", heads
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)

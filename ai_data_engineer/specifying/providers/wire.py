"""One HTTP request of a provider: bounded in time and bytes, and kept as it came.

The SDKs build requests and know their services, but their time-outs are for each read: a server
that sends a byte now and then, or text without an end, holds them for ever. So each SDK is given a
transport that sends through `Exchange.send`. It also sees what really came back, of which each SDK
loses some part.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import certifi
import httpcore

from ai_data_engineer.specifying.providers.protocol import Failure
from ai_data_engineer.specifying.providers.streams import Deadline, Network, WireFailure

_ERROR_BYTES = 65_536
"""Of an error no more is read: it is a code and a few details."""
_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_OWN_HEADERS = {b"accept-encoding", b"connection", b"host", b"content-length", b"transfer-encoding"}


@dataclass(frozen=True)
class Response:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes

    @property
    def text(self) -> str:
        """The body, which is UTF-8 in all forms."""
        return self.body.decode(errors="replace")


@dataclass
class Exchange:
    """One request and its response; `timeout` in seconds, from sending to the last byte."""

    timeout: float
    max_bytes: int
    response: Response | None = None
    failure: WireFailure | None = None
    """Why there is no response."""
    is_sending: bool = False
    """Whether a connection was had, so that some of the request may have arrived."""

    def prepare(self) -> None:
        """Find out what is to be trusted, before an SDK does so in its own way.

        Raises:
            WireFailure: a file of authorities is missing or broken.
        """
        with self._kept():
            _trust()

    def send(
        self, method: str, url: str, headers: Iterable[tuple[str, str]], content: bytes
    ) -> Response:
        """Send the request and return the whole response; nothing of it is left open.

        An SDK that sends again (for a fresh token, or to where it is redirected) gets the first
        response again.

        Raises:
            WireFailure: there is no response. Anything raised from outside passes as it is.
        """
        if self.failure is not None:
            raise self.failure
        if self.response is None:
            with self._kept():
                self.response = self._send(method, url, headers, content)
        return self.response

    @contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except WireFailure as failure:
            if self.is_sending and failure.failure is Failure.UNREACHABLE:
                failure = WireFailure(Failure.BROKEN)
            self.failure = failure
            raise failure from None

    def _send(
        self, method: str, url: str, headers: Iterable[tuple[str, str]], content: bytes
    ) -> Response:
        kept = [
            (name.encode(), value.encode())
            for name, value in headers
            if name.lower().encode() not in _OWN_HEADERS
        ]
        # Identity: a compressed answer could expand without a bound.
        kept += [
            (b"Host", _host(url)),
            (b"Accept-Encoding", b"identity"),
            (b"Connection", b"close"),
        ]
        if content:
            kept.append((b"Content-Length", str(len(content)).encode()))
        try:
            with (
                _pool(url, Deadline(self.timeout)) as pool,
                pool.stream(
                    method, url, headers=kept, content=content, extensions={"trace": self._trace}
                ) as response,
            ):
                return self._read(response)
        except httpcore.ProxyError:
            raise WireFailure(
                Failure.UNREACHABLE, "The proxy refused: check its address and login."
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError):
            raise WireFailure(Failure.UNREACHABLE) from None

    def _trace(self, event: str, _: object) -> None:
        if event.endswith("send_request_headers.started"):
            self.is_sending = True

    def _read(self, response: httpcore.Response) -> Response:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise WireFailure(Failure.UNREADABLE, "It compresses what it was asked not to.")
        if 300 <= response.status < 400:
            # Followed, it would carry the key to wherever it leads.
            raise WireFailure(
                Failure.UNREADABLE, "It redirects; name the address where it answers itself."
            )
        limit = self.max_bytes if response.status < 400 else min(_ERROR_BYTES, self.max_bytes)
        body = bytearray()
        try:
            for chunk in response.iter_stream():
                body += chunk
                if len(body) > limit:
                    raise WireFailure(Failure.ENDLESS)
        except (WireFailure, httpcore.NetworkError, httpcore.ProtocolError):
            if response.status < 400:
                raise
            # The status says enough; only the details are lost.
            body.clear()
        return Response(response.status, headers, bytes(body))


def _pool(url: str, deadline: Deadline) -> httpcore.ConnectionPool:
    network = Network(deadline)
    proxy = _proxy(url)
    context = _trust()
    if proxy is None:
        return httpcore.ConnectionPool(ssl_context=context, network_backend=network)
    try:
        where = urlsplit(proxy)
        port = where.port or _PORTS[where.scheme]
    except (ValueError, KeyError):
        raise WireFailure(
            Failure.UNREACHABLE, "The address of the proxy in the environment is none."
        ) from None
    login = (unquote(where.username), unquote(where.password or "")) if where.username else None
    host = where.hostname or ""
    address = f"{where.scheme}://{f'[{host}]' if ':' in host else host}:{port}"
    try:
        if where.scheme.startswith("socks"):
            return httpcore.SOCKSProxy(address, login, ssl_context=context, network_backend=network)
        return httpcore.HTTPProxy(
            address,
            proxy_auth=login,
            ssl_context=context,
            proxy_ssl_context=context if where.scheme == "https" else None,
            network_backend=network,
        )
    except (ImportError, RuntimeError):
        raise WireFailure(
            Failure.UNREACHABLE, "A SOCKS proxy needs a package: pip install socksio."
        ) from None


def _host(url: str) -> bytes:
    where = urlsplit(url)
    return where.netloc.rpartition("@")[2].encode()


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names for this address.

    None for this machine itself: no proxy could reach a server that listens here.
    """
    where = urlsplit(url)
    host = where.hostname or ""
    if _is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(where.scheme) or proxies.get("all")
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    return proxy or None


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _trust() -> ssl.SSLContext:
    return _trusting(tuple(os.environ.get(name) or None for name in _CA_VARIABLES))


@lru_cache(maxsize=4)
def _trusting(bundles: tuple[str | None, ...]) -> ssl.SSLContext:
    """Trust the authorities that the environment names, else the system's and certifi's."""
    for name, bundle in zip(_CA_VARIABLES, bundles, strict=True):
        if bundle and not Path(bundle).exists():
            raise WireFailure(Failure.UNREACHABLE, f"{name} names a file that does not exist.")
    named = next(filter(None, bundles), None)
    try:
        if named is None:
            context = ssl.create_default_context()
            context.load_verify_locations(certifi.where())
            return context
        if Path(named).is_dir():
            return ssl.create_default_context(capath=named)
        return ssl.create_default_context(cafile=named)
    except OSError:
        raise WireFailure(
            Failure.UNREACHABLE, f"Check the file that {' or '.join(_CA_VARIABLES)} names."
        ) from None

"""Sockets that keep one deadline from the look-up of a name to the last byte.

Nothing here waits in one long call: an exception raised into the thread (a cancelled run, a signal)
is seen within SLICE. And nothing here raises Python's own TimeoutError, so one that is seen comes
from outside and is passed on as it is.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from ai_data_engineer.specifying.providers.protocol import Failure

SLICE = 0.1
"""Seconds that are waited without looking up."""
_CHUNK = 65_536
_IN_PROGRESS = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY)


class WireFailure(Exception):
    """There is no whole response; it passes through an SDK, or is wrapped by it."""

    def __init__(self, failure: Failure, hint: str = "") -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.hint = hint


class Deadline:
    """A point of the monotonic clock, from where it is made."""

    def __init__(self, seconds: float, failure: Failure = Failure.TIMEOUT) -> None:
        self._end = time.monotonic() + seconds
        self._failure = failure

    @property
    def seconds_left(self) -> float:
        """Seconds until it; raises WireFailure when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise WireFailure(self._failure)
        return left

    def share(self, parts: int) -> Deadline:
        """Return an earlier deadline: of the time that is left, one part."""
        return Deadline(
            self.seconds_left / parts, Failure.UNREACHABLE if parts > 1 else self._failure
        )


class Network(httpcore.NetworkBackend):
    """Connects for one exchange; httpcore's own time-outs are not used."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first address that takes the connection.

        One that does not answer leaves the others their share of the time. The look-up of the
        name is the system's, which has its own time-out.
        """
        with _unreachable():
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        problem = WireFailure(Failure.UNREACHABLE)
        for left, (family, kind, protocol, _, address) in zip(
            range(len(addresses), 0, -1), addresses, strict=True
        ):
            share = self._deadline.share(left)
            try:
                return _Plain(_connected(family, kind, protocol, address, share), self)
            except WireFailure as error:
                if error.failure is not Failure.UNREACHABLE:
                    raise
                problem = error
        raise problem

    def wait(self, sock: socket.socket, event: int) -> None:
        """Return when the socket may be read or written; raises WireFailure at the deadline."""
        _wait(sock, event, self._deadline)


class _Stream(httpcore.NetworkStream):
    """What TLS can be spoken over."""

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Tls(self, ssl_context, server_hostname)


class _Plain(_Stream):
    """A socket that does not block."""

    def __init__(self, sock: socket.socket, network: Network) -> None:
        self._sock = sock
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            self._network.wait(self._sock, selectors.EVENT_READ)
            with _unreachable():
                try:
                    return self._sock.recv(max_bytes)
                except (BlockingIOError, InterruptedError):
                    continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = memoryview(buffer)
        while left:
            self._network.wait(self._sock, selectors.EVENT_WRITE)
            try:
                with _unreachable():
                    try:
                        left = left[self._sock.send(left) :]
                    except (BlockingIOError, InterruptedError):
                        continue
            except WireFailure:
                # httpcore then reads what the server said before it closed, such as a 413.
                raise httpcore.WriteError from None

    def close(self) -> None:
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        return None


class _Tls(_Stream):
    """TLS over any stream, over TLS to a proxy as well."""

    def __init__(
        self, inner: httpcore.NetworkStream, context: ssl.SSLContext, hostname: str | None
    ) -> None:
        self._inner = inner
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=hostname)
        try:
            self._perform(self._tls.do_handshake)
        except BaseException:
            self.close()
            raise

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            data: bytes = self._perform(self._tls.read, max_bytes)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""  # whoever reads knows whether more was promised
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = memoryview(buffer)
        while left:
            left = left[self._perform(self._tls.write, left) :]

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else None

    def _perform(self, action: Callable[..., Any], *args: Any) -> Any:
        while True:
            try:
                result = action(*args)
            except ssl.SSLWantReadError:
                self._flush()
                data = self._inner.read(_CHUNK)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
                continue
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                if action == self._tls.read:
                    raise
                raise _tls_failure("") from None
            except ssl.SSLCertVerificationError:
                raise _tls_failure(
                    "Its certificate is not trusted: if that is expected, name the authority's "
                    "file in SSL_CERT_FILE."
                ) from None
            except ssl.SSLError:
                raise _tls_failure(
                    "It does not speak TLS: check whether the address begins with http or https."
                ) from None
            self._flush()
            return result

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._inner.write(self._outgoing.read())


def _tls_failure(hint: str) -> WireFailure:
    return WireFailure(Failure.UNREACHABLE, hint)


def _connected(
    family: int, kind: int, protocol: int, address: Any, deadline: Deadline
) -> socket.socket:
    with _unreachable():
        sock = socket.socket(family, kind, protocol)
    try:
        with _unreachable():
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            begun = sock.connect_ex(address)
            if begun not in _IN_PROGRESS:
                raise OSError(begun, os.strerror(begun))
        _wait(sock, selectors.EVENT_WRITE, deadline)
        problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            raise WireFailure(Failure.UNREACHABLE)
    except BaseException:
        sock.close()
        raise
    return sock


def _wait(sock: socket.socket, event: int, deadline: Deadline) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(sock, event)
        while not selector.select(min(SLICE, deadline.seconds_left)):
            pass


@contextmanager
def _unreachable() -> Iterator[None]:
    """Turn the system's errors into ours, but not a TimeoutError that somebody raised."""
    try:
        yield
    except OSError as error:
        if isinstance(error, TimeoutError) and error.errno is None:
            raise
        raise WireFailure(Failure.UNREACHABLE) from None

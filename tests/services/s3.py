"""A real S3 server (moto) as a process of its own, and a line to it that can be cut and slowed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .processes import Process, answers, free_port, wait_until

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"


@contextlib.contextmanager
def s3_in_this_process() -> Iterator[Any]:
    """Run a server in a thread, which the environment names; yields boto3's client for it."""
    import boto3
    from moto.server import ThreadedMotoServer
    from s3fs import S3FileSystem

    S3FileSystem.clear_instance_cache()  # one may be open to a server of before
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}".replace("0.0.0.0", "127.0.0.1"))
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield boto3.client("s3")
    server.stop()
    S3FileSystem.clear_instance_cache()


class S3Server:
    """A server that keeps objects in memory; `line` leads to it, `url` is its own address."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-c", "from moto.server import main; main()"]
        command += ["-H", "127.0.0.1", "-p", str(self.port)]
        self.process = Process(command, dict(os.environ), folder / "s3.log")
        self.line = Line(self.port)

    def start(self) -> None:
        self.process.start()
        wait_until(lambda: answers(f"{self.url}/moto-api/"), 60, "S3 answers")

    def stop(self) -> None:
        self.line.close()
        self.process.kill()

    def close_clients(self) -> None:
        """Close what s3fs keeps open until the process ends."""
        from fsspec.asyn import get_loop, sync
        from s3fs import S3FileSystem

        for client in [*S3FileSystem._cache.values()]:
            if client._s3 is not None:
                sync(client.loop, client._s3creator.__aexit__, None, None, None)
        S3FileSystem.clear_instance_cache()
        sync(get_loop(), asyncio.sleep, 0.1)  # aiohttp closes its sockets in the next round
        self.line.has_broken = True
        self.forget_broken()

    def forget_broken(self) -> None:
        """Collect connections that broke, which aiohttp leaves open, where nobody is warned."""
        if not self.line.has_broken:
            return  # it takes its time
        self.line.has_broken = False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()

    def client(self, key: str = KEY, secret: str = SECRET) -> Any:
        """Return boto3's client, past the line."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name="us-east-1",
        )

    def access(self, **changed: Any) -> Any:
        """Return what has S3 opened through the line, to be told to `s3_access`."""
        from ai_data_engineer.io.s3_access import S3Access

        known = {"key": KEY, "secret": SECRET, "endpoint": self.line.url, "path_style": True}
        return S3Access(**{**known, **changed})

    def empty(self, bucket: str) -> None:
        """Make the bucket, or take out what is in it."""
        if bucket not in [b["Name"] for b in self.client().list_buckets()["Buckets"]]:
            self.client().create_bucket(Bucket=bucket)
        for key in self.keys(bucket):
            self.client().delete_object(Bucket=bucket, Key=key)

    def put(self, bucket: str, key: str, body: bytes) -> None:
        self.client().put_object(Bucket=bucket, Key=key, Body=body, ACL="public-read")

    def keys(self, bucket: str) -> list[str]:
        found = self.client().list_objects_v2(Bucket=bucket)
        return [o["Key"] for o in found.get("Contents", ())]


Meddle = Callable[[bytes], bytes | None]
"""What becomes of what the client asks: None lets it pass, bytes are the answer to it."""


class Line:
    """A proxy in front of the server, which counts, cuts, delays and answers in its place."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.has_broken = False
        """Whether anything was kept from passing, since that was last asked."""
        self.heal()
        threading.Thread(target=self._accept, daemon=True).start()

    def heal(self) -> None:
        """Let everything pass from here on."""
        self.asked: list[str] = []
        """First lines of the requests."""
        self.sent = 0
        """Bytes that came from the server."""
        self.cut_after: int | None = None
        """The connection is lost after so many bytes of one answer; `cuts` times."""
        self.cuts = 0
        self.is_silent = False
        self.pieces_of, self.pause = 65536, 0.0
        """Bytes that pass at once, and seconds between that and the next ones."""
        self.instead: Meddle = lambda _: None
        self.before: Callable[[str], None] = lambda _: None
        """Called with the first line of each request before it goes on."""

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        # Who asks may go away at any moment.
        with client, contextlib.suppress(OSError):
            # One request a connection, so that each can be looked at.
            request = _head(client)
            if not request:
                return
            first = request.partition(b"\r\n")[0].decode()
            self.asked.append(first)
            self.before(first)
            if self.is_silent:
                self.has_broken = True
                while client.recv(65536):  # until the client gives up
                    pass
                return
            if (answer := self.instead(request)) is not None:
                self.has_broken = True
                is_head = first.startswith("HEAD")
                client.sendall(
                    answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if is_head else answer
                )
                return
            with socket.create_connection(("127.0.0.1", self._to)) as server:
                head, _, rest = request.partition(b"\r\n\r\n")
                lines = [x for x in head.split(b"\r\n") if not x.lower().startswith(b"connection:")]
                server.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + rest)
                threading.Thread(target=_pass, args=(client, server), daemon=True).start()
                self._back(server, client)
                # Closing alone says nothing to the other side while `_pass` waits for it.
                client.shutdown(socket.SHUT_RDWR)

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        passed = 0
        while piece := server.recv(self.pieces_of):
            time.sleep(self.pause)
            if self.cuts and self.cut_after is not None and passed + len(piece) > self.cut_after:
                self.cuts -= 1
                self.has_broken = True
                client.sendall(piece[: max(0, self.cut_after - passed)])
                return
            client.sendall(piece)
            passed += len(piece)
            self.sent += len(piece)


def _head(client: socket.socket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found:
        piece = client.recv(65536)
        if not piece:
            return b""
        found += piece
    return found


def _pass(client: socket.socket, server: socket.socket) -> None:
    try:
        while piece := client.recv(65536):
            server.sendall(piece)
    except OSError:
        return


def answer(status: str, code: str) -> bytes:
    """Return what S3 says when it does not do what it is asked."""
    body = f"<Error><Code>{code}</Code><Message>hush-hush</Message></Error>".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}"
    if status.startswith("301"):
        head += "\r\nx-amz-bucket-region: eu-central-1"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body

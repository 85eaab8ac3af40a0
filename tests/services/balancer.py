"""A reverse proxy that takes the servers in turn, and the next one when one is down."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from itertools import count

from .processes import free_port


class Balancer:
    """Forwards each TCP connection to the next of the ports that accepts one.

    A connection that was broken off shows that its server died: the client's own retries meet that,
    as they do behind any reverse proxy.
    """

    def __init__(self, ports: Sequence[int]) -> None:
        self.port = free_port()
        self.given = dict.fromkeys(ports, 0)
        """Port → how many connections it was given."""
        self.requests = 0
        """How many requests went through; what flows in websockets is not counted."""
        self._turn = count()
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self, started: threading.Event) -> None:
        starting = asyncio.start_server(self._accept, "127.0.0.1", self.port)
        server = self._loop.run_until_complete(starting)
        started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.1))
        self._loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports, turn = list(self.given), next(self._turn)
        for place in range(len(ports)):
            port = ports[(turn + place) % len(ports)]
            try:
                behind = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            self.given[port] += 1
            await asyncio.gather(_pass(reader, behind[1], self._count), _pass(behind[0], writer))
            return
        writer.close()

    def _count(self, data: bytes) -> None:
        self.requests += data.count(b" HTTP/1.1\r\n")


async def _pass(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    look: Callable[[bytes], None] = lambda data: None,
) -> None:
    with contextlib.suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(65536):
            look(data)
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()

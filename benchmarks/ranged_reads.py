"""How much is fetched of a large remote file for a profile, and for a whole pipeline?

`python -m benchmarks.ranged_reads [--size 5GB]` starts a server that speaks S3's protocol (and the
web's), with one object of that size in each format. It holds none of them: what is asked for is
made up, and counted. Then each object is profiled as `ade profile` does, and taken through what
`ade generate` reads it for: its identity, a glance, the profile, the trial of the specification and
the sample that goes into the bundle. Exits with 1 where a profile fetches more than
`MAX_PROFILE_BYTES` and 1 MiB.
"""

from __future__ import annotations

import argparse
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ai_data_engineer.io import s3_access
from ai_data_engineer.io.s3_access import S3Access
from ai_data_engineer.packaging.sampling import cut_sample
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.settings import Settings
from ai_data_engineer.sources.digest import content_digest
from ai_data_engineer.sources.location import locate
from ai_data_engineer.sources.sample import GLANCE_BYTES, read_sample
from ai_data_engineer.specifying.offline.planner import plan
from ai_data_engineer.validating import validate
from benchmarks.generate import as_bytes
from benchmarks.measuring import environment
from benchmarks.synthetic_objects import KINDS, Made

_MIB = 1024 * 1024


class Server:
    """Serves objects by ranges and counts what it sends of each."""

    def __init__(self, objects: dict[str, Made]) -> None:
        self.sent: Counter[str] = Counter()
        self.requests = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._answer(with_body=False)

            def do_GET(self) -> None:
                self._answer(with_body=True)

            def _answer(self, *, with_body: bool) -> None:
                server.requests += 1
                name = self.path.partition("?")[0].rpartition("/")[2]
                made = objects.get(name)
                if made is None:
                    self.send_response(404)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                start, end = 0, made.size
                if asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
                    start = int(asked[1])
                    end = min(int(asked[2]) + 1 if asked[2] else made.size, made.size)
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes {start}-{end - 1}/{made.size}")
                else:
                    self.send_response(200)
                self.send_header("Accept-Ranges", "bytes")
                self.send_header("Content-Length", str(end - start))
                self.send_header("ETag", f'"{name}"')
                self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
                self.end_headers()
                while with_body and start < end:
                    piece = made.read(start, min(end, start + _MIB))
                    self.wfile.write(piece)
                    server.sent[name] += len(piece)
                    start += len(piece)

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that has enough closes the connection."""

        http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{http.server_port}"
        threading.Thread(target=http.serve_forever, daemon=True).start()


def main(size: int) -> int:
    """Serve, read, print; returns the exit code."""
    settings = Settings(MAX_FILE_SIZE=2 * size)
    objects = {name: make(size) for name, make in KINDS.items()}
    server = Server(objects)
    access = S3Access("KEY", "SECRET", endpoint=server.url, path_style=True)
    s3_access.ask(lambda: access)
    print(f"{environment('s3fs', 'pyarrow')}\n")
    print("| source | size, GB | profile fetches, MiB | requests | seconds | all reads, MiB |")
    print("|---|---|---|---|---|---|")
    most = 0.0
    addresses = [*(f"s3://shop/{name}" for name in objects), f"{server.url}/shop/orders.csv"]
    for address in addresses:
        name = address.rpartition("/")[2]
        started = time.monotonic()
        profiled, requests = _fetched(
            server, name, partial(profile_source, address, settings=settings)
        )
        seconds = time.monotonic() - started
        whole, _ = _fetched(server, name, partial(_as_generate, address, settings))
        most = max(most, profiled)
        print(
            f"| {address.replace(server.url, 'http://127.0.0.1')} | {objects[name].size / 1e9:.2f} "
            f"| {profiled:.2f} | {requests} | {seconds:.1f} | {whole:.2f} |",
            flush=True,
        )
    budget = settings.max_profile_bytes / _MIB + 1
    print(f"\nMost that a profile fetched: {most:.2f} MiB; allowed are {budget:.0f}.")
    return int(most > budget)


def _fetched(server: Server, name: str, read: Callable[[], object]) -> tuple[float, int]:
    """Return MiB and requests that reading took."""
    bytes_before, requests_before = server.sent[name], server.requests
    read()
    return (server.sent[name] - bytes_before) / _MIB, server.requests - requests_before


def _as_generate(address: str, settings: Settings) -> None:
    for file in locate(address):
        read_sample(file, settings, budget=GLANCE_BYTES)
    content_digest(address, settings)
    profile = profile_source(address, settings=settings)
    spec = plan([profile])
    validate(spec)
    for source in spec.sources:
        cut_sample(source, settings.sample_rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=as_bytes, default="5GB")
    sys.exit(main(parser.parse_args().size))

"""The exporter, served on a free port."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from deployments.exporter.__main__ import looks_for
from deployments.exporter.serving import serve


class Served:
    def __init__(self, port):
        self._url = f"http://127.0.0.1:{port}"
        self.seconds = 0.0

    def get(self, path):
        """Return status and text."""
        start = time.monotonic()
        try:
            with urllib.request.urlopen(self._url + path, timeout=30) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        finally:
            self.seconds = time.monotonic() - start

    def checks(self):
        """Return the status of `/ready`, and the names of the checks that fail with their details."""
        status, text = self.get("/ready")
        checks = json.loads(text)["checks"]
        return status, {name: c["detail"] for name, c in checks.items() if not c["ok"]}


@pytest.fixture
def exporter():
    """Call it with Prefect's API; a `with` around it stops it again."""

    @contextmanager
    def serving(api):
        served = serve(looks_for(api), "127.0.0.1", 0)
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        try:
            yield Served(served.server_address[1])
        finally:
            served.shutdown()
            served.server_close()
            thread.join()
            if api is not None:
                api.close()

    return serving

"""What a run needs around it: room on disk, what it may read, a cluster, a place for bundles."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import tempfile
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ByteSize, SecretStr

from ai_data_engineer.doctor.check import Check, broken
from ai_data_engineer.errors import AdeError
from ai_data_engineer.io.network import filesystem
from ai_data_engineer.io.s3_access import access_to
from ai_data_engineer.io.storage_errors import mapped
from ai_data_engineer.settings import GIB, Settings
from ai_data_engineer.sources.policy import SourcePolicy
from ai_data_engineer.tracing import ENDPOINT

TIMEOUT = 3.0
"""Seconds for a cluster to answer."""
_LEAST = GIB
"""Free bytes below which runs are sure to fail."""
_LITTLE = 5 * GIB


def disks(settings: Settings) -> list[Check]:
    """Say how much room there is for what runs lay down, and for what is kept."""
    return [
        _room("disk for temporary files", Path(tempfile.gettempdir())),
        _room("disk of ADE_HOME", settings.home),
    ]


def _room(name: str, place: Path) -> Check:
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    told = f"{ByteSize(free).human_readable()} free at {place}"
    if free < _LEAST:
        return Check(name, "broken", f"{told}; make room, or set TMPDIR or ADE_HOME elsewhere")
    if free < _LITTLE:
        return Check(name, "missing", f"{told}, which large sources soon fill; make room")
    return Check(name, "ok", told)


def policy(settings: Settings) -> Check:
    """Say what the environment allows to be read."""
    stated = SourcePolicy.of(settings)
    kinds = {"buckets": stated.buckets, "web servers": stated.hosts, "folders": stated.folders}
    told = "; ".join(f"{kind}: {', '.join(allowed) or 'any'}" for kind, allowed in kinds.items())
    if any(kinds.values()):
        return Check("source policy", "ok", told)
    return Check(
        "source policy",
        "missing",
        "whatever this machine reaches may be read; set ADE_ALLOWED_BUCKETS, ADE_ALLOWED_HOSTS and "
        "ADE_ALLOWED_FOLDERS, or the block `source-policy`, where others may start runs",
    )


def dask(settings: Settings) -> list[Check]:
    """Say whether the scheduler of ADE_DASK_SCHEDULER can be reached."""
    if not settings.dask_scheduler:
        return []
    return [
        _knock(
            "dask",
            settings.dask_scheduler,
            port=8786,
            wrong="it is no address; set ADE_DASK_SCHEDULER such as tcp://10.0.0.5:8786",
            silent="; start `dask scheduler` there, or unset ADE_DASK_SCHEDULER",
        )
    ]


def _knock(name: str, address: str, *, port: int, wrong: str, silent: str) -> Check:
    """Say whether anything answers at an address; `port` is that of one which names none."""
    try:
        parts = urlsplit(address)
        place = (parts.hostname or "", parts.port or port)
    except ValueError:
        place = ("", 0)
    if not place[0]:
        return Check(name, "broken", wrong)
    with contextlib.suppress(OSError), socket.create_connection(place, timeout=TIMEOUT):
        return Check(name, "ok", f"something answers at {place[0]}:{place[1]}")
    return Check(name, "broken", f"nothing answers at {place[0]}:{place[1]}{silent}")


def reporting(dsn: SecretStr | None, origin: str) -> Check:
    """Say whether errors could be reported; nothing is sent."""
    if dsn is None:
        return Check(
            "error reporting", "missing", "no ADE_SENTRY_DSN and no DSN in the block `errors`"
        )
    if importlib.util.find_spec("sentry_sdk") is None:
        lacking = 'install it: pip install "ai-data-engineer[sentry]"'
        return Check("error reporting", "broken", f"the package sentry-sdk is not there; {lacking}")
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        host = Dsn(dsn.get_secret_value()).host
    except (BadDsn, ValueError):
        mend = f"the DSN in {origin} is none; copy it anew, as https://KEY@HOST/NUMBER"
        return Check("error reporting", "broken", mend)
    return Check("error reporting", "ok", f"to {host} ({origin})")


def tracing() -> list[Check]:
    """Say whether the collector of OTEL_EXPORTER_OTLP_ENDPOINT can be reached; nothing is sent."""
    if not (endpoint := os.environ.get(ENDPOINT)):
        return []
    if importlib.util.find_spec("opentelemetry.exporter") is None:
        lacking = 'install them: pip install "ai-data-engineer[tracing]"'
        return [Check("tracing", "broken", f"its packages are not there, so runs fail; {lacking}")]
    return [
        _knock(
            "tracing",
            endpoint,
            port=443 if endpoint.lower().startswith("https:") else 80,
            wrong=f"set {ENDPOINT} such as http://collector:4318",
            silent=f", so traces are lost; start the collector, or unset {ENDPOINT}",
        )
    ]


def bundles(settings: Settings) -> list[Check]:
    """Say whether the places of bundles and backups take a file, by one that is removed again."""
    places = {"bundles": settings.bundles, "backups": settings.backups}
    return [_takes_a_file(name, place) for name, place in places.items() if place]


def _takes_a_file(name: str, place: str) -> Check:
    target = f"{place.rstrip('/')}/.ade-doctor-{uuid.uuid4().hex}"
    try:
        if place.startswith("s3://"):
            access_to(place)
            with mapped(place):
                probe_remote(filesystem("s3"), target)
        else:
            probe_local(Path(target).expanduser())
    except AdeError as error:
        return broken(name, error)
    except OSError as error:
        mend = f"set ADE_{name.upper()} to a folder that can be written"
        return Check(name, "broken", f"{place} takes no file ({error.strerror}); {mend}")
    return Check(name, "ok", f"{place} takes, gives and removes a file")


def probe_local(target: Path) -> None:
    """Write, read and remove a file; raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"probe")
    try:
        target.read_bytes()
    finally:
        target.unlink()


def probe_remote(files: Any, target: str) -> None:
    """Write, read and remove an object by a file system of fsspec; raises what that does."""
    files.pipe_file(target, b"probe")
    try:
        files.cat_file(target)
    finally:
        files.rm_file(target)

"""Whose keys open S3, and where it answers: what an operator has set, else the environment.

The one who knows is told to this module once (`ask`); everything that opens S3 looks here. Keys are
held in memory alone: they are no part of an address, a setting, an argument or an environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import redact

CONNECT_SECONDS, READ_SECONDS = 5, 8
"""How long a server may keep silent: before it takes the connection, before each piece it sends."""
ATTEMPTS = 2
"""Of each request, by botocore; a body that breaks off is asked for again by s3fs as often."""


@dataclass(frozen=True)
class S3Access:
    """Keys for S3; without any, requests are not signed, which public buckets answer."""

    key: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    region: str | None = None
    endpoint: str | None = None
    """Where another server answers that speaks the protocol; None is Amazon's own."""
    path_style: bool = False
    """Whether the bucket stands in the path and not in the host's name."""
    buckets: tuple[str, ...] = ()
    """The only ones it is for; empty: any."""

    def for_s3fs(self) -> dict[str, Any]:
        """Return arguments of s3fs; nothing of the environment or the machine's role is used."""
        region = {"region_name": self.region} if self.region else {}
        config = {"ignore_configured_endpoint_urls": True}
        style: dict[str, Any] = {"s3": {"addressing_style": "path"}} if self.path_style else {}
        return {
            "anon": not self.key,
            "key": self.key,
            "secret": self.secret,
            "token": self.token,
            "endpoint_url": self.endpoint,
            "client_kwargs": region,
            "config_kwargs": {**config, **style},
        }

    def for_polars(self) -> dict[str, Any]:
        """Return `storage_options` of polars."""
        options: dict[str, Any] = {
            "aws_region": self.region or "us-east-1",
            "aws_virtual_hosted_style_request": str(not self._is_in_path()).lower(),
        }
        if self.key and self.secret:
            options |= {"aws_access_key_id": self.key, "aws_secret_access_key": self.secret}
        else:
            options["aws_skip_signature"] = "true"
        if self.token:
            options["aws_session_token"] = self.token
        if self.endpoint:
            plain = str(self.endpoint.startswith("http://")).lower()
            options |= {"aws_endpoint_url": self.endpoint, "aws_allow_http": plain}
        return options

    def _is_in_path(self) -> bool:
        # polars would take an endpoint for the bucket's own host.
        return self.path_style or self.endpoint is not None


_look_up: Callable[[], S3Access | None] = lambda: None  # noqa: E731


def ask(look_up: Callable[[], S3Access | None]) -> None:
    """Have that function asked, each time S3 is opened, for what is to be used from then on."""
    global _look_up
    _look_up = look_up


@contextmanager
def asking(look_up: Callable[[], S3Access | None]) -> Iterator[None]:
    """Have that function asked meanwhile, in all threads."""
    before = _look_up
    ask(look_up)
    try:
        yield
    finally:
        ask(before)


def access() -> S3Access | None:
    """Return what is set; None: the environment counts, or the role of the machine."""
    return _look_up()


def access_to(uri: str) -> S3Access | None:
    """Return what is set; raises SourceError `E_DENIED` where it is for other buckets."""
    found = access()
    bucket = uri.partition(":")[2].lstrip("/").partition("/")[0]
    if found and found.buckets and bucket not in found.buckets:
        raise SourceError(
            "The keys that are set are for other buckets.",
            code="E_DENIED",
            location=redact(uri),
            hint="Add the bucket to the block `s3`.",
        )
    return found

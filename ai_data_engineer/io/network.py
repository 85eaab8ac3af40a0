"""Remote storage, as fsspec speaks to it: S3, and the web within bounds."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address
from typing import Any

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.access import check_access
from ai_data_engineer.io.s3_access import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS, access

_METADATA = frozenset({"fd00:ec2::254", "100.100.100.200"})
"""Metadata services of clouds that are not at a link-local address."""


def filesystem(scheme: str) -> Any:
    """Return the file system for `s3`, `http` or `https`."""
    import fsspec  # late: a local run needs none of it

    if scheme == "s3":
        return _s3()
    return fsspec.filesystem(scheme, get_client=_web_client)


def _s3() -> Any:
    import fsspec

    found = access()
    options = found.for_s3fs() if found else {}
    # By themselves s3fs and botocore try a silent server for six minutes.
    config = {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": READ_SECONDS,
        "retries": {"mode": "standard", "total_max_attempts": ATTEMPTS},
        **options.pop("config_kwargs", {}),
    }
    # A listing that was cached before a file arrived would hide the file.
    s3 = fsspec.filesystem("s3", use_listings_cache=False, config_kwargs=config, **options)
    s3.retries = ATTEMPTS
    return s3


async def _web_client(**options: Any) -> Any:
    import aiohttp

    # A large file may take its time, a silent server may not.
    patience = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=60)
    connector = aiohttp.TCPConnector(socket_factory=_socket)
    return aiohttp.ClientSession(
        connector=connector, timeout=patience, middlewares=(_checked,), **options
    )


async def _checked(request: Any, send: Any) -> Any:
    """Ask whether a server may be read, of each that a redirection leads to as well."""
    check_access(str(request.url))
    return await send(request)


def _socket(address: tuple[Any, ...]) -> socket.socket:
    """Return a socket to connect with, unless to where a cloud hands out its machines' keys.

    The address is the one that a name or a redirection led to.
    """
    family, kind, protocol, _, (host, *_) = address
    to = ip_address(str(host).partition("%")[0])
    if isinstance(to, IPv6Address) and to.ipv4_mapped is not None:
        to = to.ipv4_mapped
    if to.is_link_local or str(to) in _METADATA:
        raise SourceError(
            "A service of the machine itself is not read.",
            code="E_DENIED",
            location=str(to),
            hint="Name a server that holds data.",
        )
    return socket.socket(family, kind, protocol)

"""Addresses of sources: what kind they are, and what of them may be shown or kept."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

CREDENTIALS = (
    r"(?i)^[a-z][a-z0-9+.-]+:/+[^/?#]*@"
    r"|[?&](x-(amz|goog)-[a-z-]*|[a-z_-]*(signature|token|secret|passw(or)?d|pwd|credentials?"
    r"|api_?-?key|access_?key_?(id)?)|key-pair-id|key|sig|auth)="
)
"""What the addresses look like that must not be kept, also as a pattern of JSON Schema."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/+")
_USER = re.compile(r"^([^:\[]*:(?!\d*(?:/|$)).*|[^/]*)@")
"""User and password; a password that was not encoded may hold slashes."""


def scheme_of(uri: str) -> str:
    """Return `s3`, `https` and so on in lower case; nothing for a path."""
    match = _SCHEME.match(uri)
    return match[1].lower() if match else ""


def local_path(uri: str) -> Path:
    """Return the path for a local address, with or without `file://`.

    Raises ValueError for a file of another host and RuntimeError for the home of an unknown user.
    """
    if scheme_of(uri) != "file":
        return Path(uri).expanduser()
    parts = urlsplit(uri)
    if parts.netloc not in ("", "localhost"):
        raise ValueError("a file of another host")
    return Path(unquote(parts.path))


def redact(uri: str) -> str:
    """Return the address without user, password, query and fragment: fit for any message."""
    scheme = scheme_of(uri)
    if scheme in ("", "file"):
        return uri
    # In `s3://` a question mark belongs to a key or a glob.
    plain = uri if scheme == "s3" else re.split(r"[?#]", uri, maxsplit=1)[0]
    return _without_user(plain)


def file_name(uri: str) -> str:
    """Return the name of the file that an address names, of one in an archive its own name.

    Folders, host, query and credentials are no part of it.
    """
    plain = redact(uri)
    if scheme_of(uri) not in ("", "s3"):
        plain = unquote(plain)
    return plain.rstrip("/").rpartition("/")[2]


def without_credentials(uri: str) -> str:
    """Return the address without user, password and what else opens a door: fit for keeping.

    Of a query only the parameters that are named like a credential go; the others say which data
    are meant.
    """
    if scheme_of(uri) in ("", "file", "s3"):
        return redact(uri)
    plain, mark, query = uri.partition("#")[0].partition("?")
    kept = [p for p in query.split("&") if not re.search(CREDENTIALS, f"?{p}")]
    return _without_user(plain) + (mark + "&".join(kept) if any(kept) else "")


def has_credentials(uri: str) -> bool:
    """Whether something in the address must not be kept."""
    return re.search(CREDENTIALS, uri) is not None


def _without_user(uri: str) -> str:
    head = _SCHEME.match(uri)
    assert head is not None
    return head[0] + _USER.sub("", uri[head.end() :])

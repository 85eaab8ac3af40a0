"""What tells one state of a remote file from the next without reading it."""

from __future__ import annotations

import datetime as dt
import email.utils
from typing import Any

from ai_data_engineer.io.addresses import redact, scheme_of, without_credentials
from ai_data_engineer.io.network import filesystem
from ai_data_engineer.io.s3_access import access_to
from ai_data_engineer.io.storage_errors import mapped

_SETTLED = dt.timedelta(minutes=5)
"""How old a time must be that has seconds only, and is of another machine's clock, to say much."""


def version(uri: str) -> str | None:
    """Return what is another one as soon as a remote file is; None: it has to be read.

    On S3 it is the ETag, which is a digest of the content or another one with each write, and the
    size. Of a web server it is a strong ETag (RFC 9110, 8.8.3), or else a time of the last change
    that is some minutes old, and the size; both mean something for that address alone.

    Raises what `open_source` raises.
    """
    scheme = scheme_of(uri)
    if scheme not in ("s3", "http", "https"):
        return None
    if scheme == "s3":
        access_to(uri)
    with mapped(redact(uri)):
        found: dict[str, Any] = filesystem(scheme).info(uri)
    size, etag = found.get("size"), found.get("ETag")
    if scheme == "s3":
        return f"{etag} {size}" if etag else None
    if size is None:
        return None
    address = without_credentials(uri)
    if etag and not etag.startswith("W/"):
        return f"{address} {etag} {size}"
    changed = found.get("Last-Modified")
    return f"{address} {changed} {size}" if changed and _is_settled(changed) else None


def _is_settled(moment: str) -> bool:
    try:
        changed = email.utils.parsedate_to_datetime(moment)
        return dt.datetime.now(dt.UTC) - changed > _SETTLED
    except (ValueError, TypeError):
        return False

"""The digest of a source's content, whatever its name and place."""

from __future__ import annotations

import hashlib

from ai_data_engineer.io.opening import open_source
from ai_data_engineer.sources.location import locate

_CHUNK = 1024 * 1024


def content_digest(uri: str) -> str:
    """Return the sha256 of all bytes as stored, read in bounded memory.

    Several files of a glob count in their order. Raises what `open_source` and `expand` raise.
    """
    whole = hashlib.sha256()
    for file in locate(uri):
        one = hashlib.sha256()
        with open_source(file) as stored:
            while chunk := stored.read(_CHUNK):
                one.update(chunk)
        whole.update(one.digest())
    return whole.hexdigest()

"""The digest of a source's content, whatever its name and place."""

from __future__ import annotations

import hashlib

from ai_data_engineer.io.addresses import redact
from ai_data_engineer.io.opening import open_source
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.sources.location import locate
from ai_data_engineer.sources.sample import accepted_size

_CHUNK = 1024 * 1024


def content_digest(uri: str, settings: Settings | None = None) -> str:
    """Return the sha256 of all bytes as stored, read in bounded memory.

    Several files of a glob count in their order. Raises what `locate` and `open_source` raise, and
    SourceError `E_TOO_LARGE`.
    """
    settings = settings or load_settings()
    whole = hashlib.sha256()
    for file in locate(uri, settings):
        one = hashlib.sha256()
        with open_source(file) as stored:
            accepted_size(stored, settings, redact(file))
            while chunk := stored.read(_CHUNK):
                one.update(chunk)
        whole.update(one.digest())
    return whole.hexdigest()

"""The digest of a source's content, whatever its name and place."""

from __future__ import annotations

import hashlib

from ai_data_engineer.io.addresses import redact
from ai_data_engineer.io.archives import MEMBER
from ai_data_engineer.io.opening import open_source
from ai_data_engineer.io.versions import version
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.sources.location import locate
from ai_data_engineer.sources.sample import accepted_size

_CHUNK = 1024 * 1024


def content_digest(uri: str, settings: Settings | None = None) -> str:
    """Return the sha256 of all bytes as stored, read in bounded memory.

    For a remote file whose storage tells one state from the next it is that of what the storage
    says (`version`), and nothing is read. Several files of a glob count in their order. Raises what
    `locate` and `open_source` raise, and SourceError `E_TOO_LARGE`.
    """
    settings = settings or load_settings()
    whole = hashlib.sha256()
    for file in locate(uri, settings):
        archive, _, member = file.partition(MEMBER)
        if (said := version(archive)) is not None:
            whole.update(f"{said}\n{member}\n".encode())
        else:
            whole.update(_digest(file, settings))
    return whole.hexdigest()


def told_digest(uri: str, settings: Settings | None = None) -> str | None:
    """Return `content_digest` where storage tells it and nothing has to be read, else None."""
    settings = settings or load_settings()
    whole = hashlib.sha256()
    for file in locate(uri, settings):
        archive, _, member = file.partition(MEMBER)
        if (said := version(archive)) is None:
            return None
        whole.update(f"{said}\n{member}\n".encode())
    return whole.hexdigest()


def _digest(file: str, settings: Settings) -> bytes:
    one = hashlib.sha256()
    with open_source(file) as stored:
        accepted_size(stored, settings, redact(file))
        while chunk := stored.read(_CHUNK):
            one.update(chunk)
    return one.digest()

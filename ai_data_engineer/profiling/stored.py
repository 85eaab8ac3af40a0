"""Profiles that were written to a file earlier."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.profile import FileProfile

_MARK = b'"profile_version"'
"""The first field of every profile."""
_MOST_BYTES = 512 * 1024 * 1024


def stored_profile(path: str) -> FileProfile | None:
    """Return the profile that a local file holds; None when the file is anything else.

    Raises:
        SourceError: `E_PROFILE` when it is a profile of another version, or a damaged one.
    """
    file = Path(path)
    if "://" in path or not file.is_file():
        return None
    with file.open("rb") as stream:
        if _MARK not in stream.read(64):
            return None
        stream.seek(0)
        text = stream.read(_MOST_BYTES)
    try:
        return FileProfile.from_json(text)
    except ValidationError:
        pass  # its text quotes what it refuses
    raise SourceError(
        "This profile cannot be read: it is damaged, or of another version.",
        code="E_PROFILE",
        location=path,
        hint="Profile the source again with --json.",
    )

"""ZIP files that are the same bytes for the same content, with names that are safe anywhere."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from ai_data_engineer.errors import OutputError

_WHEN = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PERMISSIONS = 0o100644 << 16
_LEVEL = 6
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$")
_PART = re.compile(r"[A-Za-z0-9._=@+-]+( [A-Za-z0-9._=@+-]+)*")
_MAX_NAME = 240


def write_archive(files: Mapping[str, bytes], path: Path | BinaryIO) -> None:
    """Write the files (name → content) in the order of their names.

    Raises OutputError `E_UNSAFE_NAME` for a name that could land elsewhere, or nowhere, on some
    system.
    """
    check_names(files)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, date_time=_WHEN)
            member.create_system = _UNIX
            member.external_attr = _PERMISSIONS
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])


def archive_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return the same in memory; raises as `write_archive` does."""
    target = io.BytesIO()
    write_archive(files, target)
    return target.getvalue()


def check_names(names: Mapping[str, bytes] | list[str]) -> None:
    """Raise OutputError for an unsafe name, or for two that some systems take for one."""
    seen: dict[str, str] = {}
    for name in names:
        if not _is_safe(name):
            raise OutputError(f"The name {name!r} is not safe.", code="E_UNSAFE_NAME")
        folded = name.casefold()
        if folded in seen:
            raise OutputError(
                f"{seen[folded]!r} and {name!r} are one file on some systems.", code="E_UNSAFE_NAME"
            )
        seen[folded] = name


def _is_safe(name: str) -> bool:
    parts = name.split("/")
    return (
        name.isascii()
        and len(name) <= _MAX_NAME
        and all(
            _PART.fullmatch(part) and not part.endswith(".") and not _RESERVED.match(part)
            for part in parts
        )
    )

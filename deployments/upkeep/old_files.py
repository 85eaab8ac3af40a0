"""Bundles and backups that are kept for so long, or so many of them; in a folder or on S3."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ai_data_engineer.io.addresses import scheme_of
from ai_data_engineer.io.network import filesystem
from deployments.upkeep.leftovers import Found

BUNDLE = re.compile(r".+-[0-9a-f]{12}\.zip")
"""Names that `generate` gives; a file that a person named is the person's."""
BACKUP = re.compile(r"ade-\d{8}T\d{6}Z\.zip")


def older(place: str, days: int, now: datetime | None = None) -> list[Found]:
    """Return bundles that were written more than so many days ago."""
    before = (now or datetime.now(UTC)) - timedelta(days=days)
    return [found for found, written in _listed(place, BUNDLE) if written < before]


def beyond(place: str, keep: int) -> list[Found]:
    """Return the backups but for the newest `keep`; their names say when they were made."""
    backups = sorted((found for found, _ in _listed(place, BACKUP)), key=lambda one: one.path)
    return backups[: max(0, len(backups) - keep)]


def remove(place: str, found: list[Found]) -> None:
    """Remove them; what has gone meanwhile is no error."""
    for one in found:
        if scheme_of(place) == "s3":
            filesystem("s3").rm_file(one.path)
        else:
            Path(one.path).unlink(missing_ok=True)


def _listed(place: str, name: re.Pattern[str]) -> list[tuple[Found, datetime]]:
    if scheme_of(place) == "s3":
        files: Any = filesystem("s3")
        found = files.ls(place, detail=True) if files.exists(place) else []
        return [
            (Found(one["name"], int(one["size"])), one["LastModified"])
            for one in found
            if one["type"] == "file" and name.fullmatch(one["name"].rpartition("/")[2])
        ]
    folder = Path(place).expanduser()
    states = [(path, path.stat()) for path in folder.iterdir()] if folder.is_dir() else []
    return [
        (Found(str(path), state.st_size), datetime.fromtimestamp(state.st_mtime, UTC))
        for path, state in states
        if path.is_file() and not path.is_symlink() and name.fullmatch(path.name)
    ]

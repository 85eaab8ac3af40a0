"""A backup as a file: a ZIP of readable JSON with a manifest, for its owner alone (0600)."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ai_data_engineer import __version__
from ai_data_engineer.errors import AdeError, OutputError
from ai_data_engineer.io.addresses import scheme_of
from ai_data_engineer.io.network import filesystem
from ai_data_engineer.io.storage_errors import mapped, not_found
from deployments.recovery.hiding import Pointer
from deployments.recovery.sealing import seal, unseal

FORMAT = "ade-backup"
VERSION = 1
_MANIFEST = "manifest.json"
_SECRETS = "secrets.json"
_LARGEST = 256 * 1024**2
"""Bytes of configuration at the most; a server with thousands of deployments has some MiB."""


@dataclass
class Backup:
    """The configuration of a server: section → name → what it is, names in place of ids."""

    created: datetime
    sections: dict[str, dict[str, Any]]
    """With HIDDEN wherever a secret was."""
    secrets: list[tuple[Pointer, Any]] = field(default_factory=list)
    """What was hidden, where it is known."""
    are_sealed: bool = False
    """Whether there are secrets in the file that take a passphrase to read."""


def write(backup: Backup, target: str, passphrase: str | None) -> None:
    """Write it whole or not at all, to a path or an `s3://` address; raises OutputError."""
    files = {
        f"configuration/{name}.json": _json(section) for name, section in backup.sections.items()
    }
    if passphrase and backup.secrets:
        files[_SECRETS] = _json(seal(backup.secrets, passphrase))
    sealed = "sealed" if _SECRETS in files else "left out"
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "created": backup.created.isoformat(),
        "ai-data-engineer": __version__,
        "prefect": version("prefect"),
        "counts": {name: len(section) for name, section in backup.sections.items()},
        "secrets": sealed if backup.secrets else "none",
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {_MANIFEST: _json(manifest), **files}.items():
            archive.writestr(name, data)
    _store(packed.getvalue(), target)


def read(source: str, passphrase: str | None) -> Backup:
    """Return what a backup holds, with its secrets where the passphrase is given.

    Raises AdeError `E_BACKUP` for a file that is no backup, damaged, or of a later version;
    SettingsError for the wrong passphrase; SourceError where it cannot be read.
    """
    files = _unpacked(_fetch(source), source)
    try:
        manifest = json.loads(files.pop(_MANIFEST))
        if manifest["format"] != FORMAT:
            raise ValueError
        if manifest["version"] > VERSION:
            raise _unusable(source, "It is of a later version than this one.")
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        if digests != manifest["sha256"]:
            raise _unusable(source, "It was changed or damaged: its checksums do not fit.")
        sections = {
            name.removeprefix("configuration/").removesuffix(".json"): json.loads(data)
            for name, data in files.items()
            if name.startswith("configuration/")
        }
        created = datetime.fromisoformat(manifest["created"])
        sealed = json.loads(files[_SECRETS]) if _SECRETS in files else None
    except (KeyError, TypeError, ValueError):
        problem = _unusable(source, "This is no backup of ours.")
    else:
        opened = unseal(sealed, passphrase) if sealed and passphrase else []
        taken = [(tuple(place), value) for place, value in opened]
        return Backup(created, sections, taken, sealed is not None)
    raise problem


def _unpacked(data: bytes, source: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                raise _unusable(source, "It is larger than any configuration.")
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError):
        problem = _unusable(source, "This is no backup, or it is damaged.")
    raise problem


def _unusable(source: str, why: str) -> AdeError:
    return AdeError(why, code="E_BACKUP", location=source, hint="Take another one.")


def _fetch(source: str) -> bytes:
    with mapped(source):
        if scheme_of(source) == "s3":
            return bytes(filesystem("s3").cat_file(source))
        path = Path(source).expanduser()
        if not path.is_file():
            raise not_found(source)
        return path.read_bytes()


def _store(data: bytes, target: str) -> None:
    if scheme_of(target) == "s3":
        with mapped(target):  # an object appears when all of it has arrived
            filesystem("s3").pipe_file(target, data)
        return
    path = Path(target).expanduser()
    if not path.name or path.is_dir():
        raise OutputError("This is a folder, not a file.", location=target, hint="Name a file.")
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise OutputError(f"It cannot be written ({error.strerror}).", location=target) from None


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()

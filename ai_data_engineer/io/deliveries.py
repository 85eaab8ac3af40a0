"""What has been appended to an output: a ledger beside it, so that a run can be repeated.

A delivery is told by the content of its files: renamed or fetched again it is the same one. The
ledger is written before an output takes its place, with what that will look like, and again after
it, so that a run killed in between leaves no doubt.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from ai_data_engineer.errors import OutputError
from ai_data_engineer.io.addresses import local_path, redact, scheme_of
from ai_data_engineer.io.opening import expand, open_source

SUFFIX = ".appended.json"
"""Ending of a ledger's name, behind that of the output."""


def digests(uris: Iterable[str]) -> dict[str, str]:
    """Return sha256 → address, without credentials, of every file that addresses name."""
    found = {}
    for address in (file for uri in uris for file in _files(uri)):
        with open_source(address) as stream:
            found[hashlib.file_digest(stream, "sha256").hexdigest()] = redact(address)  # type: ignore[arg-type]
    return found


def _files(uri: str) -> list[str]:
    """Return the files behind an address; only Spark reads folders, of Parquet."""
    if scheme_of(uri) in ("", "file") and (folder := local_path(uri)).is_dir():
        return [str(path) for path in sorted(folder.rglob("*.parquet"))]
    return expand(uri)


class Ledger:
    """The deliveries that an output holds; made, it clears up after a run that was killed.

    Raises OutputError `E_APPENDED` where it cannot be read. Without its output it is empty.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._path = output.with_name(output.name + SUFFIX)
        self._appended: list[dict[str, Any]] = []
        if output.exists() and self._path.exists():
            self._read()

    def when(self, files: Mapping[str, str], output_id: str) -> str | None:
        """Return when a delivery was appended, None for one that is new.

        Raises OutputError `E_APPENDED` for one of which only some files were.
        """
        moments = {digest: e["at"] for e in self._appended for digest in e["files"]}
        known = [digest for digest in files if digest in moments]
        if known and len(known) < len(files):
            raise OutputError(
                f"{len(known)} of the {len(files)} files that are delivered were appended before, "
                f"such as {files[known[0]]}.",
                code="E_APPENDED",
                location=output_id,
                hint="Name the new files alone with --source, or append all with --append-again.",
            )
        return max(moments[digest] for digest in known) if known else None

    def begin(self, files: Mapping[str, str], fresh: Mapping[str, Path]) -> None:
        """Note down that files are about to move, by their names below the output (`.`: itself)."""
        self._write(self._entry(files), {name: _state(path) for name, path in fresh.items()})

    def end(self, files: Mapping[str, str]) -> None:
        """Note down that a delivery is in its place."""
        self._appended.append(self._entry(files))
        self._write(None, {})

    def _entry(self, files: Mapping[str, str]) -> dict[str, Any]:
        return {"at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "files": dict(files)}

    def _write(self, entry: dict[str, Any] | None, moving: Mapping[str, list[int]]) -> None:
        found = {"appended": self._appended, "under_way": entry, "moving": dict(moving)}
        partial = self._path.with_name(f"{self._path.name}.partial")
        partial.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
        partial.replace(self._path)

    def _read(self) -> None:
        try:
            found = orjson.loads(self._path.read_bytes())
            self._appended = found["appended"]
            under_way, moving = found["under_way"], found["moving"]
        except (ValueError, KeyError, TypeError):
            problem = True
        else:
            problem = False
        if problem:
            raise OutputError(
                "This is no list of what was appended.",
                code="E_APPENDED",
                location=str(self._path),
                hint="Bring it back from a copy; without it nobody knows what the output holds.",
            )
        if under_way is not None:
            self._settle(under_way, moving)

    def _settle(self, under_way: dict[str, Any], moving: Mapping[str, list[int]]) -> None:
        """Tell whether what a killed run was about to append has arrived; half of it goes."""
        places = {self._output / name: state for name, state in moving.items()}
        arrived = [p for p, state in places.items() if p.exists() and _state(p) == state]
        if len(arrived) == len(places):
            self._appended.append(under_way)
        elif self._output.is_dir():
            for path in arrived:
                path.unlink()
        self._write(None, {})


def _state(path: Path) -> list[int]:
    """Return what stays as it is when a file is moved: its size and when it was written."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]

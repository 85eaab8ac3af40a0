"""Which sources a batch has: addresses, globs and a manifest, each source once.

What cannot be found or read here is the outcome of that one source; the others go on.
"""

from __future__ import annotations

import csv
import glob
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from ai_data_engineer.batching.request import BatchRequest, Item, Outcome
from ai_data_engineer.errors import AdeError, SourceError
from ai_data_engineer.io.addresses import local_path, redact, scheme_of
from ai_data_engineer.io.archives import MEMBER
from ai_data_engineer.io.opening import open_source
from ai_data_engineer.requests import GenerateRequest
from ai_data_engineer.settings import MIB, Settings
from ai_data_engineer.sources.location import locate
from ai_data_engineer.sources.policy import check, check_with

MAX_MANIFEST = 64 * MIB


@dataclass
class Named:
    """The sources of a batch in their order, and what is wrong with others."""

    items: list[Item] = field(default_factory=list)
    unusable: list[Outcome] = field(default_factory=list)
    repeated: int = 0


def named(request: BatchRequest, settings: Settings) -> Named:
    """Return the sources of a batch; a glob stands for its files, one source each.

    Raises:
        SourceError: the manifest cannot be read, or is none: `E_MANIFEST`.
        TransientError: what may pass by itself, of the manifest.
    """
    found = Named()
    wanted = [(source, Item(source=source, goal=request.goal)) for source in request.sources]
    seen: set[tuple[str, str]] = set()
    for where, item in (*wanted, *_manifest(request, settings, found)):
        try:
            files = _files(item.source, settings)
        except AdeError as error:
            found.unusable.append(_failed(where, item.goal, error))
            continue
        for file in files:
            key = (_same(file), item.goal)
            found.repeated += key in seen
            if key not in seen:
                seen.add(key)
                found.items.append(Item(source=file, goal=item.goal))
    return found


def _files(uri: str, settings: Settings) -> list[str]:
    if not glob.has_magic(uri) or MEMBER in uri or scheme_of(uri) not in ("", "file", "s3"):
        return [uri]
    # An archive is one source, however many files there are in it.
    files = locate(uri, settings)
    return list(dict.fromkeys(file.partition(MEMBER)[0] for file in files))


def _same(uri: str) -> str:
    """Return one spelling for what is the same file, as far as the address tells."""
    if scheme_of(uri) in ("", "file"):
        try:
            return str(local_path(uri).absolute())
        except (ValueError, RuntimeError):
            return uri
    return uri


def _manifest(
    request: BatchRequest, settings: Settings, found: Named
) -> Iterator[tuple[str, Item]]:
    if request.manifest is None:
        return
    place = redact(request.manifest)
    text = _text(request.manifest, settings)
    rows = _json(text, place) if text.lstrip()[:1] in ("[", "{") else _csv(text, place)
    for where, row in rows:
        source = row.get("source")
        goal = row.get("goal")
        try:
            wanted = GenerateRequest.checked(
                sources=[source], goal=request.goal if goal in (None, "") else goal
            )
        except AdeError as error:
            found.unusable.append(_failed(where, "", error))
            continue
        uri = _from(request.manifest, wanted.sources[0])
        yield redact(uri), Item(source=uri, goal=wanted.goal)


def _text(manifest: str, settings: Settings) -> str:
    check_with(settings, manifest)
    check(manifest)
    with open_source(manifest) as stream:
        data = stream.read(MAX_MANIFEST + 1)
    if len(data) > MAX_MANIFEST:
        raise _no_manifest(redact(manifest), f"It is larger than {MAX_MANIFEST // MIB} MiB.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise _no_manifest(redact(manifest), "It is not UTF-8.")


def _json(text: str, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _no_manifest(place, "It is no JSON array of objects.")
    return ((f"{place}, entry {number}", row) for number, row in enumerate(rows, 1))


def _csv(text: str, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if "source" not in (reader.fieldnames or ()):
        raise _no_manifest(place, "It has no column `source`.")
    return ((f"{place}, line {reader.line_num}", row) for row in reader)


def _no_manifest(place: str, why: str) -> SourceError:
    return SourceError(
        f"This is no manifest. {why}",
        code="E_MANIFEST",
        location=place,
        hint="Write a CSV with the columns source,goal or a JSON array of such objects.",
    )


def _from(manifest: str, uri: str) -> str:
    """Return the address as seen from the folder of the manifest."""
    if scheme_of(uri) or uri.startswith(("/", "~")):
        return uri
    if scheme_of(manifest) in ("", "file"):
        return str(local_path(manifest).absolute().parent / uri)
    return f"{manifest.rpartition('/')[0]}/{PurePosixPath(uri)}"


def _failed(where: str, goal: str, error: AdeError) -> Outcome:
    return Outcome(
        source=redact(where), goal=goal, ending="failed", code=error.code, problem=str(error)
    )

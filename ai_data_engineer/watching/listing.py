"""What lies in a folder or a bucket now, page by page: names, sizes and versions, no content."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fsspec.utils import glob_translate
from pydantic import TypeAdapter, ValidationError

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import local_path, redact, scheme_of
from ai_data_engineer.io.network import filesystem
from ai_data_engineer.io.storage_errors import mapped, not_found
from ai_data_engineer.requests import SourceUri
from ai_data_engineer.settings import Settings
from ai_data_engineer.sources.policy import check, check_with

PAGE = 1000
"""Files that are looked at together; what S3 lists in one answer."""
IGNORED = (
    *(".*", "*~", "~$*", "*.part", "*.partial", "*.filepart", "*.tmp", "*.temp", "*.swp", "*.lock"),
    *("*.crdownload", "*.download", "*.opdownload", "*.!ut", "*.aria2", "*.crc", "*$folder$"),
    *("_success", "_temporary", "_started_*", "_committed_*", "_spark_metadata", "_delta_log"),
    *("thumbs.db", "desktop.ini", "lost+found"),
)
"""Hidden names, and what programs call a file that is not whole yet or none of the data."""
_ADDRESS: TypeAdapter[str] = TypeAdapter(SourceUri)


@dataclass(frozen=True)
class Found:
    """A file as it lies there now; `version` is its ETag, or the time of its last change in ns."""

    uri: str
    size: int
    version: str
    path: str | None = None
    """Where it lies on this machine; None: in a bucket."""

    @property
    def is_usable(self) -> bool:
        """Whether a request can hold the address and means this very file by it."""
        return _means_itself(self.uri) and (self.path is None or _is_text(self.path))

    def now(self) -> Found | None:
        """Return the same file as it is now, None when it is gone. Objects are taken as found."""
        if self.path is None:
            return self
        try:
            return _found(self.path, Path(self.path).stat())
        except OSError:
            return None


def list_place(place: str, ignore: Sequence[str], settings: Settings) -> Iterator[list[Found]]:
    """Yield what lies in a place in pages of at most PAGE, in no order.

    Raises:
        SourceError: `E_NOT_FOUND` for a folder or bucket that is not there, `E_DENIED`,
            `E_ADDRESS` for what cannot be listed. Of a folder that is read in part, at its end.
        TransientError: What may pass by itself.
    """
    check_with(settings, place)
    check(place)
    ignored = re.compile("|".join(fnmatch.translate(p.lower()) for p in (*IGNORED, *ignore)))
    match scheme_of(place):
        case "s3":
            return _in_bucket(place, ignored)
        case "" | "file":
            return _in_folder(place, ignored)
    raise SourceError(
        "This cannot be watched.",
        code="E_ADDRESS",
        location=redact(place),
        hint="Name folders, globs and s3://… only.",
    )


def _in_folder(place: str, ignored: re.Pattern[str]) -> Iterator[list[Found]]:
    with mapped(redact(place)):
        whole = local_path(place).absolute()
        if whole.is_dir():
            root, rest = str(whole), "*"
        else:
            root, rest = _split(str(whole))
        if not Path(root).is_dir():
            raise not_found(root)
        depth = None if "**" in rest else rest.count("/")
    page: list[Found] = []
    for found in _walk(root, depth, _matches(rest, place), ignored):
        page.append(found)
        if len(page) == PAGE:
            yield page
            page = []
    yield page


def _split(pattern: str) -> tuple[str, str]:
    """Return the folder that is fixed, and the pattern below it."""
    magic = re.search(r"[*?\[]", pattern)
    folder, _, _ = (pattern[: magic.start()] if magic else pattern).rpartition("/")
    return folder or "/", pattern[len(folder) + 1 :]


def _matches(rest: str, place: str) -> Callable[[str], bool]:
    if not glob.has_magic(rest):
        return lambda name: name == rest
    try:
        pattern = re.compile(glob_translate(rest))
    except (ValueError, re.error):
        pattern = None
    if pattern is None:
        raise SourceError(
            "This is no pattern.",
            code="E_ADDRESS",
            location=redact(place),
            hint="`**` stands alone between slashes; brackets are closed.",
        )
    return lambda name: pattern.match(name) is not None


def _walk(
    root: str, depth: int | None, matches: Callable[[str], bool], ignored: re.Pattern[str]
) -> Iterator[Found]:
    folders, problem = [(root, 0)], None
    while folders:
        folder, level = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except FileNotFoundError:  # removed meanwhile; the root itself was just there
            continue
        except OSError as error:
            problem = (folder, error)  # what can be read is not held up by it
            continue
        for entry in entries:
            if ignored.match(entry.name.lower()):
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth is None or level < depth:
                    folders.append((entry.path, level + 1))
            elif matches(entry.path[len(root.rstrip("/")) + 1 :]) and entry.is_file():
                try:
                    yield _found(entry.path, entry.stat())
                except FileNotFoundError:
                    continue
    if problem is not None:
        with mapped(problem[0]):
            raise problem[1]


def _found(path: str, stat: os.stat_result) -> Found:
    # A plain path is what people read; an address holds what a plain path cannot say.
    uri = path if _means_itself(path) else Path(path).as_uri()
    return Found(uri, stat.st_size, str(stat.st_mtime_ns), path)


def _means_itself(uri: str) -> bool:
    try:
        return _is_text(uri) and _ADDRESS.validate_python(uri) == uri
    except ValidationError:
        return False


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8
        return False
    return True


def _in_bucket(place: str, ignored: re.Pattern[str]) -> Iterator[list[Found]]:
    bucket, _, pattern = place.partition(":")[2].lstrip("/").partition("/")
    if not glob.has_magic(pattern):
        pattern = f"{pattern.rstrip('/')}/*".lstrip("/")
    folder, rest = _split(f"/{pattern}")
    start = f"{folder.strip('/')}/".lstrip("/")
    matches = _matches(rest, place)
    magic = re.search(r"[*?\[]", rest)
    wanted = {"Bucket": bucket, "Prefix": start + rest[: magic.start() if magic else None]}
    if "/" not in rest and "**" not in rest:
        wanted["Delimiter"] = "/"  # what lies in folders below is not even listed
    while True:
        with mapped(redact(place)):
            page = filesystem("s3").call_s3("list_objects_v2", MaxKeys=PAGE, **wanted)
        yield [
            Found(f"s3://{bucket}/{key}", object["Size"], object["ETag"].strip('"'))
            for object in page.get("Contents", ())
            if matches(name := (key := object["Key"])[len(start) :])
            and not any(ignored.match(part.lower()) for part in name.split("/"))
        ]
        if not page.get("IsTruncated"):
            return
        wanted["ContinuationToken"] = page["NextContinuationToken"]

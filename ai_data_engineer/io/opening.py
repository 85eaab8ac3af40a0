"""Opening sources: a local path, `s3://…` or `https://…`, as a stream of decompressed bytes.

No more is held in memory than a few buffers, however large the source and however far it expands.
"""

from __future__ import annotations

import contextlib
import fnmatch
import glob
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.access import check_access, own_place
from ai_data_engineer.io.addresses import local_path, redact, scheme_of
from ai_data_engineer.io.archives import (
    EMPTY_ZIP,
    MEMBER,
    ZIP,
    data_members,
    is_package,
    open_archive,
    open_member,
)
from ai_data_engineer.io.expanding import ExpandingReader
from ai_data_engineer.io.network import filesystem
from ai_data_engineer.io.s3_access import access_to
from ai_data_engineer.io.storage_errors import mapped, not_found

BUFFER = 256 * 1024
_BLOCK = 4 * 1024 * 1024
"""What is fetched ahead of a remote file; s3fs's own 50 MB is more than a whole sample."""
_SMALL_BLOCK = 1024 * 1024
"""The same where the reader jumps; fsspec keeps 32 of them."""
LITTLE = 256 * 1024
"""What to fetch ahead where only the beginning, or a directory, is wanted."""
_NAMED = 5
"""Files that an error names."""


@contextlib.contextmanager
def open_source(
    uri: str,
    *,
    compression: str = "none",
    max_expanded: int | None = None,
    max_ratio: int | None = None,
    random_access: bool = False,
    ahead: int | None = None,
) -> Iterator[BinaryIO]:
    """Open one source for reading, decompressed.

    Args:
        uri: A path, `file://…`, `s3://…`, `https://…` or `http://…`, not a glob; a file in an
            archive as `archive.zip!/name`.
        compression: `none`, `gzip`, `zstd`, `bz2` or `xz`; `zip` says that the file comes out of
            an archive, which its address says too.
        max_expanded: Bytes that a compressed source may expand to; None: any number.
        max_ratio: Expanded bytes for each stored byte, once 64 MiB have been expanded.
        random_access: Whether the reader jumps to and fro, so that a remote file is fetched in
            blocks of which several are kept.
        ahead: How many bytes of a remote file are fetched beyond what is asked for; None: as many
            as suit who reads it whole.

    Raises:
        SourceError: `E_NOT_FOUND`, `E_DENIED`, `E_IS_DIRECTORY` or `E_ADDRESS` here, and what
            the guard of this process raises;
            `E_TRUNCATED`, `E_CORRUPT` or `E_EXPANSION` here or from the stream's reads.
        TransientError: What may pass by itself: network, 429, 5xx; here or from reads.
    """
    check_access(uri)
    place = redact(uri)
    with contextlib.ExitStack() as stack:
        stored: io.RawIOBase
        if member := _member(uri):
            stored = stack.enter_context(_open_in_archive(*member, ahead))
        else:
            stored = _Stored(
                stack.enter_context(_open_stored(uri, place, random_access, ahead)), place
            )
        if compression not in ("none", "zip"):
            stored = ExpandingReader(stored, compression, place, max_expanded, max_ratio)
        yield cast(BinaryIO, stack.enter_context(io.BufferedReader(stored, BUFFER)))


@contextlib.contextmanager
def as_file(uri: str) -> Iterator[str]:
    """Yield an address that a library can open by itself: that of a copy for a file in an archive.

    It is one as well for a file of a web server where there are limits to these: a library would
    follow redirections wherever they lead. Raises what `open_source` raises.
    """
    has_limits = check_access(uri)
    if not _member(uri) and not (has_limits and scheme_of(uri) in ("http", "https")):
        yield uri
        return
    with open_source(uri) as stream, tempfile.NamedTemporaryFile(prefix="ade-") as copy:
        shutil.copyfileobj(stream, copy, BUFFER)
        copy.flush()
        with own_place(copy.name):
            yield copy.name


def expand(uri: str) -> list[str]:
    """Return the sources that a path, address or glob (`*`, `?`, `[…]`, `**`) names, sorted.

    Globs work on local paths, `s3://` and in archives (`archive.zip!/*.csv`). An archive stands for
    the files in it: a local one is told by its content, a remote one by its name.

    Raises SourceError `E_NOT_FOUND` when nothing matches, `E_IS_DIRECTORY` for a folder, `E_EMPTY`
    for an archive without data, `E_ARCHIVE` for one that cannot be read.
    """
    check_access(uri)
    if member := _member(uri):
        return _in_archive(*member)
    return [source for file in _files(uri) for source in _contents(file)]


def _contents(file: str) -> list[str]:
    """Return the files in an archive of data, or the file itself."""
    if not _is_archive(file):
        return [file]
    with _open_archive(file) as archive:
        if is_package(archive):
            return [file]
        return [f"{file}{MEMBER}{name}" for name in data_members(archive, redact(file))]


def _in_archive(uri: str, pattern: str) -> list[str]:
    with _open_archive(uri) as archive:
        names = data_members(archive, redact(uri))
    found = [name for name in names if name == pattern] or fnmatch.filter(names, pattern)
    if not found:
        raise SourceError(
            "There is no such file in the archive.",
            code="E_NOT_FOUND",
            location=redact(uri),
            hint=f"It holds {', '.join(names[:_NAMED])}{' and more' if names[_NAMED:] else ''}.",
        )
    return [f"{uri}{MEMBER}{name}" for name in found]


@contextlib.contextmanager
def _open_archive(uri: str, ahead: int | None = LITTLE) -> Iterator[zipfile.ZipFile]:
    place = redact(uri)
    with (
        open_source(uri, random_access=True, ahead=ahead) as stream,
        open_archive(stream, place) as archive,
    ):
        yield archive


@contextlib.contextmanager
def _open_in_archive(uri: str, name: str, ahead: int | None) -> Iterator[io.RawIOBase]:
    place = redact(f"{uri}{MEMBER}{name}")
    with _open_archive(uri, ahead) as archive:
        try:
            member = archive.getinfo(name)
        except KeyError:
            member = None
        if member is None:
            raise not_found(place)
        with open_member(archive, member, place) as opened:
            yield cast(io.RawIOBase, opened)


def _member(uri: str) -> tuple[str, str] | None:
    """Return archive and name of a file in an archive."""
    archive, mark, name = uri.partition(MEMBER)
    if not mark or not name:
        return None
    if scheme_of(uri) in ("", "file"):
        return (archive, name) if _exists(archive) and not _exists(uri) else None
    return (archive, name) if _is_named_archive(archive) else None


def _is_archive(uri: str) -> bool:
    if scheme_of(uri) not in ("", "file"):
        return _is_named_archive(uri)
    with open_source(uri) as stream:
        return stream.read(len(ZIP)) in (ZIP, EMPTY_ZIP)


def _is_named_archive(uri: str) -> bool:
    return redact(uri).lower().endswith(".zip")


def _files(uri: str) -> list[str]:
    found = _named(uri)
    for file in found:
        check_access(file)  # a link in an allowed folder may lead out of it
    return found


def _named(uri: str) -> list[str]:
    match scheme_of(uri):
        case "http" | "https":
            return [uri]
        case "s3":
            access_to(uri)
            if not glob.has_magic(uri) or _is_object(uri):
                return [uri]
            with mapped(redact(uri)):
                matches = sorted(f"s3://{key}" for key in filesystem("s3").glob(uri))
        case "" | "file":
            if not glob.has_magic(uri) or _exists(uri):
                _check_local(uri)
                return [uri]
            found = glob.glob(str(local_path(uri)), recursive=True)  # noqa: PTH207
            matches = sorted(match for match in found if Path(match).is_file())
        case scheme:
            raise _unreadable(scheme, redact(uri))
    if not matches:
        raise SourceError(
            "No file matches.",
            code="E_NOT_FOUND",
            location=redact(uri),
            hint="Check the pattern; `**` reaches into folders.",
        )
    return matches


def _is_object(uri: str) -> bool:
    """Whether an object has that very name: a key may hold what is a wildcard elsewhere."""
    with contextlib.suppress(Exception), mapped(redact(uri)):
        return bool(filesystem("s3").info(uri)["type"] == "file")
    return False  # what is wrong, the listing will say


def _open_stored(uri: str, place: str, random_access: bool, ahead: int | None) -> BinaryIO:
    match scheme_of(uri):
        case "" | "file":
            path = _check_local(uri)
            with mapped(place):
                return cast(BinaryIO, path.open("rb", buffering=0))
        case "s3" | "http" | "https" as scheme:
            if scheme == "s3":
                access_to(uri)
            options: dict[str, Any] = {"block_size": ahead or _BLOCK}
            if random_access:
                options = {"block_size": ahead or _SMALL_BLOCK, "cache_type": "blockcache"}
            with mapped(place):
                return cast(BinaryIO, filesystem(scheme).open(uri, "rb", **options))
        case scheme:
            raise _unreadable(scheme, place)


def _unreadable(scheme: str, place: str) -> SourceError:
    return SourceError(
        f"`{scheme}://` cannot be read.",
        code="E_ADDRESS",
        location=place,
        hint="Use a path, s3://…, https://… or a glob.",
    )


def _exists(uri: str) -> bool:
    try:
        return local_path(uri).exists()
    except (OSError, ValueError, RuntimeError):  # too long, a NUL byte, the home of nobody
        return False


def _check_local(uri: str) -> Path:
    """Return the path of a regular file; raises SourceError for anything else."""
    if not uri.strip():
        raise SourceError("No source is named.", code="E_ADDRESS", hint="Give a path or address.")
    if not _exists(uri):
        raise not_found(uri)
    path = local_path(uri)
    if path.is_dir():
        raise SourceError(
            "This is a folder.",
            code="E_IS_DIRECTORY",
            location=uri,
            hint="Name a file, or a glob such as `folder/*.csv`.",
        )
    if not path.is_file():
        # To read a pipe may take forever, and it can be read only once.
        raise SourceError(
            "This is a pipe or a device, not a file.",
            code="E_NOT_A_FILE",
            location=uri,
            hint="Write what comes out of it to a file first.",
        )
    return path


class _Stored(io.RawIOBase):
    """The bytes as stored; what goes wrong while reading becomes an error of ours."""

    def __init__(self, stored: BinaryIO, place: str) -> None:
        self._stored = stored
        self._place = place

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        # fsspec's stream of a server that tells no size says that it seeks, and cannot.
        return self._stored.seekable() and getattr(self._stored, "size", 0) is not None

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        with mapped(self._place):
            return self._stored.seek(offset, whence)

    def tell(self) -> int:
        return self._stored.tell()

    def readinto(self, buffer: Any) -> int:
        with mapped(self._place):
            return int(self._stored.readinto(buffer))  # type: ignore[attr-defined]

    def close(self) -> None:
        if not self.closed:
            self._stored.close()
        super().close()

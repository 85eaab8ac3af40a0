"""Opening sources: a local path, `s3://…` or `https://…`, as a stream of decompressed bytes.

No more is held in memory than a few buffers, however large the source and however far it expands.
"""

from __future__ import annotations

import contextlib
import glob
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit, urlunsplit

from ai_data_engineer.errors import AdeError, SourceError, TransientError
from ai_data_engineer.io.expanding import ExpandingReader

BUFFER = 256 * 1024
_BLOCK = 4 * 1024 * 1024
"""What is fetched ahead of a remote file; s3fs's own 50 MB is more than a whole sample."""
_RETRYABLE_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_RETRYABLE_CODES = frozenset({"SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable"})
_DENIED_CODES = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})
_MISSING_CODES = frozenset({"NoSuchKey", "NoSuchBucket", "404"})


@contextlib.contextmanager
def open_source(
    uri: str,
    *,
    compression: str = "none",
    max_expanded: int | None = None,
    max_ratio: int | None = None,
) -> Iterator[BinaryIO]:
    """Open one source for reading, decompressed.

    Args:
        uri: A path, `file://…`, `s3://…`, `https://…` or `http://…`; not a glob.
        compression: `none`, `gzip`, `zstd`, `bz2` or `xz`.
        max_expanded: Bytes that a compressed source may expand to; None: any number.
        max_ratio: Expanded bytes for each stored byte, once 64 MiB have been expanded.

    Raises:
        SourceError: `E_NOT_FOUND`, `E_DENIED`, `E_IS_DIRECTORY` or `E_ADDRESS` here;
            `E_TRUNCATED`, `E_CORRUPT` or `E_EXPANSION` here or from the stream's reads.
        TransientError: What may pass by itself: network, 429, 5xx; here or from reads.
    """
    place = redact(uri)
    with contextlib.ExitStack() as stack:
        stored: io.RawIOBase = _Stored(stack.enter_context(_open_stored(uri, place)), place)
        if compression != "none":
            stored = ExpandingReader(stored, compression, place, max_expanded, max_ratio)
        yield cast(BinaryIO, stack.enter_context(io.BufferedReader(stored, BUFFER)))


def expand(uri: str) -> list[str]:
    """Return the sources that a path, address or glob (`*`, `?`, `[…]`, `**`) names, sorted.

    Globs work on local paths and `s3://`. Raises SourceError `E_NOT_FOUND` when nothing matches,
    `E_IS_DIRECTORY` for a folder.
    """
    if _scheme(uri) in ("http", "https"):
        return [uri]
    if _scheme(uri) == "s3":
        if not glob.has_magic(uri):
            return [uri]
        with _mapped(redact(uri)):
            matches = sorted(f"s3://{key}" for key in _filesystem("s3").glob(uri))
    else:
        path = local_path(uri)
        if not glob.has_magic(str(path)) or path.exists():
            _check_local(path, uri)
            return [uri]
        found = glob.glob(str(path), recursive=True, include_hidden=False)  # noqa: PTH207
        matches = sorted(match for match in found if Path(match).is_file())
    if not matches:
        raise SourceError(
            "no file matches.",
            code="E_NOT_FOUND",
            location=redact(uri),
            hint="Check the pattern; `**` reaches into folders.",
        )
    return matches


def redact(uri: str) -> str:
    """Return the address without user, password, query and fragment: fit for any message."""
    if _scheme(uri) in ("", "file"):
        return uri
    parts = urlsplit(uri)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def local_path(uri: str) -> Path:
    """Return the path for a local address, with or without `file://`."""
    return Path(unquote(urlsplit(uri).path)) if _scheme(uri) == "file" else Path(uri).expanduser()


def _scheme(uri: str) -> str:
    scheme, separator, _ = uri.partition("://")
    return scheme.lower() if separator else ""


def _open_stored(uri: str, place: str) -> BinaryIO:
    match _scheme(uri):
        case "" | "file":
            path = local_path(uri)
            _check_local(path, uri)
            with _mapped(place):
                return cast(BinaryIO, path.open("rb", buffering=0))
        case "s3" | "http" | "https" as scheme:
            with _mapped(place):
                return cast(BinaryIO, _filesystem(scheme).open(uri, "rb", block_size=_BLOCK))
        case scheme:
            raise SourceError(
                f"`{scheme}://` cannot be read.",
                code="E_ADDRESS",
                location=place,
                hint="Use a path, s3://…, https://… or a glob.",
            )


def _check_local(path: Path, uri: str) -> None:
    try:
        is_directory = path.is_dir()
        exists = path.exists()
    except (OSError, ValueError):  # a name too long, or with a NUL byte
        is_directory = exists = False
    if is_directory:
        raise SourceError(
            "this is a folder.",
            code="E_IS_DIRECTORY",
            location=uri,
            hint="Name a file, or a glob such as `folder/*.csv`.",
        )
    if not exists:
        raise _not_found(uri)


def _not_found(place: str) -> SourceError:
    return SourceError(
        "there is no such file.",
        code="E_NOT_FOUND",
        location=place,
        hint="Check the path and the folder it is relative to.",
    )


def _filesystem(scheme: str) -> Any:
    import fsspec  # late: a local run needs none of it

    if scheme == "s3":
        # A listing that was cached before a file arrived would hide the file.
        return fsspec.filesystem("s3", use_listings_cache=False)
    return fsspec.filesystem(scheme)


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
        with _mapped(self._place):
            return self._stored.seek(offset, whence)

    def tell(self) -> int:
        return self._stored.tell()

    def readinto(self, buffer: Any) -> int:
        with _mapped(self._place):
            data = self._stored.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stored.close()
        super().close()


@contextlib.contextmanager
def _mapped(place: str) -> Iterator[None]:
    """Turn what storage and network raise into errors of ours.

    The original text is left out: it may quote an address with its credentials.
    """
    try:
        yield
        return
    except AdeError:
        raise
    except Exception as problem:  # noqa: BLE001 - s3fs, botocore and aiohttp share no base class
        error = _translate(problem, place)
    raise error from None


def _translate(problem: Exception, place: str) -> AdeError:
    if isinstance(problem, FileNotFoundError) and isinstance(problem.__cause__, Exception):
        problem = problem.__cause__  # fsspec says "not found" for whatever a web server answers
    status = getattr(problem, "status", None)
    response = getattr(problem, "response", None)
    code = str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""
    kind = type(problem).__name__
    if isinstance(problem, FileNotFoundError) or status in (404, 410) or code in _MISSING_CODES:
        return _not_found(place)
    if (
        isinstance(problem, PermissionError)
        or status in (401, 403)
        or code in _DENIED_CODES
        or kind in ("NoCredentialsError", "PartialCredentialsError")
    ):
        return SourceError(
            "reading is not permitted.",
            code="E_DENIED",
            location=place,
            hint="Check the permissions, or the credentials in the environment.",
        )
    if isinstance(problem, IsADirectoryError):
        return SourceError("this is a folder.", code="E_IS_DIRECTORY", location=place)
    local = _scheme(place) in ("", "file")
    if status in _RETRYABLE_STATUS or code in _RETRYABLE_CODES or (status is None and not local):
        return TransientError(
            f"the source does not answer ({kind}).", location=place, hint="Try again later."
        )
    said = f"status {status}" if status else kind
    return SourceError(f"cannot be read ({said}).", location=place, hint="Check the address.")

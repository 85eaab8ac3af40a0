"""Where a bundle lies: a path, or `s3://bucket/key`; how it gets there, and whether it still is.

It appears whole or not at all. A file is written beside its place and takes it; an object is put in
one request, which S3 refuses when what arrives has another digest.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ai_data_engineer.errors import AdeError, OutputError, SourceError
from ai_data_engineer.io.addresses import has_credentials, local_path, redact, scheme_of
from ai_data_engineer.io.network import filesystem
from ai_data_engineer.io.s3_access import access_to
from ai_data_engineer.io.storage_errors import mapped
from ai_data_engineer.packaging.archive import archive_bytes, write_archive

_SHA256 = "sha256"
"""Name of the object's metadata that tells its content; an ETag need not be made of it."""


def is_on_s3(place: str) -> bool:
    """Whether a bundle's place is an object and not a file."""
    return scheme_of(place) == "s3"


def problem_of(place: str) -> str | None:
    """Return what is wrong with a place, as far as its text tells."""
    if has_credentials(place):
        return "the address holds credentials; they belong in the block `s3` or the environment"
    if scheme_of(place) not in ("", "file", "s3"):
        return "a bundle is put into a folder or on s3://"
    if is_on_s3(place) and (not all(_bucket_and_key(place)) or place.endswith("/")):
        return "name bucket and key, as s3://bucket/orders.zip"
    return None


def below(folder: str | Path, name: str) -> str:
    """Return the place of that name in a folder, or below a prefix on S3."""
    if is_on_s3(str(folder)):
        return f"{str(folder).rstrip('/')}/{name}"
    return str(local_path(str(folder)) / name)


def check_place(place: str) -> None:
    """Raise OutputError where no bundle can lie, before minutes of work are lost."""
    if problem := problem_of(place):
        raise OutputError(f"{problem[0].upper()}{problem[1:]}.", location=redact(place))
    if is_on_s3(place):
        _check_bucket(place)
        return
    path = local_path(place)
    if not path.name or path.is_dir():
        raise OutputError(
            "This is a folder, not a file.", location=place, hint="Name a file, as bundle.zip."
        )


def publish(files: Mapping[str, bytes], place: str) -> tuple[str, int]:
    """Zip the files and put that to its place; returns the ZIP's sha256 and size.

    Raises:
        OutputError: It cannot be written; nothing new lies there.
        TransientError: The storage may answer later.
    """
    if is_on_s3(place):
        return _upload(archive_bytes(files), place, "application/zip")
    return _write(lambda partial: write_archive(files, partial), local_path(place))


def publish_text(text: str, place: str) -> None:
    """Put a JSON text to its place, as whole as a bundle; raises as `publish` does."""
    data = text.encode()
    if is_on_s3(place):
        _upload(data, place, "application/json")
    else:
        _write(lambda partial: partial.write_bytes(data), local_path(place))


def beside(place: str, name: str) -> str:
    """Return the place of that name in the folder of another place."""
    if is_on_s3(place):
        return f"{place.rpartition('/')[0]}/{name}"
    return str(local_path(place).with_name(name))


def lies_there(place: str, sha256: str, size: int) -> bool:
    """Return whether the bundle is there and unchanged; a storage that cannot be asked says no."""
    if is_on_s3(place):
        bucket, key = _bucket_and_key(place)
        try:
            return _is_it(_s3("head_object", place, Bucket=bucket, Key=key), sha256, size)
        except AdeError:
            return False
    try:
        with local_path(place).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def link_to(place: str) -> str:
    """Return what a browser opens: the file, the object in Amazon's console, or on its server.

    Whoever follows it needs rights of their own: an address that opens by itself would be a key.
    """
    if not is_on_s3(place):
        return local_path(place).resolve().as_uri()
    bucket, key = _bucket_and_key(place)
    if found := access_to(place):
        endpoint = found.endpoint
    else:
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        return f"{endpoint.rstrip('/')}/{bucket}/{quote(key)}"
    return f"https://console.aws.amazon.com/s3/object/{bucket}?prefix={quote(key, safe='')}"


def _check_bucket(place: str) -> None:
    bucket, _ = _bucket_and_key(place)
    access_to(place)
    try:
        _s3("head_bucket", place, Bucket=bucket)
    except SourceError as error:
        if error.code == "E_NOT_FOUND":
            raise _no_bucket(place) from None
        if error.code != "E_DENIED":  # who may write need not be allowed to look
            raise


def _write(write: Callable[[Path], object], out: Path) -> tuple[str, int]:
    partial = out.with_name(f"{out.name}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write(partial)
        with partial.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
            size = os.fstat(written.fileno()).st_size
        partial.replace(out)
    except OSError as error:
        raise OutputError(f"It cannot be written ({error.strerror}).", location=str(out)) from None
    finally:
        partial.unlink(missing_ok=True)
    return sha256, size


def _upload(data: bytes, place: str, kind: str) -> tuple[str, int]:
    sha256 = hashlib.sha256(data).hexdigest()
    md5 = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
    bucket, key = _bucket_and_key(place)
    try:
        _s3(
            "put_object",
            place,
            Bucket=bucket,
            Key=key,
            Body=data,
            ContentMD5=md5,
            ContentType=kind,
            Metadata={_SHA256: sha256},
        )
        arrived = _is_it(_s3("head_object", place, Bucket=bucket, Key=key), sha256, len(data))
    except SourceError as error:
        if error.code == "E_NOT_FOUND":
            raise _no_bucket(place) from None
        why = "writing there is not permitted" if error.code == "E_DENIED" else error.message
        raise OutputError(
            f"It cannot be put there: {why.rstrip('.')}.",
            location=place,
            hint=error.hint,
        ) from None
    if not arrived:
        raise OutputError(
            "What lies there now is not what was put there.",
            location=place,
            hint="Check what else writes there, and that the storage keeps metadata.",
        )
    return sha256, len(data)


def _is_it(found: Mapping[str, Any], sha256: str, size: int) -> bool:
    told: Mapping[str, str] = found.get("Metadata") or {}
    return told.get(_SHA256) == sha256 and found.get("ContentLength") == size


def _no_bucket(place: str) -> OutputError:
    return OutputError("There is no such bucket.", location=place, hint="Make it, or name another.")


def _s3(call: str, place: str, **arguments: Any) -> dict[str, Any]:
    access_to(place)
    with mapped(place):
        answer: dict[str, Any] = filesystem("s3").call_s3(call, **arguments)
        return answer


def _bucket_and_key(place: str) -> tuple[str, str]:
    bucket, _, key = place.partition(":")[2].lstrip("/").partition("/")
    return bucket, key

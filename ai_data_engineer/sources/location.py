"""Which files an address names, and what to call them."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import redact, scheme_of
from ai_data_engineer.io.opening import expand

_MAX_NAME = 63
_SUFFIXES = re.compile(
    r"(?i)(\.(csv|tsv|txt|dat|json|ndjson|jsonl|geojson|xml|parquet|pq|avro|xls[xbm]?|ods"
    r"|gz|zst|bz2|xz|zip))+$"
)


def locate(uri: str, allowed_buckets: tuple[str, ...] = ()) -> list[str]:
    """Return the files that a path, address or glob names, sorted; at least one.

    Raises:
        SourceError: `E_NOT_FOUND`, `E_IS_DIRECTORY`, `E_DENIED` for a bucket that is not allowed.
    """
    check_bucket(uri, allowed_buckets)
    return expand(uri)


def check_bucket(uri: str, allowed_buckets: tuple[str, ...]) -> None:
    """Raise SourceError `E_DENIED` for a bucket that is not allowed; none named allows all."""
    if scheme_of(uri) == "s3" and allowed_buckets and _bucket(uri) not in allowed_buckets:
        raise SourceError(
            "This bucket is not among those that may be read.",
            code="E_DENIED",
            location=redact(uri),
            hint="Add it to ADE_ALLOWED_BUCKETS.",
        )


def _bucket(uri: str) -> str:
    return uri.partition(":")[2].lstrip("/").partition("/")[0]


@contextlib.contextmanager
def located(place: str) -> Iterator[None]:
    """Add the place to errors of readers, who know a stream and its lines, not its name."""
    try:
        yield
        return
    except SourceError as error:
        if place in error.location:
            raise
        where = f"{place}, {error.location}" if error.location else place
        found = SourceError(error.message, code=error.code, location=where, hint=error.hint)
    raise found


def file_name(uri: str) -> str:
    """Return the last part of an address, without its query."""
    path = urlsplit(uri).path if "://" in uri else uri
    return PurePosixPath(unquote(path).replace("\\", "/")).name


def source_name(uri: str) -> str:
    """Return a short safe name for a source: letters, digits and `_`, a letter first.

    Of a glob what is fixed of its last part, or the folder's name.
    """
    stem = _SUFFIXES.sub("", file_name(uri))
    words = _words(re.sub(r"\[[^\]]*\]|[*?]+", " ", stem))
    if not words:
        parents = PurePosixPath(urlsplit(uri).path).parent.parts
        words = next(
            (w for part in reversed(parents) if "*" not in part and (w := _words(part))), ""
        )
    name = words or "source"
    return (name if name[0].isalpha() else f"source_{name}")[:_MAX_NAME].rstrip("_")


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")

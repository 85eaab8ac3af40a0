"""Which files an address names, and what to call them."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.opening import expand
from ai_data_engineer.settings import Settings
from ai_data_engineer.sources.policy import check_with

_MAX_NAME = 63
_SUFFIXES = re.compile(
    r"(?i)(\.(csv|tsv|txt|dat|json|ndjson|jsonl|geojson|xml|parquet|pq|avro|xls[xbm]?|ods"
    r"|gz|zst|bz2|xz|zip))+$"
)


def locate(uri: str, settings: Settings) -> list[str]:
    """Return the files that a path, address or glob names, sorted; at least one.

    Raises:
        SourceError: `E_NOT_FOUND`, `E_IS_DIRECTORY`, `E_DENIED` for what may not be read.
    """
    # The policy in force is asked by `expand`; this one is of the settings that were given.
    check_with(settings, uri)
    files = expand(uri)
    for file in files:
        check_with(settings, file)
    return files


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

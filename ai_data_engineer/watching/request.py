"""Where is watched for files, and what came of one look: the form and the answer of `watch`."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from ai_data_engineer.document import Document
from ai_data_engineer.requests import SourceUri

Pattern = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class WatchRequest(Document):
    """Folders and buckets to be watched, and what is wanted of each file that arrives."""

    model_config = ConfigDict(hide_input_in_errors=True)

    places: Annotated[list[SourceUri], Field(min_length=1, max_length=50)] = Field(
        title="Places",
        examples=[["inbox/*.csv"], ["s3://shop/incoming/**"]],
        json_schema_extra={"position": 0},
    )
    """Folders, globs (`**` reaches into folders) and `s3://…`. A folder stands for what lies
    right in it."""
    goal: str = Field(
        "",
        title="Goal",
        max_length=4000,
        examples=["clean it and drop duplicates"],
        json_schema_extra={"position": 1},
    )
    """What is wanted of each file, in plain words. Another goal is another watch, which looks at
    the place for the first time."""
    ignore: Annotated[list[Pattern], Field(max_length=50)] = Field(
        [], title="Ignore", examples=[["*.md5", "archive"]], json_schema_extra={"position": 2}
    )
    """Names of files and folders that are passed over, with `*` and `?`; besides hidden ones and
    what programs call a file that is not whole yet (`.part`, `.tmp`, `.crdownload`, `~`)."""
    rest_seconds: float = Field(
        10.0, ge=0, le=3600, title="Seconds at rest", json_schema_extra={"position": 3}
    )
    """How long size and time of a file must stay as they are before it counts as written. Objects
    of a bucket appear whole and are not waited for."""
    existing: bool = Field(
        False, title="Take what is there already", json_schema_extra={"position": 4}
    )
    """Whether the first look at a place counts what it finds as arrived, or as known."""


class WatchResult(Document):
    """What one look at the places found, in files."""

    arrived: int = Field(0, ge=0)
    """Told of with `ade.file.arrived`."""
    told_before: int = Field(0, ge=0)
    """Of which the server had the event already: a look before this one did not end."""
    known_from_now: int = Field(0, ge=0)
    """There at the first look, and not asked for."""
    changing: int = Field(0, ge=0)
    """Still being written; looked at again the next time."""
    empty: int = Field(0, ge=0)
    """Without a byte: no file yet."""
    unusable: tuple[str, ...] = ()
    """Addresses, the first few, that a request cannot hold; rename these files."""
    left: bool = False
    """Whether there were more than are taken at once; they follow at the next look."""
    busy: tuple[str, ...] = ()
    """Places at which another watcher was looking."""

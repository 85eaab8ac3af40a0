"""How results are written: `as csv`, `partitioned by country`, `to report.csv`, `upsert on id`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from ai_data_engineer.specifying.offline import scheduling
from ai_data_engineer.specifying.offline.date_parts import date_now
from ai_data_engineer.specifying.offline.draft import Draft, NotPossible
from ai_data_engineer.specifying.offline.grouping import GroupKey, read_key
from ai_data_engineer.specifying.offline.intents import Intent, Stage, listed
from ai_data_engineer.specifying.offline.phrases import meanings
from ai_data_engineer.specifying.offline.reader import Reader
from ai_data_engineer.specifying.offline.vocabulary import Ref

_FORMATS = meanings(
    {
        "csv": "csv | csvs | comma-separated | comma separated",
        "parquet": "parquet",
        "ndjson": (
            "ndjson | jsonl | json lines | json-lines | jsonlines | newline-delimited json | "
            "newline delimited json | json"
        ),
    }
)
_EXTENSIONS = {
    "csv": "csv",
    "parquet": "parquet",
    "ndjson": "ndjson",
    "jsonl": "ndjson",
    "json": "ndjson",
}
_WRITE = (
    "write | save | export | output | store | convert | dump | publish | deliver | write it | "
    "save it | export it | store it | convert it | write the result | save the result | store the "
    "result | write them | save them | export the result | write everything | convert this | turn "
    "it | write results | save results | put it | put the result | save the results | write the "
    "results | save everything | write out | write this | output it | convert the file | convert "
    "the data | turn this | make it | create | load it | produce"
)
_AS = (
    "as | to | in | into | as a | to a | in a | into a | as an | to one | as one | in the format "
    "| as a single"
)
_PARTITION = (
    "partitioned by | partition by | partitioning by | partitioned on | partition on | split by | "
    "split into files by | one file per | a file per | one file for each | one folder per | "
    "partition it by | partition them by | with partitions by | one partition per | split files "
    "by | a folder per | partition the output by | partitioned per | split the output by | "
    "partition the files by"
)


@dataclass(frozen=True, kw_only=True)
class WriteAs(Intent):
    """The format, and perhaps the name, of what is written."""

    formats: tuple[str, ...]
    path: str | None = None

    stage: ClassVar[Stage] = Stage.OUTPUT

    def apply(self, draft: Draft) -> str:
        draft.wish.formats.extend(f for f in self.formats if f not in draft.wish.formats)
        draft.wish.path = self.path or draft.wish.path
        named = f" to `{self.path}`" if self.path else ""
        return f"writes {' and '.join(_title(f) for f in self.formats)}{named}"


@dataclass(frozen=True, kw_only=True)
class PartitionBy(Intent):
    """Columns, or periods, by which what is written is laid out in folders."""

    keys: tuple[GroupKey, ...]

    stage: ClassVar[Stage] = Stage.OUTPUT

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(key.ref for key in self.keys)

    def apply(self, draft: Draft) -> str:
        done = False
        for chain in draft.chains:
            found = {
                date_now(chain, key.ref) if key.unit else chain.find(key.ref) for key in self.keys
            } - {None}
            if found and found >= set(chain.schema) and not any(key.unit for key in self.keys):
                raise NotPossible("no column would be left in the files")
            done |= bool(found)
        if not done:
            names = listed([ref.name for ref in self.refs])
            raise NotPossible(f"{names} cannot be found in the result")
        draft.wish.partitions.extend((key.ref, key.unit) for key in self.keys)
        return f"lays the files out by {listed([key.said for key in self.keys])}"


@dataclass(frozen=True, kw_only=True)
class WriteMode(Intent):
    """Whether earlier results are replaced, added to, or brought up to date by key."""

    mode: str
    keys: tuple[Ref, ...] = ()

    stage: ClassVar[Stage] = Stage.OUTPUT

    @property
    def refs(self) -> tuple[Ref, ...]:
        return self.keys

    def apply(self, draft: Draft) -> str:
        if self.mode == "upsert" and not all(
            any(c.find(k) for c in draft.chains) for k in self.keys
        ):
            raise NotPossible("the keys cannot be found in the result")
        draft.wish.mode = self.mode
        draft.wish.keys = list(self.keys)
        if self.mode == "upsert":
            return f"brings earlier results up to date by {listed([k.name for k in self.keys])}"
        return "adds to earlier results" if self.mode == "append" else "replaces earlier results"


def _title(fmt: str) -> str:
    return {"csv": "CSV", "parquet": "Parquet", "ndjson": "NDJSON"}[fmt]


def read(r: Reader) -> Intent | None:
    """Take a wish about what is written."""
    start = r.at
    for reading in (_partition, _mode, _file, _format):
        r.at = start
        if (found := reading(r)) is not None:
            return found
    return None


def _partition(r: Reader) -> PartitionBy | None:
    start = r.at
    if r.take(_PARTITION) is None:
        return None
    keys: list[GroupKey] = []
    while True:
        here = r.at
        if keys and (not r.separator() or scheduling.begins(r)):
            r.at = here
            break
        key = read_key(r)
        if key is None:
            r.at = here
            break
        keys.append(key)
    return PartitionBy(words=r.said(start), keys=tuple(keys)) if keys else None


def _mode(r: Reader) -> WriteMode | None:
    start = r.at
    if r.take(
        "upsert on | upsert by | upsert using | upsert into | upsert | merge on | update "
        "existing rows by"
    ):
        keys = r.columns(entity=True)
        return WriteMode(words=r.said(start), mode="upsert", keys=tuple(keys)) if keys else None
    if r.take(
        "append to the existing | append to the output | append to existing | append new rows "
        "| in append mode | append mode | append to the result | append the result | append "
        "results | append it | appending"
    ):
        r.take("output | file | files | data | results | rows")
        return WriteMode(words=r.said(start), mode="append")
    if r.take(
        "overwrite the output | overwrite existing | overwrite | replace the output | "
        "overwriting | replace existing"
    ):
        r.take("output | file | files | data | results | the output | the file")
        return WriteMode(words=r.said(start), mode="overwrite")
    return None


def _file(r: Reader) -> WriteAs | None:
    """`save as report.csv`: a name without folders that climb."""
    start = r.at
    wrote = r.take(_WRITE)
    r.take("the result | it | them | results | everything | the data | this")
    r.take(_AS)
    token = r.peek()
    if token is None or token.kind != "file" or (wrote is None and r.at == start):
        return None
    found = re.fullmatch(
        r"(?:\./)?((?:[a-z0-9_-]+/)*[a-z0-9_-][a-z0-9_.-]*)\.([a-z]+)", token.lower
    )
    if found is None or found[2] not in _EXTENSIONS or ".." in token.text:
        return None
    r.at += 1
    return WriteAs(
        words=r.said(start), formats=(_EXTENSIONS[found[2]],), path=f"{found[1]}.{found[2]}"
    )


def _format(r: Reader) -> WriteAs | None:
    start = r.at
    wrote = r.take(_WRITE)
    r.take("the result | it | them | results | everything | the data | all | this")
    r.take("out")
    introduced = r.take(_AS)
    r.take("a | one | single | the | compressed | partitioned")
    if wrote is None and introduced is None:
        return None
    formats: list[str] = []
    while True:
        here = r.at
        if formats and not (r.separator() and (r.take("also | as | to | in") or True)):
            break
        phrase = r.take(*_FORMATS)
        if phrase is None:
            r.at = here
            break
        formats.append(_FORMATS[phrase])
        r.take("file | files | format | output | dataset")
    if not formats:
        return None
    return WriteAs(words=r.said(start), formats=tuple(dict.fromkeys(formats)))

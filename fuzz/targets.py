"""What is fuzzed: for each reader a function of bytes, and good files to start from.

A target ends, whatever the bytes, in figures that add up or in an error of ours. Anything else (a
foreign exception, a panic, a hang, too much memory) is a defect.
"""

from __future__ import annotations

import bz2
import contextlib
import datetime as dt
import gzip
import io
import lzma
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import fastavro
import polars as pl
import zstandard

from ai_data_engineer.errors import AdeError
from ai_data_engineer.io.batches import LINE, Batch, Field
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.io.json_reader import read_json, read_ndjson
from ai_data_engineer.io.sheet_reader import Row
from ai_data_engineer.io.xml_reader import read_xml
from ai_data_engineer.packaging.sheet_sampling import write_xlsx
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile

_CSV = b'id,name,amount\n1,"Li, Ana",2.50\n2,"say ""hi""",\n3,x,1e3\n'
_NDJSON = b'{"id": 1, "tags": ["a"], "at": {"x": 1.5}}\n{"id": 2, "name": "\\u00e9"}\n\nnull\n'
_JSON = b'{"meta": {"n": 2}, "data": [{"id": 1, "v": 1.10}, {"id": 2, "v": null, "w": [1, {}]}]}'
_XML = (
    b'<?xml version="1.0"?><r xmlns:n="u"><i k="1"><a>x</a><n:b/></i>'
    b"<i k='2'><a><![CDATA[<]]></a>&amp;t</i><!-- c --></r>"
)


@dataclass(frozen=True)
class Target:
    """A function to feed, and files that it reads well."""

    feed: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def profile(data: bytes, suffix: str = "") -> FileProfile | None:
    """Profile bytes as a file, sampled and in full; return the sampled profile or None.

    None: it is refused. Full mode may refuse what breaks behind the sample.
    """
    with tempfile.NamedTemporaryFile(suffix=suffix, dir=_memory()) as file:
        file.write(data)
        file.flush()
        try:
            found = profile_source(file.name)
        except AdeError:
            return None
        _check(found)
        with contextlib.suppress(AdeError):
            full = profile_source(file.name, mode="full")
            _check(full)
            if found.records.are_all_read:
                assert full.records.read == found.records.read
                assert full.records.rejected == found.records.rejected
    return found


def _check(found: FileProfile) -> None:
    """Check that the counts of a profile can be."""
    records = found.records
    rows = records.read - records.rejected
    assert 0 <= records.rejected <= records.read <= records.total
    assert len({column.name for column in found.columns}) == len(found.columns)
    for column in found.columns:
        assert column.null_count + column.unparsed_count <= rows, column.name
        assert column.distinct_count <= rows - column.null_count, column.name
    assert FileProfile.from_json(found.to_json()) == found


def _memory() -> str | None:
    """Return a folder in memory where there is one: thousands of files are written."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _any_file(data: bytes) -> None:
    profile(data)


def _as(suffix: str) -> Callable[[bytes], None]:
    def feed(data: bytes) -> None:
        profile(data, suffix)

    return feed


def _csv(data: bytes) -> None:
    """The first byte chooses the dialect; as one chunk or in pieces, the records are the same."""
    choice = data[0] if data else 0
    options = {
        "columns": ["a", "b", "c"][: 1 + choice % 3],
        "delimiter": [",", ";", "\t", "||", r"\s+"][choice // 3 % 5],
        "quote": ['"', "'", None][choice // 15 % 3],
        "escape": [None, "\\"][choice // 45 % 2],
        "comment": [None, "#"][choice // 90 % 2],
    }
    _consume(lambda: read_csv(io.BytesIO(data[1:]), **options))  # type: ignore[arg-type]


def _ndjson(data: bytes) -> None:
    columns = [Field("id", ("id",)), Field("x", ("at", "x")), Field("t", ("t",), pl.List(pl.Int64))]
    _consume(lambda: read_ndjson(io.BytesIO(data), columns=columns))


def _json(data: bytes) -> None:
    columns = [Field("id", ("id",)), Field("v", ("v",))]
    for path in ("", "/data", "/*", "/*/*", "*", "1:", "/1:", "/~columns"):
        _consume(
            lambda path=path: read_json(io.BytesIO(data), record_path=path, columns=columns)  # type: ignore[misc]
        )


def _xml(data: bytes) -> None:
    columns = [Field("k", ("@k",)), Field("a", ("a",))]
    _consume(lambda: read_xml(io.BytesIO(data), record_path="/r/i", columns=columns))


def _consume(read: Callable[[], Iterable[Batch]]) -> None:
    """Read twice: lines ascend, and the second time says the same as the first."""
    counts = [_counted(read), _counted(read)]
    assert counts[0] == counts[1]


def _counted(read: Callable[[], Iterable[Batch]]) -> tuple[int, int, str]:
    rows = rejected = last = 0
    try:
        for batch in read():
            lines = batch.rows[LINE].to_list()
            assert lines == sorted(lines), "the lines do not ascend"
            assert not lines or lines[0] > last or last == 0
            last = max([last, *lines])
            rows += batch.rows.height
            rejected += len(batch.rejected)
    except AdeError as error:
        return rows, rejected, error.code
    return rows, rejected, ""


def _parquet() -> bytes:
    target = io.BytesIO()
    pl.DataFrame({"id": [1, 2], "name": ["a", None], "tags": [[1], []]}).write_parquet(target)
    return target.getvalue()


_FIXED_WIDTH = (
    b"No   Name        City     Paid\n1    Ann Lee     Ulm       2.50\n"
    b"22   Bo          New York    -\n3    Cy Young              10.00\n"
    b"14   Di          Bonn      1.00\n"
)


def _sheet(data: bytes) -> None:
    """Bytes as the rows of a workbook that is good otherwise."""
    profile(_zipped({**_members(_workbook()), "xl/worksheets/sheet1.xml": data}), ".xlsx")


def _content(data: bytes) -> None:
    profile(_zipped({"mimetype": _ODS, "content.xml": data}), ".ods")


def _workbook() -> bytes:
    rows: list[Row] = [(1, ["id", "day", "note"]), (3, [1, dt.date(2024, 1, 2), "a"]), (4, [2.5])]
    return write_xlsx("Orders", rows)


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTENT = b"""<o:d xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><t:table t:name="S"><t:table-row>
<t:table-cell o:value-type="string"><x:p>id</x:p></t:table-cell></t:table-row>
<t:table-row t:number-rows-repeated="2"><t:table-cell o:value-type="float" o:value="1"/>
<t:table-cell t:number-columns-repeated="3"/></t:table-row></t:table></o:d>"""


def _avro(codec: str) -> bytes:
    fields = [
        {"name": "id", "type": "long"},
        {"name": "tags", "type": {"type": "array", "items": ["null", "string"]}},
        {"name": "on", "type": {"type": "int", "logicalType": "date"}},
    ]
    target = io.BytesIO()
    records = [{"id": n, "tags": ["a", None], "on": 19_000 + n} for n in range(3)]
    schema = {"type": "record", "name": "R", "fields": fields}
    fastavro.writer(target, schema, records, codec=codec, sync_marker=bytes(16))
    return target.getvalue()


_PACKERS = (gzip.compress, bz2.compress, lzma.compress, zstandard.compress)

TARGETS: dict[str, Target] = {
    "file": Target(_any_file, (_CSV, _NDJSON, _JSON, _XML, _CSV.decode().encode("utf-16"))),
    "csv": Target(_csv, tuple(bytes([choice]) + _CSV for choice in (2, 5, 47, 137))),
    "csv-profile": Target(_as(".csv"), (_CSV, _CSV.replace(b",", b";"), b"a b\n\n1  2\r\n'3' 4")),
    "ndjson": Target(_ndjson, (_NDJSON,)),
    "json": Target(_json, (_JSON, b"[" + _JSON + b"]")),
    "json-profile": Target(_as(".json"), (_JSON, _NDJSON)),
    "xml": Target(_xml, (_XML,)),
    "xml-profile": Target(_as(".xml"), (_XML, _XML.decode().encode("utf-16"))),
    "parquet": Target(_as(".parquet"), (_parquet(),)),
    "fixed-width": Target(_as(".txt"), (_FIXED_WIDTH,)),
    "workbook": Target(_any_file, (_workbook(),)),
    "sheet": Target(_sheet, (_members(_workbook())["xl/worksheets/sheet1.xml"],)),
    "ods": Target(_content, (_CONTENT,)),
    "avro": Target(_any_file, (_avro("null"), _avro("deflate"), _avro("snappy"))),
    "archive": Target(_as(".zip"), (_zipped({"a.csv": _CSV, "b/c.csv": _CSV}),)),
    "compressed": Target(_as(".csv.gz"), tuple(pack(_CSV) for pack in _PACKERS)),
}

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import json
import lzma
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling import profile_source, source_digest
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.profiling.warning_codes import WARNINGS
from ai_data_engineer.settings import load_settings
from ai_data_engineer.sources.dialect import Dialect

CSV = b"id,name,amount\n" + b"".join(b"%d,n%d,%d.50\n" % (i, i, i) for i in range(1, 41))
RECORDS = [{"id": i, "address": {"city": "Oslo"}, "tags": ["a", "b"]} for i in range(1, 41)]
NDJSON = b"".join(json.dumps(record).encode() + b"\n" for record in RECORDS)
XML_BOOK = b'<c:book id="1"><title>K\xe4se</title><author>A</author><author>B</author></c:book>'


def catalog(books: int) -> bytes:
    head = b'<?xml version="1.0" encoding="ISO-8859-1"?><c:catalog xmlns:c="urn:c">'
    last = b'<c:book id="2"><title>Brot</title><author>C</author></c:book></c:catalog>'
    return head + XML_BOOK * (books - 1) + last


XML = catalog(21)

Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def columns(profile: FileProfile) -> dict[str, str]:
    return {column.name: str(column.type) for column in profile.columns}


def test_a_csv(write: Write) -> None:
    profile = profile_source(str(write("Orders 2024.csv", CSV)))
    assert (profile.name, profile.format, profile.encoding) == ("orders_2024", "csv", "utf-8")
    assert profile.dialect is not None
    assert (profile.dialect.delimiter, profile.dialect.header_row) == (",", 0)
    assert (profile.records.read, profile.records.total) == (40, 40)
    assert profile.records.total_is_exact
    assert list(columns(profile)) == ["id", "name", "amount"]
    assert profile.size_bytes == profile.bytes_read == len(CSV)


@pytest.mark.parametrize(
    ("compress", "compression"),
    [
        (gzip.compress, "gzip"),
        (bz2.compress, "bz2"),
        (lzma.compress, "xz"),
        (zstandard.compress, "zstd"),
    ],
)
def test_compression_is_known_by_content(
    write: Write, compress: Callable[[bytes], bytes], compression: str
) -> None:
    stored = compress(CSV)
    profile = profile_source(str(write("orders.csv", stored)))
    assert profile.compression == compression
    assert (profile.size_bytes, profile.bytes_read) == (len(stored), len(CSV))
    assert profile.records.total == 40


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (CSV, "csv"),
        (NDJSON, "ndjson"),
        (json.dumps(RECORDS).encode(), "json"),
        (json.dumps({"items": RECORDS}, indent=1).encode(), "json"),
        (XML, "xml"),
    ],
)
@pytest.mark.parametrize("name", ["data.csv", "data.json", "data.xml", "data.parquet", "data"])
def test_the_format_is_known_by_content(
    write: Write, name: str, content: bytes, format_: str
) -> None:
    assert profile_source(str(write(name, content))).format == format_


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (NDJSON, None),
        (json.dumps(RECORDS).encode(), ""),
        (json.dumps({"meta": {"n": 1}, "data": {"items": RECORDS}}).encode(), "/data/items"),
        (json.dumps(RECORDS, ensure_ascii=False).encode("utf-16"), ""),
        (b"\xef\xbb\xbf" + NDJSON, None),
    ],
)
def test_json(write: Write, content: bytes, path: str | None) -> None:
    profile = profile_source(str(write("people.json", content)))
    assert profile.record_path == path
    assert profile.records.total == 40
    assert columns(profile) == {"id": "int64", "address_city": "string", "tags": "list<string>"}
    city = profile.column("address_city")
    assert (city.source_name, city.path) == ("address.city", ("address", "city"))


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ({"id": 1, "address": {"city": "Oslo"}}, ["id", "address_city"]),
        ([1, 2, 3], ["value"]),
        ([[1, "a"], [2, "b"]], ["column_1", "column_2"]),
        (7, ["value"]),
    ],
)
def test_json_that_is_no_array_of_objects(write: Write, document: object, names: list[str]) -> None:
    path = write("thing.json", json.dumps(document).encode())
    assert list(columns(profile_source(str(path)))) == names


def test_geojson_and_topojson(write: Write) -> None:
    shapes = [
        {"type": "Point", "coordinates": [1.5, 2.5]},
        {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]},
    ]
    features = [{"type": "Feature", "id": i, "geometry": shapes[i % 2]} for i in range(20)]
    geo = write(
        "a.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode()
    )
    profile = profile_source(str(geo))
    assert (profile.record_path, profile.records.total) == ("/features", 20)
    assert str(profile.column("geometry_coordinates").type) == "string"
    topology = {
        "type": "Topology",
        "objects": {"land": {"type": "GeometryCollection", "geometries": shapes * 10}},
        "arcs": [[[1, 2], [3, 4]]] * 5,
    }
    topo = profile_source(str(write("b.json", json.dumps(topology).encode())))
    assert topo.record_path == "/objects/land/geometries"


def test_xml(write: Write) -> None:
    profile = profile_source(str(write("books.xml", XML)))
    assert (profile.record_path, profile.encoding) == ("/catalog/book", "iso8859-1")
    assert profile.records.total == 21
    assert columns(profile)["author"] == "list<string>"
    assert profile.column("id").path == ("@id",)
    assert profile.column("title").top_values[0].value == "Käse"


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    frame = pl.DataFrame(
        {
            "Order ID": [1, 2, 3],
            "day": [dt.date(2024, 1, d) for d in (1, 2, 3)],
            "tags": [["a"]] * 3,
            "took": [dt.timedelta(seconds=n) for n in (1, 2, 3)],
        }
    )
    frame.write_parquet(path)
    profile = profile_source(str(path))
    assert (profile.format, profile.encoding, profile.dialect) == ("parquet", None, None)
    assert columns(profile) == {
        "order_id": "int64",
        "day": "date",
        "tags": "list<string>",
        "took": "int64",
    }
    assert (profile.records.total, profile.records.total_is_exact) == (3, True)


def test_blanks_behind_delimiters_are_told_from_those_in_cells(write: Write) -> None:
    def dialect(text: str) -> Dialect:
        found = profile_source(str(write("list.csv", text.encode()))).dialect
        assert found is not None
        return found

    rows = '1, Ann, "x, y"\n2, Bo, z\n3, Cy, \n'
    assert dialect("id, name, note\n" + rows).skip_initial_space
    assert not dialect("id,name,note\n" + rows.replace(", ", ",", 4)).skip_initial_space
    assert dialect("id, name, note\n" + rows).delimiter == ","


def test_preamble_footer_and_rejects_are_counted_and_told(write: Write) -> None:
    text = (
        "Report of 2024\n\nday;rain;n\n2024-01-05;1,5;1\n2024-01-06;2,5;2\n2024-01-07;0,5\n"
        "seen by Ann\n2024-01-08;0,25;4\nTotal;4,75;\n"
    )
    profile = profile_source(str(write("rain.csv", text.encode())))
    assert profile.dialect is not None
    assert (profile.dialect.preamble_lines, profile.dialect.footer_lines) == (2, 1)
    assert profile.dialect.decimal_mark == ","
    assert (profile.records.read, profile.records.ragged, profile.records.rejected) == (5, 2, 1)
    codes = {found.code for found in profile.warnings}
    expected = {"W_PREAMBLE", "W_FOOTER", "W_REJECTED_ROWS", "W_SHORT_ROWS"}
    assert expected <= codes <= WARNINGS.keys()


def test_the_footer_of_a_file_that_is_larger_than_the_sample(write: Write) -> None:
    content = b"id,name,amount\n" + b"1,somebody,2.5\n" * 20_000 + b"Total,,50000\n"
    profile = profile_source(
        str(write("a.csv", content)), settings=load_settings(max_profile_bytes=65536)
    )
    assert profile.dialect is not None
    assert profile.dialect.footer_lines == 1


def test_the_encoding_may_show_at_the_end_only(write: Write) -> None:
    content = b"id,name\n" + b"1,Anna\n" * 50_000 + "2,José García\n3,Zoë Köln\n".encode("cp1252")
    profile = profile_source(
        str(write("a.csv", content)), settings=load_settings(max_profile_bytes=65536)
    )
    assert profile.encoding == "cp1252"


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_the_budgets_hold(write: Write, name: str) -> None:
    content = b"id,name\n" + b"".join(b"%d,name number %d\n" % (i, i) for i in range(200_000))
    path = write(name, gzip.compress(content) if name.endswith("gz") else content)
    limits = load_settings(max_profile_bytes=2**20, csv_max_rows=100)
    profile = profile_source(str(path), settings=limits)
    assert profile.bytes_read == 2**20
    assert profile.records.read == 100
    assert not profile.records.total_is_exact
    # Rows grow longer with their numbers; compressed bytes are read 64 KiB at a time.
    assert profile.records.total == pytest.approx(200_000, rel=0.25)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_records_behind_those_taken_are_estimated_by_their_line_ends(
    write: Write, line_end: str
) -> None:
    record = line_end.join(['1000,"two', 'lines",x'])
    content = line_end.join(["id,note,mark", *[record] * 250_000, ""]).encode()
    limits = load_settings(max_profile_bytes=3 * 2**20, csv_max_rows=100)
    profile = profile_source(str(write("a.csv", content)), settings=limits)
    assert (profile.records.read, profile.records.rejected) == (100, 0)
    assert profile.columns[1].top_values[0].count == 100
    assert profile.records.total == pytest.approx(250_000, rel=0.01)


@pytest.mark.parametrize(
    ("content", "records"),
    [
        (json.dumps(RECORDS * 50).encode(), 2000),
        (json.dumps({"items": RECORDS * 50}).encode(), 2000),
        (NDJSON * 50, 2000),
        (catalog(1000), 1000),
    ],
)
def test_a_sample_that_ends_inside_a_record_is_no_broken_file(
    write: Write, content: bytes, records: int
) -> None:
    limits = load_settings(max_profile_bytes=8192, json_max_objs=10_000, xml_max_records=10_000)
    profile = profile_source(str(write("a", content)), settings=limits)
    assert profile.records.rejected == 0
    assert profile.records.total == pytest.approx(records, rel=0.2)
    assert all(not column.nullable for column in profile.columns)


def test_a_glob_is_one_source(write: Write, tmp_path: Path) -> None:
    for month in (1, 2, 3):
        write(f"orders-{month}.csv", CSV)
    profile = profile_source(str(tmp_path / "orders-*.csv"))
    assert (profile.name, profile.size_bytes) == ("orders", 3 * len(CSV))
    assert (profile.records.total, profile.records.total_is_exact) == (120, False)
    assert "W_SEVERAL_FILES" in {found.code for found in profile.warnings}


def test_files_of_a_glob_must_be_alike(write: Write, tmp_path: Path) -> None:
    write("orders-1.csv", CSV)
    write("orders-2.csv", NDJSON)
    with pytest.raises(SourceError, match="E_MIXED_FILES") as refused:
        profile_source(str(tmp_path / "orders-*.csv"))
    assert "orders-2.csv" in refused.value.location


HEADERS_ALONE = {
    "comma": b"order_id,customer,amount\n",
    "no line end": b"order_id,customer,amount",
    "byte order mark": b"\xef\xbb\xbforder_id;customer;amount\r\n",
}


@pytest.mark.parametrize("mode", ["sampled", "full"])
@pytest.mark.parametrize("content", HEADERS_ALONE.values(), ids=HEADERS_ALONE)
def test_a_delivery_of_nothing_still_names_its_columns(
    write: Write, content: bytes, mode: Literal["sampled", "full"]
) -> None:
    profile = profile_source(str(write("orders.csv", content)), mode=mode)

    assert [column.name for column in profile.columns] == ["order_id", "customer", "amount"]
    assert {str(column.type) for column in profile.columns} == {"string"}
    assert (profile.records.read, profile.records.total) == (0, 0)
    assert [found.code for found in profile.warnings] == ["W_NO_ROWS"]


@pytest.mark.parametrize("mode", ["sampled", "full"])
def test_a_first_delivery_of_nothing_does_not_tell_the_types(
    write: Write, tmp_path: Path, mode: Literal["sampled", "full"]
) -> None:
    write("orders-1.csv", CSV.partition(b"\n")[0] + b"\n")
    write("orders-2.csv", CSV)

    profile = profile_source(str(tmp_path / "orders-*.csv"), mode=mode)

    alone = profile_source(str(tmp_path / "orders-2.csv"))
    assert [c.type for c in profile.columns] == [c.type for c in alone.columns]
    assert "W_NO_ROWS" not in {found.code for found in profile.warnings}


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.csv", b"", "E_EMPTY"),
    "blank": ("a.csv", b"\n \n", "E_EMPTY"),
    "byte order mark alone": ("a.csv", b"\xef\xbb\xbf", "E_EMPTY"),
    "wide byte order mark alone": ("a.csv", b"\xff\xfe", "E_EMPTY"),
    "a word alone": ("a.csv", b"id\n", "E_NO_ROWS"),
    "empty cells": ("a.csv", b",,\n,,\n", "E_NO_ROWS"),
    "empty root": ("a.xml", b"<rows> </rows>", "E_NO_ROWS"),
    "noise": ("a.csv", bytes(range(256)) * 40, "E_BINARY"),
    "image": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(50), "E_BINARY"),
    "cut archive": ("a.csv", b"PK\x03\x04" + bytes(50), "E_ARCHIVE"),
    "old document": (
        "a.csv",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50),
        "E_UNSUPPORTED_FORMAT",
    ),
    "database": ("a.csv", b"SQLite format 3\x00" + bytes(50), "E_UNSUPPORTED_FORMAT"),
    "page": ("a.csv", b"<!DOCTYPE html><html></html>", "E_UNSUPPORTED_FORMAT"),
    "compressed twice": ("a.gz", gzip.compress(gzip.compress(CSV)), "E_UNSUPPORTED_FORMAT"),
    "parquet in gzip": ("a.gz", gzip.compress(b"PAR1" + bytes(50)), "E_UNSUPPORTED_FORMAT"),
    "cut gzip": ("a.csv.gz", gzip.compress(CSV)[:-20], "E_TRUNCATED"),
    "damaged bz2": ("a.csv.bz2", bz2.compress(CSV)[:40] + bytes(60), "E_CORRUPT"),
    "cut json": ("a.json", b'[{"a": 1}, {"a": ', "E_BROKEN_JSON"),
    "cut object": ("a.json", b'{"items": [{"a": 1}, {"a": 2}', "E_BROKEN_JSON"),
    "no json": ("a.json", b"hello", "E_BROKEN_JSON"),
    "broken lines": ("a.ndjson", b'{"a": 1\n{"a": 2\n', "E_BROKEN_JSON"),
    "empty array": ("a.json", b"[]", "E_NO_ROWS"),
    "deep json": ("a.json", b"[" * 100 + b"]" * 100, "E_TOO_DEEP"),
    "cut xml": ("a.xml", b"<rows><row><a>1</a></row><row><a>2", "E_BROKEN_XML"),
    "doctype": ("a.xml", b'<!DOCTYPE r [<!ENTITY a "b">]><r><x>&a;</x></r>', "E_XML_DOCTYPE"),
    "deep xml": ("a.xml", b"<a>" * 100 + b"</a>" * 100, "E_XML_LIMIT"),
    "unknown encoding": ("a.xml", b'<?xml version="1.0" encoding="klingon"?><a/>', "E_ENCODING"),
    "cut parquet": ("a.parquet", b"PAR1" + bytes(50), "E_BROKEN_PARQUET"),
}


@pytest.mark.parametrize(("name", "content", "code"), BAD.values(), ids=BAD)
def test_bad_input_is_one_clear_error(write: Write, name: str, content: bytes, code: str) -> None:
    path = write(name, content)
    with pytest.raises(SourceError) as refused:
        profile_source(str(path))
    error = refused.value
    assert error.code == code
    assert error.location.startswith(str(path))
    assert error.hint
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("line.csv", "x" * 50_000),
        ("cell.csv", 'a,b\n1,"' + "z" * 50_000 + '"\n2,c\n'),
        ("value.json", '[{"a":"' + "x" * 50_000 + '"}]'),
    ],
)
def test_a_first_record_that_is_longer_than_the_sample_is_said(
    write: Write, name: str, content: str
) -> None:
    limits = load_settings(max_profile_bytes=8192)
    with pytest.raises(SourceError, match=r"^E_RECORD_TOO_LONG .*first record goes on behind"):
        profile_source(str(write(name, content.encode())), settings=limits)


def test_a_missing_file_a_folder_and_a_file_that_is_too_large(write: Write, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="E_NOT_FOUND"):
        profile_source(str(tmp_path / "nowhere.csv"))
    with pytest.raises(SourceError, match="E_IS_DIRECTORY"):
        profile_source(str(tmp_path))
    with pytest.raises(SourceError, match=r"E_TOO_LARGE.*MAX_FILE_SIZE"):
        profile_source(str(write("a.csv", CSV)), settings=load_settings(max_file_size=100))


def test_a_bucket_that_is_not_allowed_is_never_asked() -> None:
    limits = load_settings(allowed_buckets=("ours",))
    with pytest.raises(SourceError, match="E_DENIED"):
        profile_source("s3://theirs/a.csv", settings=limits)


def test_the_digest_is_of_the_content_and_the_budgets(write: Write) -> None:
    limits = load_settings()
    digest = profile_source(str(write("a.csv", CSV)), settings=limits).digest
    assert source_digest(str(write("b.csv", CSV)), limits) == digest
    assert source_digest(str(write("c.csv", CSV.replace(b"n7", b"n8"))), limits) != digest
    assert source_digest(str(write("a.csv", CSV)), load_settings(csv_max_rows=10)) != digest


def test_the_digest_sees_a_change_at_the_end_of_a_large_file(write: Write) -> None:
    limits = load_settings(max_profile_bytes=4096)
    content = CSV * 400
    before = source_digest(str(write("a.csv", content)), limits)
    assert source_digest(str(write("a.csv", content[:-2] + b"1\n")), limits) != before


@pytest.fixture
def lengthless_server() -> Iterator[str]:
    """A web server that neither says how long a file is nor serves ranges."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(CSV)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/orders.csv?token=secret"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_that_does_not_say_the_size(lengthless_server: str) -> None:
    profile = profile_source(lengthless_server)
    assert (profile.records.total, profile.name) == (40, "orders")
    assert "secret" not in profile.to_json()
    assert "W_SIZE_UNKNOWN" in {found.code for found in profile.warnings}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=300) | st.text(min_size=1, max_size=200).map(str.encode))
def test_any_bytes_give_a_profile_or_one_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        profile = profile_source(str(path))
    except SourceError:
        return
    assert profile.records.read > 0 or "W_NO_ROWS" in {w.code for w in profile.warnings}


def test_values_in_xml_are_typed_by_what_they_say(write: Write) -> None:
    rows = "".join(
        f"<row n='{i}'><price cur='EUR'>{i}.5</price><on>2024-01-{i:02}</on></row>"
        for i in range(1, 29)
    )
    profile = profile_source(str(write("rows.xml", f"<rows>{rows}</rows>".encode())))
    found = {column.name: str(column.type) for column in profile.columns}
    assert found == {"n": "int64", "price_cur": "string", "price": "decimal(18,2)", "on": "date"}

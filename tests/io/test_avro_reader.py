"""Avro: every type as what it is, every codec, and no trust in what a file claims."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
from decimal import Decimal
from typing import Any

import fastavro
import polars as pl
import pytest
import zstandard

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.avro_reader import read_avro
from ai_data_engineer.io.avro_schema import AvroSchema
from ai_data_engineer.io.batches import LINE, Field

UTC = dt.UTC


def schema_of(**fields: Any) -> dict[str, Any]:
    listed = [{"name": name, "type": kind} for name, kind in fields.items()]
    return {"type": "record", "name": "Row", "fields": listed}


def written(schema: Any, records: list[Any], **options: Any) -> bytes:
    buffer = io.BytesIO()
    fastavro.writer(buffer, schema, records, **options)
    return buffer.getvalue()


def read(data: bytes, *paths: tuple[str, ...], **options: Any) -> pl.DataFrame:
    fields = [Field("_".join(path), path) for path in paths]
    return pl.concat(b.rows for b in read_avro(io.BytesIO(data), columns=fields, **options))


def logical(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "logicalType": name, **more}


ADDRESS = {"type": "record", "name": "Address", "fields": [{"name": "city", "type": "string"}]}
ITEM = {
    "type": "record",
    "name": "Item",
    "fields": [{"name": "n", "type": "int"}, {"name": "on", "type": logical("int", "date")}],
}


@pytest.mark.parametrize(
    ("kind", "value", "dtype", "expected"),
    [
        ("int", 7, pl.Int64, 7),
        ("double", 0.5, pl.Float64, 0.5),
        ("boolean", True, pl.Boolean, True),
        ("bytes", b"\0\xff", pl.Binary, b"\0\xff"),
        (["null", "string"], "ü", pl.String, "ü"),
        (["null", "string"], None, pl.String, None),
        ("null", None, pl.String, None),
        (["null", "string", "long"], 5, pl.String, "5"),
        (logical("int", "date"), dt.date(2024, 1, 2), pl.Date, dt.date(2024, 1, 2)),
        (logical("int", "time-millis"), dt.time(1, 2, 3), pl.Time, dt.time(1, 2, 3)),
        (logical("long", "timestamp-millis"), dt.datetime(2024, 1, 2, 3, tzinfo=UTC), pl.Datetime("ms", "UTC"), dt.datetime(2024, 1, 2, 3, tzinfo=UTC)),
        (logical("long", "local-timestamp-micros"), dt.datetime(2024, 1, 2, 3), pl.Datetime("us"), dt.datetime(2024, 1, 2, 3)),
        (logical("bytes", "decimal", precision=6, scale=2), Decimal("-12.30"), pl.Decimal(6, 2), Decimal("-12.30")),
        (logical("string", "uuid"), uuid.UUID(int=1), pl.String, str(uuid.UUID(int=1))),
        ({"type": "enum", "name": "E", "symbols": ["A", "B"]}, "B", pl.String, "B"),
        ({"type": "fixed", "name": "F", "size": 2}, b"ab", pl.Binary, b"ab"),
        ({"type": "map", "values": "long"}, {"a": 1}, pl.String, '{"a":1}'),
        ({"type": "array", "items": "long"}, [1, 2], pl.List(pl.Int64), [1, 2]),
        ({"type": "array", "items": ITEM}, [{"n": 1, "on": dt.date(2024, 1, 2)}], pl.List(pl.Struct({"n": pl.Int64, "on": pl.Date})), [{"n": 1, "on": dt.date(2024, 1, 2)}]),
    ],
)  # fmt: skip
def test_types(kind: Any, value: Any, dtype: Any, expected: Any) -> None:
    rows = read(written(schema_of(id="long", x=kind), [{"id": 1, "x": value}]), ("x",))

    assert rows.schema["x"] == dtype
    assert rows.rows() == [(1, expected)]


def test_records_in_records_are_taken_apart_and_names_are_looked_up() -> None:
    schema = schema_of(home=ADDRESS, work=["null", "Address"])
    data = written(schema, [{"home": {"city": "Ulm"}, "work": None}])

    assert [c.path for c in AvroSchema(schema).columns()] == [("home", "city"), ("work", "city")]
    assert read(data, ("work", "city"), ("home", "city")).rows() == [(1, None, "Ulm")]


@pytest.mark.parametrize("codec", ["null", "deflate", "snappy", "bzip2", "xz", "zstandard"])
def test_codecs(codec: str) -> None:
    records = [{"x": n} for n in range(1000)]
    if codec == "zstandard":  # which fastavro leaves to a package of its own
        data = repacked(written(schema_of(x="long"), records), zstandard.ZstdCompressor().compress)
    else:
        data = written(schema_of(x="long"), records, codec=codec)

    assert read(data, ("x",), batch_rows=300)["x"].to_list() == list(range(1000))


def repacked(data: bytes, compress: Any) -> bytes:
    """Return a file of one block, written without a codec, as one with `zstandard`."""
    schema, sync = json.dumps(schema_of(x="long")).encode(), data[-16:]
    block = next(iter(fastavro.block_reader(io.BytesIO(data))))
    body = compress(block.bytes_.getvalue())
    header = b"Obj\x01" + number(2)
    for key, value in ((b"avro.codec", b"zstandard"), (b"avro.schema", schema)):
        header += number(len(key)) + key + number(len(value)) + value
    return header + number(0) + sync + number(block.num_records) + number(len(body)) + body + sync


def number(value: int) -> bytes:
    value, out = value << 1, b""
    while value > 127:
        value, out = value >> 7, out + bytes([value & 127 | 128])
    return out + bytes([value])


def test_lines_are_numbers_of_records_and_there_is_always_a_batch() -> None:
    data = written(schema_of(x="long"), [{"x": 1}, {"x": 2}, {"x": 3}])
    (empty,) = read_avro(io.BytesIO(written(schema_of(x="long"), [])), columns=[Field("x", ("x",))])

    assert read(data, ("x",), batch_rows=2)[LINE].to_list() == [1, 2, 3]
    assert empty.rows.schema == {LINE: pl.Int64, "x": pl.Int64}


GOOD = written(schema_of(x="long", y="string"), [{"x": n, "y": "abc"} for n in range(50)])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (GOOD[:-1], "E_BROKEN_AVRO"),
        (GOOD[:100], "E_BROKEN_AVRO"),
        (GOOD[:-16] + bytes(16), "E_BROKEN_AVRO"),
        (GOOD.replace(b"avro.schema", b"avro.xchema"), "E_BROKEN_AVRO"),
        (GOOD.replace(b"null", b"nuts"), "E_COMPRESSION"),
        (b"Obj\x01" + b"\xff" * 30, "E_BROKEN_AVRO"),
        (b"", "E_BROKEN_AVRO"),
    ],
    ids=["cut", "cut header", "sync", "no schema", "codec", "number", "empty"],
)
def test_broken_files_are_one_error(data: bytes, code: str) -> None:
    with pytest.raises(SourceError, match=code):
        read(data, ("x",))


def test_what_comes_before_the_damage_is_read() -> None:
    blocks = written(schema_of(x="long"), [{"x": n} for n in range(9000)], sync_interval=1000)
    batches = read_avro(io.BytesIO(blocks[:-20]), columns=[Field("x", ("x",))])
    rows = next(batches).rows["x"].to_list()

    with pytest.raises(SourceError, match="E_BROKEN_AVRO"):
        next(batches)
    assert rows == list(range(len(rows)))
    assert len(rows) > 8000


SELF = {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}


@pytest.mark.parametrize(
    "schema",
    [
        schema_of(x=SELF),
        schema_of(x={"type": "array", "items": "null"}),
        schema_of(x={"type": "array", "items": {"type": "fixed", "name": "F", "size": 0}}),
        schema_of(x="null"),
        schema_of(),
        schema_of(x="Unknown"),
        {"type": "array", "items": "long"},
        "long",
    ],
)
def test_schemas_that_could_claim_records_out_of_nothing_are_refused(schema: Any) -> None:
    with pytest.raises(SourceError, match="E_UNSUPPORTED_TYPE"):
        AvroSchema(schema).columns()


@pytest.mark.parametrize("codec", ["deflate", "snappy", "bzip2", "xz"])
def test_a_block_that_expands_too_far_is_refused(
    codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_data_engineer.io.avro_blocks.MAX_BLOCK", 100_000)
    data = written(schema_of(x="string"), [{"x": "a" * 200_000}], codec=codec)

    with pytest.raises(SourceError, match="E_EXPANSION"):
        read(data, ("x",))


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(SourceError, match=r"E_COLUMNS.*`z`"):
        read(GOOD, ("z",))

"""JSON and NDJSON: strict, streamed, and every record accounted for."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import json_cursor, json_reader
from ai_data_engineer.io.batches import LINE, Field, Rejected
from ai_data_engineer.io.json_reader import (
    iter_json_records,
    iter_ndjson_records,
    parse_document,
    read_json,
    read_ndjson,
)


def records(data: str | bytes, path: str = "", **options: Any) -> list[Any]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return [record for _, record in iter_json_records(stream, path, **options)]


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ('[{"a":1},{"a":2}]', "", [{"a": 1}, {"a": 2}]),
        (" [ ] ", "", []),
        ('{"data":{"items":[{"a":1}],"n":1}}', "/data/items", [{"a": 1}]),
        ('{"data":[[0],[{"a":1},{"a":2}]]}', "/data/1", [{"a": 1}, {"a": 2}]),
        ('{"a/b":{"~":[{"x":1}]},"z":[]}', "/a~1b/~0", [{"x": 1}]),
        ('[1,"x",null,[1,2],{"a":[]}]', "", [
            {"value": 1}, {"value": "x"}, {"value": None}, {"column_1": 1, "column_2": 2}, {"a": []},
        ]),
        ('{"a":1}', "", [{"a": 1}]),
        ('{"a":{"b":1}}', "/a", [{"b": 1}]),
        ("7", "", [{"value": 7}]),
        ('\ufeff[{"a":"é"}]', "", [{"a": "é"}]),
    ],
)  # fmt: skip
def test_records_below_a_path(document: str, path: str, expected: list[Any]) -> None:
    assert records(document, path) == expected


def test_utf_16_is_read_when_it_is_named() -> None:
    assert records('[{"a":"é"}]'.encode("utf-16"), encoding="utf-16") == [{"a": "é"}]


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ("", 1),
        ('[{"a":1},\n{"a":2}', 2),
        ('[{"a":1},\n{"a":\n', 3),
        ('[{"a":1}\n{"a":2}]', 2),
        ('[{"a":1},\n{"a":tru}]', 2),
        ('[{"a":1},\n{"a":\n\n,}]', 4),
        ('[{"a":1},]', 1),
        ('[{"a":1}]\nx', 2),
        ('[{"a":1}]\n]', 2),
        ('{"data":[{"a":1}],\n"b":nul}', 2),
        ('{"data":[{"a":1}],\nb:1}', 2),
        ('[{"a":NaN}]', 1),
        ('[{"a":"\\ud800"}]', 1),
        ("[" * 100_000, 1),
        ("[" + "[" * 5000 + "]" * 5000 + "]", 1),
    ],
)
def test_a_broken_document_names_the_line(document: str, line: int) -> None:
    path = "/data" if "data" in document else ""
    with pytest.raises(SourceError, match=rf"^E_BROKEN_JSON line {line}: "):
        records(document, path)


def test_records_before_the_break_are_yielded() -> None:
    found = iter_json_records(io.BytesIO(b'[{"a":1},{"a":2},{"a"'))
    assert [next(found), next(found)] == [(1, {"a": 1}), (2, {"a": 2})]
    with pytest.raises(SourceError, match=r"breaks off"):
        next(found)


def test_nothing_at_the_path_is_said() -> None:
    with pytest.raises(SourceError, match=r"^E_RECORD_PATH .*`/data/rows`"):
        records('{"data":{"items":[]}}', "/data/rows")
    with pytest.raises(SourceError, match=r"^E_RECORD_PATH "):
        records("[1]", "/5")
    with pytest.raises(SourceError, match=r"^E_RECORD_PATH "):
        records("7", "/a")


def test_a_record_beyond_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "CHUNK", 100)
    for module in (json_cursor, json_reader):
        monkeypatch.setattr(module, "MAX_RECORD", 1000)
    big = json.dumps({"a": "x" * 10_000})
    with pytest.raises(SourceError, match=r"^E_RECORD_TOO_LONG "):
        records(f"[{big}]")
    with pytest.raises(SourceError, match=r"^E_RECORD_TOO_LONG "):
        list(iter_ndjson_records(io.BytesIO(big.encode())))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.text(max_size=8)
    | st.sampled_from(['},{"a"', "\\", '"', "[", "é\n", '},\n {"a":1']),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["a", "b", "a b", '"']), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(
    items=st.lists(st.dictionaries(st.sampled_from("ab"), VALUES, max_size=2), max_size=8),
    indent=st.sampled_from([None, 0, 2]),
    chunk=st.integers(1, 40),
    path=st.sampled_from(["", "/rows", "/x/rows"]),
)
def test_any_document_reads_the_same_in_any_chunks(
    items: list[dict[str, Any]], indent: int | None, chunk: int, path: str
) -> None:
    document: Any = items
    for key in reversed(path.split("/")[1:]):
        document = {"before": [1, {"rows": "]"}], key: document, "behind": {}}
    text = json.dumps(document, indent=indent)
    expected = [parse_document(json.dumps(item).encode()) for item in items]
    assert records(text, path) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_reader, "CHUNK", chunk)
        assert records(text, path) == expected


@given(
    data=st.binary(max_size=40) | st.text('[]{}",:1ea\\u \n-', max_size=40).map(str.encode),
    chunk=st.integers(1, 10),
)
def test_what_json_refuses_is_refused(data: bytes, chunk: int) -> None:
    try:
        json.loads(data.decode().removeprefix("\ufeff"), parse_constant=lambda _: 1 / 0)
        valid = True
    except (ValueError, ZeroDivisionError):
        valid = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_reader, "CHUNK", chunk)
        try:
            records(data)
            accepted = True
        except SourceError:
            accepted = False
    assert accepted == valid


def test_text_columns_keep_values_as_written() -> None:
    document = (
        '[{"a":1.10,"b":1e3,"c":true,"d":null,"e":{"x":[1.50,null]},"f":123456789012345678901},'
        '{"a":"1.10","b":-0.0,"c":false,"e":[],"f":9223372036854775807}]'
    )
    columns = [Field(name, (name,)) for name in "abcdef"]
    (batch,) = read_json(io.BytesIO(document.encode()), columns=columns)
    assert batch.rows.rows() == [
        (1, "1.10", "1e3", "true", None, '{"x":[1.50,null]}', "123456789012345678901"),
        (2, "1.10", "-0.0", "false", None, "[]", "9223372036854775807"),
    ]


def test_a_deep_value_is_text_like_a_shallow_one() -> None:
    inner = '[1.50,"}",{"a":null,"b":[true]},{},[]]'
    deep = '[{"k\\"":' * 200 + inner + "}]" * 200
    columns = [Field("a", ("a",))]
    (batch,) = read_ndjson(io.BytesIO(f'{{"a":{deep}}}\n{{"a":{inner}}}'.encode()), columns=columns)
    assert batch.rows["a"].to_list() == [deep, inner]


def test_paths_reach_into_objects_and_through_lists() -> None:
    document = '[{"a":{"b":1}},{"a":[{"b":2},{"b":3}]},{"a":5},{}]'
    (batch,) = read_json(io.BytesIO(document.encode()), columns=[Field("b", ("a", "b"))])
    assert batch.rows["b"].to_list() == ["1", "[2,3]", None, None]


def test_nested_columns_are_typed_and_misfits_set_aside() -> None:
    lines = [
        '{"t":["x",1],"s":{"n":1,"f":1.5}}',
        '{"t":"single","s":null}',
        '{"t":null,"s":{"n":"2"}}',
        '{"t":[],"s":{"n":1.5}}',
        '{"t":[],"s":7}',
    ]
    struct = pl.Struct({"n": pl.Int64, "f": pl.Float64})
    columns = [Field("t", ("t",), pl.List(pl.String)), Field("s", ("s",), struct)]
    (batch,) = read_ndjson(io.BytesIO("\n".join(lines).encode()), columns=columns)
    assert batch.rows.rows() == [
        (1, ["x", "1"], {"n": 1, "f": 1.5}),
        (2, ["single"], None),
        (3, None, {"n": 2, "f": None}),
    ]
    reason = "s: the nested value does not fit its type"
    assert batch.rejected == [
        Rejected(4, reason, '{"t":[],"s":{"n":1.5}}'),
        Rejected(5, reason, '{"t":[],"s":7}'),
    ]


def test_ndjson_lines_that_are_not_json_are_rejected() -> None:
    data = b'\xef\xbb\xbf{"a":1}\r\n\n{"a":\n{"a":"\xff"}\n7\n{"a":2}{"a":3}\n{"a":4}'
    (batch,) = read_ndjson(io.BytesIO(data), columns=[Field("a", ("a",))])
    assert batch.rows.rows() == [(1, "1"), (5, None), (7, "4")]
    assert [(r.line, r.reason) for r in batch.rejected] == [
        (3, "broken JSON"),
        (4, "undecodable bytes"),
        (6, "broken JSON"),
    ]
    assert batch.rows.schema == {LINE: pl.Int64, "a": pl.String}


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_ndjson_lines_may_be_cut_by_chunks(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "CHUNK", chunk)
    found = list(iter_ndjson_records(io.BytesIO(b'{"a":1}\n\n{"a":22}\n')))
    assert found == [(1, {"a": 1}), (3, {"a": 22})]

"""NDJSON straight into columns: always what the tolerant reader says, mostly by the fast parser."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import json_pieces as pieces
from ai_data_engineer.io import json_reader
from ai_data_engineer.io.batches import Batch, Field
from ai_data_engineer.io.json_columns import JsonColumns
from ai_data_engineer.io.json_pieces import json_pieces, ndjson_pieces
from ai_data_engineer.io.json_reader import read_json, read_ndjson

COLUMNS = [
    Field("a", ("a",)),
    Field("b", ("b",)),
    Field("x", ("o", "x")),
    Field("deep", ("o", "p", "q")),
    Field("never", ("never",)),
]
USUAL = (
    '{"a":1,"b":"x","o":{"x":1.50,"p":{"q":true}}}\n'
    '{"a":null,"b":"é \\" : ,","o":{"x":2,"p":null}}\n'
    '{"b":null,"a":-3}\n'
)


def joined(batches: list[Batch]) -> tuple[pl.DataFrame, list[Any], Counter[str]]:
    return (
        pl.concat([batch.rows for batch in batches]),
        [record for batch in batches for record in batch.rejected],
        sum((batch.unread for batch in batches), Counter()),
    )


def assert_alike(data: bytes, columns: list[Field] = COLUMNS) -> None:
    tolerant = joined(list(read_ndjson(io.BytesIO(data), columns=columns)))
    fast = joined([piece() for piece in ndjson_pieces(io.BytesIO(data), columns=columns)])
    assert fast[0].equals(tolerant[0]), (fast[0], tolerant[0])
    assert fast[0].schema == tolerant[0].schema
    assert fast[1:] == tolerant[1:]


def is_fast(data: bytes, usual: str = USUAL) -> bool:
    """Return whether a reader that knows the usual takes this without the tolerant one."""
    reader = JsonColumns(COLUMNS)
    reader.learn(usual.encode().split(b"\n"))
    return reader.read_usual(data, 1) is not None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n\n",
        '{"a":5}\n\n \r\n{"a":null}',
        '{"a" :5}\r'.replace(" ", ""),
        '{"a": 5, "b": "x", "o": {"x": 1e3}}',
        '{"a":-0}',
        '{"a":9223372036854775807,"o":{"x":123456789012345678901234567890}}',
        '{"b":"\\u00e9\\ud83d\\ude00\\\\\\" \\n","o":{}}',
        '{"b":"\\\\","a":1}',
        '{"b":"\\\\\\"a\\":1","a":1}',
        '{"b":":null","o":{"x":-1.0E-7}}',
        '{"b":"a\\":null,\\"a\\":7"}',
        "{}",
        '{"\\u0061":1}',
        '{"o":{"x":0.1234567890123456789012345678901234567890}}',
    ],
)
def test_usual_blocks_are_read_fast(line: str) -> None:
    assert is_fast(f"{USUAL}{line}\n".encode())
    assert_alike(f"{USUAL}{line}\n{USUAL}".encode())


HOSTILE = {
    "broken": '{"a":',
    "two documents on a line": '{"a":1}{"a":2}',
    "behind the end": '{"a":1} x',
    "comma at the end": '{"a":1,}',
    "single quotes": "{'a':1}",
    "comment": '{"a":1/**/}',
    "NaN": '{"a":NaN}',
    "minus infinity": '{"a":-Infinity}',
    "leading nought": '{"a":01}',
    "plus": '{"a":+1}',
    "no digit before the point": '{"o":{"x":.5}}',
    "no digit behind the point": '{"o":{"x":1.}}',
    "hexadecimal": '{"a":0x1}',
    "raw control character": '{"b":"a\tb"}',
    "raw nought": '{"b":"a\0b"}',
    "unknown escape": '{"b":"\\x"}',
    "half a surrogate": '{"b":"\\ud800"}',
    "surrogates the wrong way round": '{"b":"\\ude00\\ud83d"}',
    "half a surrogate where no one looks": '{"o":{"z":"\\udc00"}}',
    "undecodable bytes": '{"b":"\udcff"}',
    "overlong UTF-8": '{"b":"\udcc0\udc80"}',
    "a surrogate in UTF-8": '{"b":"\udced\udca0\udc80"}',
    "byte order mark inside": '\ufeff{"a":1}',
    "nested too deeply": '{"z":' + "[" * 2000 + "]" * 2000 + "}",
    "a number": "7",
    "an array": "[1,2]",
    "null": "null",
    "a text": '"a"',
    "vertical tab": "\v",
    "next line": "\x85",
    "twice the same key": '{"a":1,"a":2}',
    "twice the same key, null first": '{"a":null,"a":2}',
    "twice the same key, null last": '{"a":2,"a":null}',
    "null last, and missing in the next line": '{"a":2,"a":null}\n{"b":"x"}',
    "twice the same key inside": '{"o":{"x":1,"x":2}}',
    "twice the same key, once escaped": '{"a":1,"\\u0061":2}',
    "a field that is not asked for": '{"a":1,"new":2}',
    "a null that is not asked for": '{"a":1,"new":null}',
    "an object that is not asked for": '{"new":{"a":1}}',
    "a nested field that is not asked for": '{"o":{"new":1}}',
    "a number among texts": '{"b":1.50}',
    "a truth among texts": '{"b":true}',
    "an array among texts": '{"b":["x"]}',
    "an empty array among texts": '{"b":[]}',
    "an object among texts": '{"b":{"x":1.10}}',
    "a text among numbers": '{"a":"1"}',
    "a fraction among integers": '{"a":1.0}',
    "an integer beyond 64 bits": '{"a":9223372036854775808}',
    "an integer of 5000 digits": '{"a":' + "9" * 5000 + "}",
    "a number beyond all bounds": '{"o":{"x":1e400}}',
    "minus nought among fractions": '{"o":{"x":-0}}',
    "a number of many digits": '{"o":{"x":0.' + "1" * 600 + "}}",
    "a blank before the colon": '{"a" :1}',
    "a blank before the colon, a number among texts": '{"b" :"x","a" :"y"}\n{"b":1,"new":2}',
    "two blanks behind the colon": '{"a":  1}',
    "a text instead of an object": '{"o":"x"}',
    "an array instead of an object": '{"o":[{"x":1}]}',
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_hostile_lines_are_read_as_the_tolerant_reader_reads_them(line: str) -> None:
    data = line.encode("utf-8", "surrogateescape")
    assert not is_fast(data + b"\n")
    assert_alike(data)
    assert_alike(USUAL.encode() + data + b"\n" + USUAL.encode())
    assert_alike(data + b"\n" + USUAL.encode())


def test_a_new_field_is_learnt_and_then_read_fast() -> None:
    reader = JsonColumns(COLUMNS)
    reader.learn(USUAL.encode().split(b"\n"))
    block = b'{"a":1,"new":2}\n{"a":1,"new":null}\n{"a":1}\n'
    assert reader.read_usual(block, 1) is None
    assert reader.read(block, 1).unread == {"new": 2}
    again = reader.read_usual(block, 1)
    assert again is not None
    assert again.unread == {"new": 2}


def test_line_numbers_go_on_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "BLOCK", 20)
    lines = [f'{{"a":{number}}}' if number % 5 else "" for number in range(1, 60)]
    lines[16] = "broken"
    assert_alike("\n".join(lines).encode())


def test_a_line_beyond_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pieces, json_reader):
        monkeypatch.setattr(module, "MAX_RECORD", 1000)
    monkeypatch.setattr(pieces, "BLOCK", 100)
    with pytest.raises(SourceError, match=r"^E_RECORD_TOO_LONG "):
        list(ndjson_pieces(io.BytesIO(b'{"a":"' + b"x" * 5000), columns=COLUMNS))


def test_another_encoding_is_read() -> None:
    (piece,) = ndjson_pieces(io.BytesIO('{"a":"é"}'.encode("cp1252")), columns=COLUMNS[:1],
                             encoding="cp1252")  # fmt: skip
    assert piece().rows.row(0) == (1, "é")


def assert_documents_alike(document: str, path: str = "") -> None:
    data = document.encode("utf-8", "surrogatepass")
    try:
        tolerant = joined(list(read_json(io.BytesIO(data), record_path=path, columns=COLUMNS)))
    except SourceError as error:
        with pytest.raises(SourceError, match=f"^{re.escape(str(error))}$"):
            list(json_pieces(io.BytesIO(data), record_path=path, columns=COLUMNS))
        return
    fast = joined(
        [piece() for piece in json_pieces(io.BytesIO(data), record_path=path, columns=COLUMNS)]
    )
    assert fast[0].equals(tolerant[0]), (fast[0], tolerant[0])
    assert fast[1:] == tolerant[1:]


RECORDS = [
    *USUAL.split("\n")[:-1],
    '{"a":[{"a":1},{"a":2}]}',
    '{"a":"},{\\"a\\":"}',
    '{"new":1,"a":1,"a":2}',
    "7",
    "[]",
    "{}",
]


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("path", ["", "/data/rows"])
@pytest.mark.parametrize("count", [0, 1, 2, 30])
@pytest.mark.parametrize("kinds", [1, 3, 6, 9])
@pytest.mark.parametrize("block", [50, 1000, 10**6])
def test_a_document_is_read_alike_in_any_blocks(
    indent: int | None, path: str, count: int, kinds: int, block: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pieces, "BLOCK", block)
    items = [json.loads(RECORDS[number % kinds]) for number in range(count)]
    document: Any = {"before": [{"a": 1}], "data": {"rows": items}, "z": 1} if path else items
    assert_documents_alike(json.dumps(document, indent=indent, ensure_ascii=count == 2), path)
    assert_documents_alike(json.dumps(document, separators=(",", ":")), path)


def test_runs_of_a_document_are_read_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "BLOCK", 10_000)
    monkeypatch.setattr(pieces, "parse_document", None)  # not called
    records = [{"b": f"text {n}", "a": n, "o": {"x": 1.5, "p": None}} for n in range(2000)]
    for indent in (None, 2):
        stream = io.BytesIO(json.dumps(records, indent=indent).encode())
        batches = [piece() for piece in json_pieces(stream, columns=COLUMNS)]
        assert sum(batch.rows.height for batch in batches) == 2000
        assert len(batches) < 25  # none of a single record between two runs


@pytest.mark.parametrize(
    "ending",
    ["", "]]", "] x", ",]", ',{"a":tru}]', ',{"a":1}', ',{"a":"\\ud800"}]', ',{"a":"\udcff"}]',
     ',{"a":' + "[" * 3000 + "]" * 3000 + "}]"],
)  # fmt: skip
def test_a_broken_document_raises_alike(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "BLOCK", 200)
    data = "[" + ",\n".join(['{"a":1,"b":"x"}'] * 40) + ending
    stream = data.encode("utf-8", "surrogateescape")
    with pytest.raises(SourceError) as tolerant:
        list(read_json(io.BytesIO(stream), columns=COLUMNS))
    with pytest.raises(SourceError) as fast:
        list(json_pieces(io.BytesIO(stream), columns=COLUMNS))
    assert str(fast.value) == str(tolerant.value)


NUMBERS = st.sampled_from(
    ["1", "-0", "1.10", "1e5", "0.1", "-7", "12345678901234567890123", "1E+2"]
)
TEXTS = st.text(max_size=6) | st.sampled_from(
    ['":', '"a":1', "\\", "null", ":null", "}\n{", "\ud83d"]
)
SCALARS = (
    st.none().map(json.dumps) | st.booleans().map(json.dumps) | NUMBERS
    | st.builds(json.dumps, TEXTS, ensure_ascii=st.booleans())
)  # fmt: skip
NAMES = st.sampled_from(['"a"', '"b"', '"o"', '"new"', '"x"', '"\\u0061"', '"a\\""'])


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(NAMES, st.sampled_from([":", ": ", " :"]), values).map("".join)
    return st.lists(pair, max_size=4).map(lambda pairs: "{" + ",".join(pairs) + "}")


VALUES = SCALARS | objects(SCALARS | objects(SCALARS)) | st.lists(SCALARS, max_size=2).map(
    lambda items: "[" + ",".join(items) + "]"
)  # fmt: skip


@given(
    lines=st.lists(objects(VALUES), max_size=4),
    usual=st.sampled_from([USUAL, '{"a":"x","b":1}\n', '{"new":1,"o":{"x":"x"}}\n']),
    ending=st.sampled_from(["", "\n", "\r\n", "\n\n"]),
)
def test_any_lines_are_read_alike(lines: list[str], usual: str, ending: str) -> None:
    assert_alike((usual + "\n".join(lines) + ending).encode("utf-8", "surrogatepass"))


@given(
    place=st.integers(0, len(USUAL) - 1),
    bytes_=st.binary(max_size=3) | st.sampled_from([b'"', b",", b":", b"\\", b"\n", b" ", b"null"]),
    gone=st.integers(0, 3),
)
def test_any_damage_is_read_alike(place: int, bytes_: bytes, gone: int) -> None:
    data = USUAL.encode()
    assert_alike(data[:place] + bytes_ + data[place + gone :] + data)


@given(
    records=st.lists(objects(VALUES), max_size=6),
    between=st.sampled_from([",", ", ", ",\n", "\n,\n  "]),
    block=st.sampled_from([30, 1000]),
)
def test_any_document_is_read_alike(records: list[str], between: str, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "BLOCK", block)
        usual = USUAL.split("\n")[:-1] * 3
        assert_documents_alike("[" + between.join([*usual, *records, *usual]) + "]")

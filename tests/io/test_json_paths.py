"""Record paths beyond JSON pointers: members, slices, columns, documents in a row."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import json_reader
from ai_data_engineer.io.json_paths import escaped, is_extended, unescaped
from ai_data_engineer.io.json_reader import iter_json_records


def records(text: str, path: str) -> list[Any]:
    return [record for _, record in iter_json_records(io.BytesIO(text.encode()), path)]


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ('{"a17":{"n":1},"b22":{"n":2}}', "/*", [{"@key": "a17", "n": 1}, {"@key": "b22", "n": 2}]),
        ('{"rates":{"EUR":1.5,"USD":2}}', "/rates/*",
         [{"@key": "EUR", "value": 1.5}, {"@key": "USD", "value": 2}]),
        ('{"x":{"a":[{"n":1},{"n":2}],"b":[{"n":3}]},"y":0}', "/x/*",
         [{"@key": "a", "n": 1}, {"@key": "a", "n": 2}, {"@key": "b", "n": 3}]),
        ('{"a":{"b":{"n":1}}}', "/*/*", [{"@key": "a", "@key_2": "b", "n": 1}]),
        ('{"a":{"r":[{"n":1}]},"b":{}}', "/*/r", [{"@key": "a", "n": 1}]),
        ('[{"r":[{"n":1}]},{"r":[{"n":2}]}]', "/*/r", [{"n": 1}, {"n": 2}]),
        ('[[{"n":1}],[{"n":2},{"n":3}]]', "/*", [{"n": 1}, {"n": 2}, {"n": 3}]),
        ('{"*":[{"n":1}]}', "/~2", [{"n": 1}]),
        ('[["id","n"],[1,2],[3,4]]', "/1:",
         [{"column_1": 1, "column_2": 2}, {"column_1": 3, "column_2": 4}]),
        ('{"1:":[{"n":1}]}', "/1:", [{"n": 1}]),
        ('{"h":{"t":[1,2],"v":[3,null],"unit":"m"}}', "/h/~columns",
         [{"t": 1, "v": 3, "unit": "m"}, {"t": 2, "v": None, "unit": "m"}]),
        ('{"a":{"0":1,"1":2},"b":{"0":3}}', "/~columns",
         [{"@key": "0", "a": 1, "b": 3}, {"@key": "1", "a": 2, "b": None}]),
        ('{"n":1}{"n":2}\n\n{\n"n":3}', "*", [{"n": 1}, {"n": 2}, {"n": 3}]),
        ('\x1e{"n":1}\n\x1e{"n":2}\n', "*", [{"n": 1}, {"n": 2}]),
        ('{"r":[{"n":1}]}\n{"r":[]}\n{"r":[{"n":2}]}', "*/r", [{"n": 1}, {"n": 2}]),
        ('["id"]\n[1]\n[2]', "1:", [{"column_1": 1}, {"column_1": 2}]),
    ],
)  # fmt: skip
def test_records_at_an_extended_path(text: str, path: str, expected: list[Any]) -> None:
    assert records(text, path) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_reader, "CHUNK", 3)
        assert records(text, path) == expected


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ('{"a":{"n":1}', "/*", "E_BROKEN_JSON line 1"),
        ('{"a":{"n":1}}\n}', "/*", "E_BROKEN_JSON line 2"),
        ('{"a":{"n":1}}{"b":{}}', "/*", "E_BROKEN_JSON line 1"),
        ('{"n":1}\n[1]', "*", "E_BROKEN_JSON line 2"),
        ("", "*", "E_BROKEN_JSON line 1"),
        ('{"a":{"n":1}}', "/*/r", "E_RECORD_PATH"),
        ('{"a":[1,2],"b":[3]}', "/~columns", "E_RECORD_PATH"),
        ("7", "/*", "E_RECORD_PATH"),
    ],
)
def test_what_is_not_there_is_said(text: str, path: str, code: str) -> None:
    with pytest.raises(SourceError, match=code):
        records(text, path)


@given(st.text())
def test_any_name_can_be_a_step(name: str) -> None:
    assert unescaped(escaped(name)) == name
    assert "/" not in escaped(name)


def test_a_json_pointer_is_no_extended_path() -> None:
    assert not any(map(is_extended, ("", "/a", "/data/0/rows", "/~2", "/a*", "/~1", "/a:b")))


VALUES = st.integers(-(10**20), 10**20) | st.text(max_size=6) | st.floats(-1e9, 1e9)


@given(
    members=st.dictionaries(st.text(), st.dictionaries(st.sampled_from("ab"), VALUES | st.none())),
    chunk=st.integers(1, 40),
    ascii_=st.booleans(),
)
def test_members_and_documents_read_the_same_in_any_chunks(
    members: dict[str, Any], chunk: int, ascii_: bool
) -> None:
    texts = [json.dumps(value, ensure_ascii=ascii_) for value in members.values()]
    values = [json_reader.parse_document(text.encode()) for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_reader, "CHUNK", chunk)
        assert records("".join(texts) or "{}", "*") == (values or [{}])
        keyed = [{"@key": name, **value} for name, value in zip(members, values, strict=True)]
        assert records(json.dumps(members, ensure_ascii=ascii_), "/*") == keyed

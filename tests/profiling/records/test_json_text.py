from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.records import json_text
from ai_data_engineer.profiling.records.json_text import (
    check_depth,
    check_depth_of_lines,
    close_off,
    parse_documents,
    repeated_names,
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[{"a": 1}, {"a": ', "line 1"),
        ('[\n{"a": 1},\n{"a": 2 3}]', "line 3"),
        ("{", "line 1"),
        ('{"a": 1}\n}', "line 2"),
        ('{"a": 1}\n[1]', "line 2"),
        ("1 2", "line 1"),
    ],
)
def test_broken_json_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(SourceError) as refused:
        parse_documents(text.encode(), location="data.json")
    assert refused.value.code == "E_BROKEN_JSON"
    assert place in refused.value.message


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[{"a": 1},]', "a comma before a closing bracket"),
        ('{"a": 1, // why\n"b": 2}', "a comment"),
        ('/* why */ {"a": 1}', "a comment"),
        ('# why\n{"a": 1}', "a comment"),
        ("{'a': 1}", "single quotes"),
        ('{a: 1, b: "x"}', "names without quotes"),
        ('[{"a": NaN}]', "NaN or Infinity"),
        ('[{"a": "x NaN", "b": -Infinity}]', "NaN or Infinity"),
        ('{"a": None}', "a word of Python"),
        ("[{“a”: 1}]", "typographic quotes"),
        ('[{"a": .5}]', "a number in a form"),
        ('[{"a": 01}]', "a number in a form"),
        ('[{"a": "x\ny"}]', "a line break"),
        ('[{"a": "\\x41"}]', "an escape"),
        ('[{"a": 1} {"a": 2}]', "no comma between two values"),
        ('load({"a": [1]});', "JSONP"),
        ('var rows = [{"a": 1}];', "a JavaScript assignment"),
        (')]}\',\n{"a": 1}', "a guard before the JSON"),
        ('[{"a": 1},\n{"a": 2', "breaks off"),
    ],
)
def test_what_is_nearly_json_is_called_by_its_name(text: str, what: str) -> None:
    with pytest.raises(SourceError, match="E_BROKEN_JSON") as refused:
        parse_documents(text.encode(), location="data.json")
    assert what in refused.value.message
    assert refused.value.hint


def test_error_texts_hold_no_values() -> None:
    with pytest.raises(SourceError) as refused:
        parse_documents(b'[{"password": "hunter2" "x"}]', location="data.json")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ['{"a":1}{"a":2}', '{"a":1}\n\n{"a":\n2}\n', '\x1e{"a":1}\n\x1e{"a":2}\n']
)
def test_documents_may_follow_one_another(text: str) -> None:
    assert parse_documents(text.encode(), location="d") == [{"a": 1}, {"a": 2}]


def test_deep_nesting_is_refused_and_brackets_in_strings_are_not() -> None:
    with pytest.raises(SourceError, match="E_TOO_DEEP"):
        parse_documents(b"[" * 65 + b"]" * 65, location="data.json")
    assert parse_documents(b'["' + b"[" * 100 + b'"]', location="data.json") == [["[" * 100]]


def test_brackets_in_a_string_that_the_sample_cuts_do_not_count() -> None:
    check_depth(b'{"a": "' + b"[" * 100, location="data.json")
    check_depth(b'{"a": "\\"' + b"[" * 100 + b"\\", location="data.json")


def test_each_line_is_checked_for_itself() -> None:
    check_depth_of_lines(b'{"a":[\n' * 100, location="data.ndjson")
    check_depth_of_lines(b'{"a":"' + b"[" * 100 + b'"}', location="data.ndjson")
    with pytest.raises(SourceError, match="E_TOO_DEEP"):
        check_depth_of_lines(b"{}\n" + b"[" * 65 + b"]" * 65, location="data.ndjson")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(values, min_size=1, max_size=6), st.integers(0, 200))
def test_the_beginning_of_any_array_closes_to_valid_json(records: list[Any], cut: int) -> None:
    beginning = json.dumps(records).encode()[:cut]
    closed = close_off(beginning)
    if closed:
        kept = orjson.loads(closed)
        assert kept[:-1] == records[: max(0, len(kept) - 1)]


@given(st.lists(values, max_size=6), st.integers(0, 200), st.integers(1, 3))
def test_only_the_end_of_a_long_text_is_looked_at_closely(
    records: list[Any], cut: int, strings: int
) -> None:
    beginning = json.dumps(records).encode()[:cut]
    whole = close_off(beginning)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "_LAST_STRINGS", strings)
        assert close_off(beginning) == whole


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ('[{"a": 1, "b": 2}, {"a": 1}]', 0),
        ('[{"a": 1, "a": 2}, {"a": 1, "b": {"c": 1, "c": 1}}]', 2),
        ('{"a": 1, "a": 2}\n{"a": nul}\n{"a": 1, "a": 2}\n', 2),
    ],
)
def test_names_that_come_twice_in_an_object_are_counted(text: str, repeated: int) -> None:
    assert repeated_names(text.encode()) == repeated

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.json_structure import find_records
from ai_data_engineer.profiling.json_text import check_depth, close_off, parse_documents
from ai_data_engineer.profiling.record_structure import find_columns

PEOPLE = [{"name": "Ann", "age": 3}, {"name": "Bo", "age": 4}]


@pytest.mark.parametrize(
    ("document", "path", "count"),
    [
        (PEOPLE, "", 2),
        ([1, 2, 3], "", 3),
        ({"status": "ok", "count": 2, "results": PEOPLE}, "/results", 2),
        ({"data": {"items": PEOPLE, "page": 1}}, "/data/items", 2),
        ({"a/b": {"c~d": PEOPLE}}, "/a~1b/c~0d", 2),
        ({"name": "Ann", "address": {"city": "Oslo"}, "tags": ["a", "b"]}, "", 1),
        ({"type": "FeatureCollection", "features": [{"type": "Feature"}] * 20}, "/features", 20),
        ({"nodes": PEOPLE, "links": [{"source": i, "target": i} for i in range(30)]}, "/links", 30),
        ({"note": "x" * 500, "short": [{"a": 1}]}, "", 1),
        (7, "", 1),
    ],
)
def test_the_records_are_found(document: Any, path: str, count: int) -> None:
    structure = find_records(document)
    assert (structure.path, len(structure.records)) == (path, count)


def test_other_places_are_named() -> None:
    document = {"nodes": PEOPLE, "links": [{"source": i, "target": i} for i in range(30)]}
    assert find_records(document).alternatives == ("/nodes",)


@pytest.mark.parametrize(
    ("text", "place"),
    [('[{"a": 1}, {"a": ', "line 1"), ('[\n{"a": 1},\n{"a": 2 3}]', "line 3"), ("{", "line 1")],
)
def test_broken_json_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(SourceError) as refused:
        parse_documents(text.encode(), location="data.json")
    assert refused.value.code == "E_BROKEN_JSON"
    assert place in refused.value.message


def test_error_texts_hold_no_values() -> None:
    with pytest.raises(SourceError) as refused:
        parse_documents(b'[{"password": "hunter2" "x"}]', location="data.json")
    assert "hunter2" not in str(refused.value)


def test_deep_nesting_is_refused_and_brackets_in_strings_are_not() -> None:
    with pytest.raises(SourceError, match="E_TOO_DEEP"):
        parse_documents(b"[" * 65 + b"]" * 65, location="data.json")
    assert parse_documents(b'["' + b"[" * 100 + b'"]', location="data.json") == [["[" * 100]]


def test_brackets_in_a_string_that_the_sample_cuts_do_not_count() -> None:
    check_depth(b'{"a": "' + b"[" * 100, location="data.json")
    check_depth(b'{"a": "\\"' + b"[" * 100 + b"\\", location="data.json")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.lists(values, min_size=1, max_size=6), st.integers(0, 200))
def test_the_beginning_of_any_array_closes_to_valid_json(records: list[Any], cut: int) -> None:
    beginning = json.dumps(records).encode()[:cut]
    closed = close_off(beginning)
    if closed:
        assert isinstance(orjson.loads(closed), list)


def found(records: list[Any], *, repeated: bool = False) -> dict[str, str]:
    columns = find_columns(records, repeated=repeated)
    return {".".join(c.path): str(c.type or "+".join(sorted(c.kinds))) for c in columns}


def test_objects_become_columns_and_lists_stay() -> None:
    records = [
        {"id": 1, "address": {"city": "Oslo", "zip": None}, "tags": ["a"], "marks": [1, 2]},
        {"id": 2, "address": {"city": "Bergen", "zip": "50"}, "tags": [], "marks": [2.5]},
    ]
    assert found(records) == {
        "id": "integer",
        "address.city": "string",
        "address.zip": "null+string",
        "tags": "list<string>",
        "marks": "list<float64>",
    }


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ([[{"a": 1, "b": "x"}], [{"a": 2}]], "list<struct<a: int64, b: string>>"),
        ([[[1, 2], [3, 4]], [[5, 6]]], "list<list<int64>>"),
        ([[], None], "list<string>"),
        ([[True, None], [False]], "list<boolean>"),
        ([[1, "x"]], "list<string>"),
        ([[1], {"a": 1}], "string"),
        ([[1, [2]]], "string"),
        ([1, "x"], "integer+string"),
        ([1, {"a": 2}], "string"),
        ([{}, {}], "string"),
        ([2**63, 1], "integer"),
    ],
)
def test_a_column_of(values: list[Any], column: str) -> None:
    assert found([{"x": value} for value in values]) == {"x": column}


def test_an_object_keyed_by_ids_stays_one_column() -> None:
    records = [{"scores": {f"user{i * 20 + j}": j for j in range(3)}} for i in range(40)]
    assert found(records) == {"scores": "string"}


def test_xml_elements_that_repeat_in_some_records_are_lists() -> None:
    records = [{"author": "Ann"}, {"author": ["Bo", "Cy"]}]
    assert found(records, repeated=True) == {"author": "list<string>"}


def test_xml_elements_with_attributes_in_some_records_keep_their_text() -> None:
    records = [
        {"price": "3"},
        {"price": {"@unit": "EUR", "#text": "4"}},
        {"price": {"@unit": "USD"}},
    ]
    assert found(records, repeated=True) == {"price.@unit": "string", "price.#text": "string"}
    assert found([{"price": ""}, {"price": {"@unit": "EUR"}}], repeated=True) == {
        "price.@unit": "string"
    }

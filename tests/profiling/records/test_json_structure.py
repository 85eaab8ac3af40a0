from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.profiling.records.json_structure import find_in_documents, find_records
from ai_data_engineer.profiling.records.json_text import close_off, parse_documents
from ai_data_engineer.profiling.records.record_structure import find_columns

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


def test_what_interfaces_call_records_weighs_more_than_what_stands_beside() -> None:
    document = {
        "data": [{"id": n, "title": f"t{n}"} for n in range(4)],
        "included": [{"id": n, "first": "a", "last": "b"} for n in range(9)],
    }
    structure = find_records(document)
    assert (structure.path, structure.alternatives) == ("/data", ("/included",))


def test_the_most_regular_of_two_lists_wins_over_the_larger_one() -> None:
    odd = [{f"f{n}": n, f"g{n}": "x" * 9} for n in range(20)]
    assert find_records({"notes": odd, "people": PEOPLE * 10}).path == "/people"


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"a17": {"n": 1}, "b22": {"n": 2}}, "/*"),
        ({"home": {"street": "x", "city": "y"}, "work": {"street": "x", "city": "y"}}, ""),
        ({"db": {"host": "a"}, "log": {"level": "x"}, "app": {"name": "y"}}, ""),
        ({"size": {"w": 1, "h": 2}, "name": "x"}, ""),
        (
            {
                "no": {"oslo": {"size": 1, "rain": 2}, "moss": {"size": 3, "rain": 4}},
                "se": {"lund": {"size": 5, "rain": 6}, "kiruna": {"size": 7, "rain": 8}},
            },
            "/*/*",
        ),
    ],
)
def test_an_object_is_keyed_where_its_members_are_alike_under_keys_that_are_data(
    document: Any, path: str
) -> None:
    assert find_records(document).path == path


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"a": [1, 2], "b": [3, 4]}, "/~columns"),
        ({"id": 7, "tags": ["a", "b"], "marks": [1, 2]}, ""),
        ({"a": [1, 2], "b": [3]}, ""),
        ({"status": "ok", "t": [1, 2, 3, 4], "v": [5, 6, 7, 8]}, "/~columns"),
    ],
)
def test_lists_of_one_length_are_columns(document: Any, path: str) -> None:
    assert find_records(document).path == path


@pytest.mark.parametrize(
    ("document", "path", "names"),
    [
        ([["id", "n"], [1, 2], [3, 4]], "/1:", ("id", "n")),
        ([[1, 2], [3, 4]], "", None),
        ([["a", "b"], ["c", "d"], ["a", "e"]], "", None),
        ({"columns": ["id", "n"], "data": [[1, 2], [3, 4]]}, "/data", ("id", "n")),
        ({"fields": [{"name": "id"}, {"name": "n"}], "rows": [[1, 2], [3, 4]]}, "/rows",
         ("id", "n")),
    ],
)  # fmt: skip
def test_rows_take_their_names_from_a_header(
    document: Any, path: str, names: tuple[str, ...] | None
) -> None:
    structure = find_records(document)
    assert (structure.path, structure.names) == (path, names)


def test_lines_that_wrap_a_list_are_pages_and_lines_of_a_thing_are_not() -> None:
    pages = [{"page": n, "data": PEOPLE * 3} for n in range(3)]
    orders = [{"order_id": n, "customer": "Ann", "items": PEOPLE * 3} for n in range(3)]
    found = find_in_documents(pages, as_lines=True)
    assert found is not None
    assert (found.path, len(found.records), found.alternatives) == ("*/data", 18, ("*",))
    assert find_in_documents(orders, as_lines=True) is None
    bills = [{"date": "2024-01-05", "total": n, "items": PEOPLE * 3} for n in range(3)]
    assert find_in_documents(bills, as_lines=True) is None
    assert find_records(pages * 9).path == "/*/data"
    assert find_records(bills * 9).path == ""


def test_an_answer_that_found_nothing_has_no_records() -> None:
    structure = find_records({"count": 0, "next": None, "results": []})
    assert (structure.path, structure.records) == ("/results", [])


RECORDS = [{"id": n, "name": f"n{n}", "tags": ["a", "b"], "at": {"x": n}} for n in range(60)]
LONG = {
    "array": RECORDS,
    "under a path": {"status": "ok", "data": {"items": RECORDS, "total": 60}},
    "keyed": {f"k{n}": record for n, record in enumerate(RECORDS)},
    "keyed lists": {f"{2000 + n}": RECORDS[n : n + 5] for n in range(12)},
    "rows": {"columns": ["id", "name"], "data": [[n, f"n{n}"] for n in range(90)]},
    "rows below a header": [["id", "name"], *([n, f"n{n}"] for n in range(90))],
    "pages": [{"page": p, "data": RECORDS} for p in range(3)],
    "preamble": {"about": {f"f{n}": "x" * 9 for n in range(20)}, "records": RECORDS},
}


@given(name=st.sampled_from(sorted(LONG)), share=st.floats(0.5, 1.0))
def test_the_records_of_a_beginning_are_those_of_the_whole(name: str, share: float) -> None:
    text = json.dumps(LONG[name]).encode()
    (beginning,) = parse_documents(close_off(text[: int(share * len(text))]), location="d")
    assert find_records(beginning).path == find_records(LONG[name]).path


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

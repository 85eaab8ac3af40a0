"""XML: records, names and nil; hostile and broken documents."""

from __future__ import annotations

import io
import itertools
import tracemalloc
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import xml_reader
from ai_data_engineer.io.batches import Field
from ai_data_engineer.io.xml_reader import iter_xml_records, read_xml


def records(document: str | bytes, path: str = "/r/x") -> list[Any]:
    data = document.encode() if isinstance(document, str) else document
    return [record for _, record in iter_xml_records(io.BytesIO(data), path)]


CASES = [
    ("<x/>", {"#text": ""}),
    ("<x>t</x>", {"#text": "t"}),
    ('<x a="1">t</x>', {"@a": "1", "#text": "t"}),
    ("<x><a>1</a><b/></x>", {"a": "1", "b": ""}),
    ("<x><a>1</a><b>2</b><a>3</a><a/></x>", {"a": ["1", "3", ""], "b": "2"}),
    ('<x>\n <a c="1">t</a>\n</x>', {"a": {"@c": "1", "#text": "t"}}),
    ("<x>one <b>two</b> three</x>", {"b": "two", "#text": "one  three"}),
    ("<x><a><![CDATA[<1>]]>&amp;<!-- no -->2<?pi x?></a></x>", {"a": "<1>&2"}),
    ('<x xmlns="urn:a" xmlns:b="urn:b" b:k="1"><b:c>2</b:c></x>', {"@k": "1", "c": "2"}),
    (
        '<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<a xsi:nil="true"/><b xsi:type="t">1</b></x>',
        {"a": None, "b": "1"},
    ),
    ("<x><x>inner</x></x>", {"x": "inner"}),
]


@pytest.mark.parametrize(("element", "expected"), CASES)
def test_an_element_as_a_record(element: str, expected: dict[str, Any]) -> None:
    assert records(f"<r>{element}</r>") == [expected]


def test_only_elements_at_the_path_are_records() -> None:
    document = "<r><h><x>no</x></h><x>1</x><y/>text<x>2</x></r>"
    assert records(document) == [{"#text": "1"}, {"#text": "2"}]
    assert records(document, "/r/h/x") == [{"#text": "no"}]
    assert records(document, "/other/x") == []
    assert len(records(document, "/r")) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_declared_encoding_is_read(encoding: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?><r><x>é</x></r>'
    assert records(document.encode(encoding)) == [{"#text": "é"}]


BOMB = "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (BOMB + "<r><x>&b;</x></r>", "E_XML_DOCTYPE"),
        ("<!DOCTYPE r><r/>", "E_XML_DOCTYPE"),
        ('<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>', "E_XML_DOCTYPE"),
        ("<!-- " + "x" * 200_000 + " -->" + BOMB + "<r/>", "E_XML_DOCTYPE"),
        (BOMB.encode("utf-16"), "E_XML_DOCTYPE"),
        ('<?xml version="1.0" encoding="UTF-7"?><r/>', "E_ENCODING"),
        ("<r><x>" + "<a>" * 70 + "</a>" * 70 + "</x></r>", "E_XML_LIMIT"),
        ("<r>" + "<a>" * 70 + "</a>" * 70 + "</r>", "E_XML_LIMIT"),
        ("<r><x " + " ".join(f'a{n}=""' for n in range(1001)) + "/></r>", "E_XML_LIMIT"),
        ("<r>&undefined;</r>", "E_BROKEN_XML"),
        ("", "E_BROKEN_XML"),
        ("plain", "E_BROKEN_XML"),
        ("<r/><r/>", "E_BROKEN_XML"),
        (b"<r>\xff</r>", "E_BROKEN_XML"),
    ],
)
def test_hostile_and_broken_documents_are_refused(document: str | bytes, code: str) -> None:
    with pytest.raises(SourceError, match=f"^{code} "):
        records(document)


def test_a_record_beyond_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reader, "MAX_RECORD", 1024**2)
    with pytest.raises(SourceError, match=r"^E_XML_LIMIT .*more than 1 MiB"):
        records("<r><x>" + "<a>y</a>" * 600_000 + "</x></r>")


def test_a_document_that_breaks_off_names_the_line_and_yields_what_came_before() -> None:
    found = iter_xml_records(io.BytesIO(b"<r>\n<x>1</x>\n<x>2</x>\n<x>3"), "/r/x")
    assert [next(found), next(found)] == [(1, {"#text": "1"}), (2, {"#text": "2"})]
    with pytest.raises(SourceError, match=r"^E_BROKEN_XML line 4: "):
        next(found)


def test_columns_are_taken_by_path() -> None:
    document = (
        '<r><x id="1"><p cur="EUR">5</p><t>a</t><t>b</t></x><x id="2"><p>6</p><t>c</t></x></r>'
    )
    columns = [
        Field("id", ("@id",)),
        Field("price", ("p", "#text")),
        Field("currency", ("p", "@cur")),
        Field("tags", ("t",), pl.List(pl.String)),
    ]
    (batch,) = read_xml(io.BytesIO(document.encode()), record_path="/r/x", columns=columns)
    assert batch.rows.rows() == [
        (1, "1", "5", "EUR", ["a", "b"]),
        (2, "2", "6", None, ["c"]),
    ]


@pytest.mark.parametrize(("element", "count"), [(b"<x><a>1</a></x>", 60_000), (b"<y>other</y>", 0)])
def test_memory_stays_flat(element: bytes, count: int) -> None:
    stream: Any = _Repeated(element, 60_000)
    tracemalloc.start()
    try:
        found = sum(1 for _ in iter_xml_records(stream, "/r/x"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == count
    assert peak < 6 * 1024**2


class _Repeated:
    """`<r>`, the element so many times, `</r>`, never held as a whole."""

    def __init__(self, element: bytes, count: int) -> None:
        self._parts = itertools.chain([b"<r>"], itertools.repeat(element, count), [b"</r>"])

    def read(self, size: int) -> bytes:
        return b"".join(itertools.islice(self._parts, 1000))


def test_names_of_two_namespaces_are_told_apart_where_a_column_asks_for_it() -> None:
    document = (
        b'<l xmlns:m="urn:m"><i><t>a</t><m:t m:k="1" k="2">b</m:t></i>'
        b"<i><m:t>c</m:t><t>d</t></i></l>"
    )
    columns = [
        Field("t", ("t",)),
        Field("m", ("{urn:m}t", "#text")),
        Field("k", ("{urn:m}t", "@{urn:m}k")),
    ]
    (batch,) = read_xml(io.BytesIO(document), record_path="/l/i", columns=columns)
    assert batch.rows.rows() == [(1, "a", "b", "1"), (2, "d", "c", None)]

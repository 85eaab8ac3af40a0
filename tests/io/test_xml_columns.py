"""Flat XML records straight into columns: always what the parser says, mostly without it."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import xml_reader
from ai_data_engineer.io.batches import Field
from ai_data_engineer.io.records import to_batches
from ai_data_engineer.io.xml_columns import FlatRecords
from ai_data_engineer.io.xml_reader import iter_xml_records, read_xml

COLUMNS = [
    Field("a", ("a",)),
    Field("b", ("b", "#text")),
    Field("id", ("@id",)),
    Field("deep", ("c", "d")),
    Field("own", ("#text",)),
]
FLAT = "<x><a>1</a><b>t</b></x>\n <x>\n<b/></x>".replace("<b/>", "<b></b>")


def read(document: bytes, path: str, *, by_parser: bool) -> Any:
    """Return rows and unread fields, or the error."""
    stream = io.BytesIO(document)
    try:
        if by_parser:
            batches = list(to_batches(iter_xml_records(stream, path), COLUMNS, 1000))
        else:
            batches = list(read_xml(stream, record_path=path, columns=COLUMNS))
    except SourceError as error:
        return str(error)
    rows = pl.concat([batch.rows for batch in batches])
    return rows.rows(), rows.schema, sum((b.unread for b in batches), Counter())


def assert_alike(document: bytes, path: str = "/r/x") -> None:
    found = read(document, path, by_parser=False)
    expected = read(document, path, by_parser=True)
    assert found == expected


@pytest.mark.parametrize(
    "block",
    [
        FLAT,
        "<x><a>&lt;&amp;lt;&gt;&quot;&apos;</a></x>",
        "<x><a>é ] ]] ></a></x>".replace("]] >", "]]"),
        "<x>\r\n<a>1\r\n2</a>\r</x>",
        "<x><new>1</new></x>",
        "<x><a>\t \n</a></x>",
        "<x><a.b-c_1>1</a.b-c_1></x>",
    ],
)
def test_flat_records_need_no_parser(block: str) -> None:
    assert FlatRecords("x", COLUMNS).read(block.encode(), 1) is not None
    assert_alike(f"<r><x><a>0</a></x>{block}<x><a>2</a></x></r>".encode())


MORE = {
    "attribute of the record": '<x id="1"><a>1</a></x>',
    "attribute of a child": '<x><a id="1">1</a></x>',
    "nil": '<x><a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"></a></x>',
    "empty element": "<x><a/></x>",
    "blank in a tag": "<x><a >1</a></x>",
    "blank in an end tag": "<x><a>1</a ></x>",
    "repeated": "<x><a>1</a><a>2</a></x>",
    "deeper": "<x><c><d>1</d></c></x>",
    "the record inside itself": "<x><x><a>1</a></x></x>",
    "own text": "<x>t</x>",
    "own text beside": "<x>t<a>1</a></x>",
    "text between": "<x><a>1</a></x>t<x><a>1</a></x>",
    "text behind a child": "<x><a>1</a>t</x>",
    "no child": "<x></x>",
    "comment": "<x><a>1<!-- <x> --></a></x>",
    "comment with a record": "<!-- <x><a>1</a></x> -->",
    "comment that ends behind a record": "<!-- <x><a>1</a></x>\n--><x><a>2</a></x>",
    "CDATA": "<x><a><![CDATA[</x>]]></a></x>",
    "instruction": "<x><a>1</a><?p </x>?></x>",
    "number reference": "<x><a>&#49;</a></x>",
    "unknown reference": "<x><a>&nbsp;</a></x>",
    "bare ampersand": "<x><a>1 & 2</a></x>",
    "end of CDATA in text": "<x><a>]]></a></x>",
    "greater-than in text": "<x><a>1>2</a></x>",
    "not closed": "<x><a>1</x>",
    "closed twice": "<x><a>1</a></a></x>",
    "crossed": "<x><a>1<b></a></b></x>",
    "other record": "<y><a>1</a></y>",
    "prefix": '<x><p:a xmlns:p="u">1</p:a></x>',
    "name that begins with a digit": "<x><1>1</1></x>",
    "name with a quote": '<x><a">1</a"></x>',
    "empty name": "<x><>1</></x>",
    "control character": "<x><a>\x01</a></x>",
    "nought": "<x><a>\0</a></x>",
    "no character": "<x><a>\ufffe</a></x>",
    "undecodable": "<x><a>\udcff</a></x>",
    "surrogate": "<x><a>\udced\udca0\udc80</a></x>",
    "the root ends": "<x><a>1</a></x></r><x><a>1</a></x>",
    "breaks off": "<x><a>1</a></x><x><a>1",
}


@pytest.mark.parametrize("element", MORE.values(), ids=MORE)
@pytest.mark.parametrize("size", [10, 60, 10**6])
def test_whatever_is_more_is_left_to_the_parser(
    element: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_reader, "BLOCK", size)
    data = element.encode("utf-8", "surrogateescape")
    flat = b"<x><a>1</a></x>\n"
    assert FlatRecords("x", COLUMNS).read(flat + data + flat, 1) is None
    for behind in (b"", flat, flat * 10):
        assert_alike(b"<r>\n" + flat * 5 + data + behind + b"</r>")
    assert_alike(b"<r>\n" + data + flat + b"</r>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "us-ascii"])
def test_another_encoding_is_left_to_the_parser(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_reader, "BLOCK", 50)
    text = "<x><a>e</a></x>" if encoding == "us-ascii" else "<x><a>é</a></x>"
    document = f'<?xml version="1.0" encoding="{encoding}"?><r>{text * 20}</r>'
    assert_alike(document.encode(encoding))


def test_the_line_of_an_error_counts_what_was_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reader, "BLOCK", 50)
    document = "<r>\n" + "<x>\n<a>1</a></x>\n" * 20 + "<x><a>&</a></x></r>"
    with pytest.raises(SourceError, match=r"^E_BROKEN_XML line 42: "):
        list(read_xml(io.BytesIO(document.encode()), record_path="/r/x", columns=COLUMNS))


@given(
    place=st.integers(0, 400),
    text=st.sampled_from(["<", ">", "/", "&", "]]>", "<x>", "</x>", "<a>", "</a>", "<!--", "-->",
                          " ", "a", "\r", "<a/>", "é", "\0", "</r>", "<![CDATA[", '"', ""]),
    gone=st.integers(0, 4),
    size=st.sampled_from([20, 64, 1000]),
    ending=st.sampled_from(["</r>", "", "<y/></r>", "</r><!-- -->"]),
)  # fmt: skip
def test_any_damage_is_read_alike(place: int, text: str, gone: int, size: int, ending: str) -> None:
    document = "<r>" + FLAT * 9 + ending
    document = document[:place] + text + document[place + gone :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_reader, "BLOCK", size)
        assert_alike(document.encode())

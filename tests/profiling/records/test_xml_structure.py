from __future__ import annotations

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.records.xml_structure import (
    XmlStructure,
    declared_encoding,
    find_record_path,
    refuse_doctype,
)

BOOK = '<book id="1"><title>a</title><author>x</author><author>y</author></book>'


def structure(xml: str) -> XmlStructure:
    return find_record_path(xml.encode(), location="data.xml")


@pytest.mark.parametrize(
    ("xml", "path"),
    [
        (f"<catalog>{BOOK * 3}</catalog>", "/catalog/book"),
        (f"<catalog>{BOOK}</catalog>", "/catalog/book"),
        (f"<c:catalog xmlns:c='urn:c'>{BOOK * 2}</c:catalog>", "/catalog/book"),
        (f"<catalog><about>x</about><books>{BOOK * 3}</books></catalog>", "/catalog/books/book"),
        ("<rows>" + '<row a="1" b="2"/>' * 4 + "</rows>", "/rows/row"),
        ("<rss><channel><title>t</title>" + "<item><a>1</a></item>" * 3 + "</channel></rss>",
         "/rss/channel/item"),
        ("<orders>" + '<order id="1"><line sku="1" n="2"/><line sku="2" n="3"/></order>' * 20
         + "</orders>", "/orders/order"),
        ("<lib>" + ("<shelf>" + "<book><t>a</t><p>1</p></book>" * 100 + "</shelf>") * 3 + "</lib>",
         "/lib/shelf/book"),
        ("<person><name>Ann</name><age>3</age></person>", "/person"),
    ],
)  # fmt: skip
def test_the_record_element_is_found(xml: str, path: str) -> None:
    assert structure(xml).path == path


def test_other_places_are_named() -> None:
    people = '<person name="a" age="3"/>' * 9
    places = '<place name="b" at="4"/>' * 3
    found = structure(f"<all><people>{people}</people><places>{places}</places></all>")
    assert found == XmlStructure("/all/people/person", ("/all/places/place",), records=9)


def test_an_item_with_fields_beats_what_repeats_inside_it() -> None:
    item = "<item><name>a</name><price>3</price><tags>" + "<tag>x</tag>" * 30 + "</tags></item>"
    assert structure(f"<doc>{item * 4}</doc>").path == "/doc/item"


def test_names_of_another_namespace_are_told_apart_where_they_meet() -> None:
    item = '<item><title x:id="1" id="2">a</title><m:title>b</m:title><m:size>1</m:size></item>'
    found = structure(f'<list xmlns:m="urn:m" xmlns:x="urn:x">{item * 2}</list>')
    assert found.qualified == {"{urn:m}title": "m:title", "@{urn:x}id": "@x:id"}


def test_a_prefix_that_is_not_declared_stays_in_the_name() -> None:
    assert structure("<a><x:b>1</x:b><x:b>2</x:b></a>").path == "/a/x:b"


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<row a='1'/><row a='2'/>", "Put one element around"),
        ("\n<?xml version='1.0'?><a/>", "before <\\?xml"),
        ("<a>x & y</a>", "Write &amp;"),
        ("<a>&nbsp;</a>", "is not declared"),
        ("<a><b></c></a>", "innermost"),
        ("<a><b>1</b>", "breaks off"),
    ],
)
def test_what_is_wrong_with_a_document_is_said(xml: str, what: str) -> None:
    with pytest.raises(SourceError, match=what) as refused:
        find_record_path(xml.encode(), location="data.xml", is_whole=True)
    assert refused.value.code == "E_BROKEN_XML"


def test_a_document_may_end_anywhere() -> None:
    whole = f"<catalog>{BOOK * 3}</catalog>".encode()
    for end in range(len("<catalog>") + 2 * len(BOOK) + 7, len(whole)):
        assert find_record_path(whole[:end], location="data.xml").path == "/catalog/book"


@pytest.mark.parametrize("share", [0.5, 0.6, 0.7, 0.8, 0.9])
def test_shelves_that_the_sample_cuts_still_hold_books(share: float) -> None:
    shelf = "<shelf>" + "<book><t>a</t><p>1</p></book>" * 100 + "</shelf>"
    whole = f"<lib>{shelf * 3}</lib>"
    assert structure(whole[: int(share * len(whole))]).path == "/lib/shelf/book"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("<a><b></a>", "E_BROKEN_XML"),
        ("<a", "E_BROKEN_XML"),
        ("<a>" * 65, "E_XML_LIMIT"),
        ("<a " + " ".join(f'x{i}="1"' for i in range(1001)) + "/>", "E_XML_LIMIT"),
    ],
)
def test_what_is_no_document_or_hostile_is_refused(xml: str, code: str) -> None:
    with pytest.raises(SourceError) as refused:
        structure(xml)
    assert refused.value.code == code


def test_a_doctype_is_refused_and_its_name_in_a_text_is_not() -> None:
    with pytest.raises(SourceError, match="E_XML_DOCTYPE"):
        refuse_doctype('<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]><a/>', location="d")
    refuse_doctype("<a><![CDATA[<!DOCTYPE b>]]></a>", location="d")


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "iso8859-1"),
        ("<?xml version='1.0' encoding='utf-8'?>", "utf-8"),
        ('<?xml version="1.0"?>', None),
        ("", None),
    ],
)
def test_the_declared_encoding(declaration: str, encoding: str | None) -> None:
    assert declared_encoding(declaration + "<a/>", location="d") == encoding


def test_an_unknown_declared_encoding_is_refused() -> None:
    with pytest.raises(SourceError, match="E_ENCODING"):
        declared_encoding('<?xml version="1.0" encoding="klingon"?><a/>', location="d")

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
FLAT = """<x><a>1</a><b>t</b></x>
 <x id="1" k='2'>
<b/></x><x id='&quot;"'  ><a /><b>&#49;</b></x><x id="3"/>"""


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
        "<x><a/></x>",
        "<x><a /><b/></x>",
        "<x>\n<a/>\n</x>",
        "<x><b/></x><x><b>1</b></x><x><b></b></x>",
        '<x id="1"><a>1</a></x>',
        "<x id='1'><a>1</a></x>",
        '<x id="1"></x>',
        '<x id="1"> \n</x>',
        '<x id="1"/>',
        '<x id="1" />',
        '<x id="1"/>\n<x id="2" a="3"/>',
        "<x\n\tid = \"1\"\r\n a='2' ><a/></x>",
        '<x id=""><a>1</a></x>',
        '<x id="\t1\n2\r\n3\r4 "><a>1</a></x>',
        '<x id="&lt;&amp;lt;&#9;&#10;&#x41;"><a>1</a></x>',
        """<x id="it's" k='"'><a>1</a></x>""",
        "<x id=\"a='b' c=d /\"><a>1</a></x>",
        '<x id="/"/>',
        '<x a="1"><a>2</a></x>',
        '<x b="1"><a>2</a></x><x id="2"/><x><a>1</a></x>',
        "<x><a>&#49;&#x1F600;&#13;&#38;lt;&amp;#49;</a></x>",
        "<x><a>&#10;</a><b>&amp;</b></x>",
    ],
)
def test_flat_records_need_no_parser(block: str) -> None:
    batch = FlatRecords("x", COLUMNS).read(block.encode(), 1)
    assert batch is not None
    rows, _, unread = read(f"<r>{block}</r>".encode(), "/r/x", by_parser=True)
    assert (batch.rows.rows(), batch.unread) == (rows, unread)


MORE = {
    "attribute without quotes": "<x id=1><a>1</a></x>",
    "attribute without a value": "<x id><a>1</a></x>",
    "attribute without a name": '<x ="1"><a>1</a></x>',
    "attribute twice": '<x id="1" id="2"><a>1</a></x>',
    "attributes that touch": '<x id="1"k="2"><a>1</a></x>',
    "attribute that touches the name": '<x"1"><a>1</a></x>',
    "quotes that differ": """<x id="1'><a>1</a></x>""",
    "quote that is not closed": '<x id="1><a>1</a></x>',
    "quote too much": '<x id="1""><a>1</a></x>',
    "less-than in an attribute": '<x id="a<b"><a>1</a></x>',
    "tag in an attribute": '<x id="<a>"><a>1</a></x>',
    "greater-than in an attribute": '<x id="a>b"><a>1</a></x>',
    "bare ampersand in an attribute": '<x id="a & b"><a>1</a></x>',
    "unknown reference in an attribute": '<x id="&nbsp;"><a>1</a></x>',
    "reference to no character in an attribute": '<x id="&#0;"><a>1</a></x>',
    "control character in an attribute": '<x id="\x01"><a>1</a></x>',
    "undecodable attribute": '<x id="\udcff"><a>1</a></x>',
    "slash among attributes": '<x id="1"/ k="2"><a>1</a></x>',
    "slash twice": '<x id="1"//>',
    "blank behind a slash": '<x id="1"/ >',
    "attribute of an end tag": '<x id="1"><a>1</a></x id="1">',
    "attribute name that begins with a digit": '<x 1="1"><a>1</a></x>',
    "attribute with a prefix": '<x xml:lang="de"><a>1</a></x>',
    "attribute with an unknown prefix": '<x p:id="1"><a>1</a></x>',
    "namespace of the record": '<x xmlns="urn:a"><a>1</a></x>',
    "prefix of the record": '<x xmlns:p="urn:a"><a>1</a></x>',
    "nil record": '<x xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"/>',
    "own text beside an attribute": '<x id="1">t</x>',
    "own text in front of a child": '<x id="1">t<a>1</a></x>',
    "record with an attribute inside itself": '<x id="1"><x id="2"/></x>',
    "record that is closed twice": '<x id="1"/></x>',
    "empty record": "<x/>",
    "blank in an empty record": "<x />",
    "blank in the tag of the record": "<x ><a>1</a></x>",
    "empty element that is closed": "<x><a/></a></x>",
    "empty element with text": "<x><a/>1</x>",
    "empty elements repeated": "<x><a/><a/></x>",
    "empty element repeats another": "<x><a>1</a><a/></x>",
    "empty element with an attribute": '<x><a id="1"/></x>',
    "empty element in another": "<x><a><b/></a></x>",
    "empty element with two slashes": "<x><a//></x>",
    "end tag with a slash": "<x></a/></x>",
    "empty end": "<x><a>1</></x>",
    "only a slash": "<x></></x>",
    "attribute of a child": '<x><a id="1">1</a></x>',
    "nil": '<x><a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"></a></x>',
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
    "reference to no character": "<x><a>&#0;</a></x>",
    "reference to a surrogate": "<x><a>&#xD800;</a></x>",
    "reference beyond the last character": "<x><a>&#x110000;</a></x>",
    "reference without a number": "<x><a>&#;</a></x>",
    "reference with a great X": "<x><a>&#X41;</a></x>",
    "reference between elements": "<x>&#32;<a>1</a></x>",
    "unknown reference": "<x><a>&nbsp;</a></x>",
    "bare ampersand": "<x><a>1 & 2</a></x>",
    "end of CDATA in text": "<x><a>]]></a></x>",
    "greater-than in text": "<x><a>1>2</a></x>",
    "not closed": "<x><a>1</x>",
    "closed by another": "<x><a>1</b></x>",
    "end tag without its end": "<x><a>1</a</x>",
    "begin of a tag too much, end of one too little": "<x><<a>1</a</x>",
    "tag without its end": "<x<a>1</a></x>",
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


@pytest.mark.parametrize(
    "block",
    ["", "<", "<x", "<x>", "</x>", "<x/>", "t", "<a>1</a>", "</x><x><a>1</a></x>", "<x><a>1</a>",
     "<x><a>1</a></x><x>", "<x><a>1</a></x></r>", '<x id="1">', '<x id="1"/><x><a>1'],
)  # fmt: skip
def test_a_block_that_is_not_of_whole_records_is_left_to_the_parser(block: str) -> None:
    assert FlatRecords("x", COLUMNS).read(block.encode(), 1) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "us-ascii"])
def test_another_encoding_is_left_to_the_parser(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_reader, "BLOCK", 50)
    text = "<x><a>e</a></x>" if encoding == "us-ascii" else "<x><a>é</a></x>"
    document = f'<?xml version="1.0" encoding="{encoding}"?><r>{text * 20}</r>'
    assert_alike(document.encode(encoding))


def test_bytes_that_the_declared_encoding_lacks_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xml_reader, "BLOCK", 50)
    text = "<x><a>e</a></x>" * 20 + "<x><a>é</a></x>" * 20
    document = f'<?xml version="1.0" encoding="us-ascii"?><r>{text}</r>'.encode()
    assert str(read(document, "/r/x", by_parser=False)).startswith("E_BROKEN_XML")
    assert_alike(document)


def test_the_line_of_an_error_counts_what_was_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reader, "BLOCK", 50)
    document = "<r>\n" + "<x>\n<a>1</a></x>\n" * 20 + "<x><a>&</a></x></r>"
    with pytest.raises(SourceError, match=r"^E_BROKEN_XML line 42: "):
        list(read_xml(io.BytesIO(document.encode()), record_path="/r/x", columns=COLUMNS))


PIECES = [
    "<", ">", "/", "&", "]]>", "<x>", "</x>", "<a>", "</a>", "<!--", "-->", " ", "a", "\r", "<a/>",
    "é", "\0", "</r>", "<![CDATA[", "<?p ?>", '"', "'", "=", "/>", ' id="1"', " b='1'", "&#49;",
    "&#0;", "&amp;", "<x id='1'/>", "<x/>", "<a id='1'/>", "\n", "p:", ' xmlns="u"', "",
]  # fmt: skip


@given(
    damages=st.lists(
        st.tuples(st.integers(0, 900), st.sampled_from(PIECES), st.integers(0, 4)), max_size=3
    ),
    size=st.sampled_from([20, 64, 200, 1000]),
    ending=st.sampled_from(["</r>", "", "<y/></r>", "</r><!-- -->"]),
)
def test_any_damage_is_read_alike(
    damages: list[tuple[int, str, int]], size: int, ending: str
) -> None:
    document = "<r>" + FLAT * 7 + ending
    for place, text, gone in damages:
        document = document[:place] + text + document[place + gone :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_reader, "BLOCK", size)
        assert_alike(document.encode())


TAG_PIECES = ["<x", "<a", "</a", "</x", "<b", ">", "/>", " />", ' id="', " k='", '"', "'", " ", "1",
              "&lt;", "&#9;", "&", "/", "=", "<x>", "</x>", "<a>1</a>", "<b/>"]  # fmt: skip


@given(pieces=st.lists(st.sampled_from(TAG_PIECES), min_size=2, max_size=9))
def test_a_block_is_read_as_the_parser_reads_it_or_not_at_all(pieces: list[str]) -> None:
    block = "<x>" * (pieces[0][0] != "<") + "".join(pieces)
    batch = FlatRecords("x", COLUMNS).read(block.encode(), 1)
    if batch is not None:
        rows, _, unread = read(f"<r>{block}</r>".encode(), "/r/x", by_parser=True)
        assert (batch.rows.rows(), batch.unread) == (rows, unread)


@pytest.mark.parametrize("end", ["<x><a>2</a></x>", "<x id='2'/>", "<x id='1'><a/></x>\n"])
def test_records_that_are_attributes_alone_are_skipped_by_the_parser(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_reader, "BLOCK", 100)
    fed: list[bytes] = []
    feed = xml_reader._Parser.feed

    def noted(parser: xml_reader._Parser, data: bytes) -> Any:
        fed.append(data)
        return feed(parser, data)

    monkeypatch.setattr(xml_reader._Parser, "feed", noted)
    document = ("<r>" + '<x id="1" k="a"/>' * 50 + end + "</r>").encode()
    list(read_xml(io.BytesIO(document), record_path="/r/x", columns=COLUMNS))
    assert sum(map(len, fed)) < 300
    assert_alike(document)

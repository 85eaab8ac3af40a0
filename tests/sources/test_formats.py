from __future__ import annotations

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.sources.formats import identify, suffix
from ai_data_engineer.sources.magic import refuse_known_binary, sniff_compression


@pytest.mark.parametrize(
    ("text", "name", "format_"),
    [
        ("a,b\n1,2\n", "x.csv", "csv"),
        ("a,b\n1,2\n", "x.json", "csv"),
        ('{"a": 1}\n{"a": 2}\n', "x", "ndjson"),
        ('{"a": 1}\r\n\r\n{"a": 2}\r\n', "x", "ndjson"),
        ('{"a": 1\n{"a": 2}\n', "x", "ndjson"),
        ('{"a": 1}', "x", "json"),
        ('{"a": 1}', "x.ndjson", "ndjson"),
        ('{"a": 1}', "x.jsonl.gz", "ndjson"),
        ('{\n"a": 1\n}', "x.jsonl", "ndjson"),
        ('[{"a": 1},\n{"a": 2}]', "x", "json"),
        ("\ufeff[\n1\n]", "x", "json"),
        ('{"a": 1}\nnot json', "x", "json"),
        ("{id},name\n1,2\n", "x", "csv"),
        ("[x] done,1\n", "x", "csv"),
        ("[x] done,1\n", "x.json", "json"),
        ('<?xml version="1.0"?><a/>', "x", "xml"),
        ("<!-- made by hand --><rows/>", "x", "xml"),
        ("<rows>", "x.csv", "xml"),
        ("<5,>5\n1,2\n", "x", "csv"),
    ],
)
def test_the_structure_says_the_format(text: str, name: str, format_: str) -> None:
    assert identify(text, name, location="x") == format_


@pytest.mark.parametrize("text", ["<!DOCTYPE html>", "<HTML lang='en'>", "\n<table><tr>"])
def test_web_pages_are_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"E_UNSUPPORTED_FORMAT x: .*HTML"):
        identify(text, "x.csv", location="x")


def test_a_suffix_is_that_of_the_data() -> None:
    assert suffix("a/Orders.CSV.gz") == ".csv"
    assert suffix("orders") == ""


def test_a_text_that_begins_like_bzip2_is_text() -> None:
    assert sniff_compression(b"BZhang,Anna\n1,2\n") == "none"


@pytest.mark.parametrize(
    ("head", "code", "word"),
    [
        (b"PK\x03\x04", "E_UNSUPPORTED_FORMAT", "archive in another"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "E_UNSUPPORTED_FORMAT", "Office"),
        (b"a.txt".ljust(257, b"\0") + b"ustar", "E_UNSUPPORTED_FORMAT", "tar"),
        (b"\x1f\x8b\x08", "E_UNSUPPORTED_FORMAT", "twice"),
        (b"%PDF-1.7", "E_BINARY", "PDF"),
        (b"\x7fELF", "E_BINARY", "program"),
    ],
)
def test_what_is_known_and_not_read_is_named(head: bytes, code: str, word: str) -> None:
    with pytest.raises(SourceError, match=word) as refused:
        refuse_known_binary(head, location="x")
    assert refused.value.code == code
    assert refused.value.hint

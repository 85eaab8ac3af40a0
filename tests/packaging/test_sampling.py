"""A sample reads with the options of its source and holds the first records of it."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lxml import etree

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.packaging.sampling import cut_sample
from ai_data_engineer.spec.spec import Source


def source(path: Path, form: str, columns: int = 2, **more: Any) -> Source:
    return Source.model_validate(
        {
            "id": "raw",
            "uri": str(path),
            "format": form,
            "columns": [{"name": f"c{n}", "type": "string"} for n in range(columns)],
            **more,
        }
    )


def csv_rows(data: bytes, columns: int = 2, **options: Any) -> list[tuple[Any, ...]]:
    names = [f"c{n}" for n in range(columns)]
    batches = read_csv(io.BytesIO(data), columns=names, **options)
    return [row[1:] for batch in batches for row in batch.rows.rows()]


def test_csv_ends_behind_a_record_and_keeps_what_stands_before(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'made by hand\na;b\n1;"x\ny"\n2;z\n3;w\n')
    dialect = {"delimiter": ";", "preamble_lines": 1, "header_row": 1}

    sample = cut_sample(source(path, "csv", dialect=dialect), rows=2)

    assert sample.name == "raw.csv"
    assert sample.data == b'made by hand\na;b\n1;"x\ny"\n2;z\n'


def test_a_record_that_will_be_rejected_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2,3\n4,5\n6,7\n")

    assert cut_sample(source(path, "csv"), rows=2).data == b"a,b\n1,2,3\n4,5\n"


def test_a_short_source_is_its_own_sample(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\r\n1,2\r\n3,4")

    assert cut_sample(source(path, "csv"), rows=5).data == path.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "cp1252", "utf-8-sig", "shift_jis"])
def test_csv_keeps_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        "a,b\n1,ー\n2,y\n3,z\n".replace("ー", "ー" if encoding != "cp1252" else "é").encode(
            encoding
        )
    )

    sample = cut_sample(source(path, "csv", encoding=encoding), rows=2)

    assert len(csv_rows(sample.data, encoding=encoding)) == 2
    assert (
        csv_rows(sample.data, encoding=encoding)
        == csv_rows(path.read_bytes(), encoding=encoding)[:2]
    )


def test_footer_lines_stay_as_many_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n3,4\n5,6\n7,8\ntotal\nend\n")
    dialect = {"footer_lines": 2}

    sample = cut_sample(source(path, "csv", dialect=dialect), rows=2)

    assert csv_rows(sample.data, footer_lines=2) == [("1", "2"), ("3", "4")]


def test_compression_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n3,4\n"))

    assert cut_sample(source(path, "csv", compression="gzip"), rows=1).data == b"a,b\n1,2\n"


def test_only_the_beginning_of_a_large_source_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 3_000_000)

    assert cut_sample(source(path, "csv"), rows=3).data == b"a,b\n" + b"1,2\n" * 3


def test_the_first_file_of_a_glob_is_taken(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"a,b\n9,9\n")
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")

    assert cut_sample(source(tmp_path / "*.csv", "csv"), rows=3).data == b"a,b\n1,2\n"


def test_a_first_file_without_a_record_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"a,b\n9,9\n")
    (tmp_path / "a.csv").write_bytes(b"a,b\n")

    assert cut_sample(source(tmp_path / "*.csv", "csv"), rows=3).data == b"a,b\n9,9\n"
    assert cut_sample(source(tmp_path / "a.csv", "csv"), rows=3).data == b"a,b\n"


def test_ndjson_is_cut_behind_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b'{"a": 1}\n\n{"a": 2}\n{"a": 3}\n')

    assert cut_sample(source(path, "ndjson"), rows=2).data == b'{"a": 1}\n\n{"a": 2}\n'


def test_json_records_keep_their_path_and_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"meta": {"items": [0]}, "data": {"items": [{"a": 1.10, "b": "]"}, {"a": 12345678901234567890}, {}]}}'
    )

    sample = cut_sample(source(path, "json", record_path="/data/items"), rows=2).data.decode()

    assert '"a": 1.10' in sample
    assert json.loads(sample) == {
        "data": {"items": [{"a": 1.1, "b": "]"}, {"a": 12345678901234567890}]}
    }


def test_a_path_may_lead_through_an_array(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"page": 1}, {"rows": [{"a": 1}, {"a": 2}]}]')

    sample = cut_sample(source(path, "json", record_path="/1/rows"), rows=1)

    assert json.loads(sample.data) == [None, {"rows": [{"a": 1}]}]


@pytest.mark.parametrize("text", ["5", " 5\n", '"hello"', "null"])
def test_a_json_document_may_be_one_value(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)

    sample = cut_sample(source(path, "json", record_path=""), rows=3)

    assert json.loads(sample.data) == json.loads(text)


def test_a_json_array_at_the_top(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" + ",\n".join(f'{{"a": {n}, "s": "x\\"[{{"}}' for n in range(300_000)) + "]")

    sample = cut_sample(source(path, "json", record_path=""), rows=3)

    assert [r["a"] for r in json.loads(sample.data)] == [0, 1, 2]


XML = """<?xml version="1.0" encoding="{encoding}"?>
<c:catalog xmlns:c="urn:c" day="1"><c:head/>
  <c:book id="1"><c:title>Ünder</c:title></c:book>
  <c:book id="2"/>
  <c:book id="3"><c:title>x</c:title></c:book>
</c:catalog>
"""


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_xml_is_closed_behind_the_last_record(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(XML.format(encoding=encoding).encode(encoding))

    sample = cut_sample(source(path, "xml", record_path="/catalog/book"), rows=2)

    root = etree.fromstring(sample.data)
    assert [book.get("id") for book in root.findall("{urn:c}book")] == ["1", "2"]
    assert root.findtext("{urn:c}book/{urn:c}title") == "Ünder"
    assert root.get("day") == "1"


@pytest.mark.parametrize("encoding", ["shift_jis", "gb18030", "big5", "euc-jp"])
def test_xml_in_an_encoding_of_east_asia_is_cut_too(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(XML.format(encoding=encoding).replace("Ünder", "日本").encode(encoding))

    sample = cut_sample(source(path, "xml", record_path="/catalog/book"), rows=2)

    root = etree.fromstring(sample.data)
    assert [book.get("id") for book in root.findall("{urn:c}book")] == ["1", "2"]
    assert root.findtext("{urn:c}book/{urn:c}title") == "日本"


def test_the_byte_order_mark_of_xml_outweighs_what_it_declares(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(XML.format(encoding="UTF-7").encode("utf-16"))

    sample = cut_sample(source(path, "xml", record_path="/catalog/book"), rows=1)

    assert etree.fromstring(sample.data).findtext("{urn:c}book/{urn:c}title") == "Ünder"


def test_xml_with_a_doctype_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text('<!DOCTYPE a [<!ENTITY x "y">]><a><b/></a>')

    with pytest.raises(SourceError, match="E_XML_DOCTYPE"):
        cut_sample(source(path, "xml", record_path="/a/b"), rows=2)


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = pl.DataFrame({"a": [1, 2, 3], "b": [[1], [], None]}, schema_overrides={"a": pl.Int16})
    rows.write_parquet(path)

    sample = cut_sample(source(path, "parquet"), rows=2)

    assert pl.read_parquet(io.BytesIO(sample.data)).equals(rows.head(2))


def test_a_record_that_does_not_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"a": "' + "x" * 9_000_000)

    with pytest.raises(SourceError, match="E_RECORD_TOO_LONG"):
        cut_sample(source(path, "json", record_path=""), rows=2)


@pytest.mark.parametrize(
    ("record_path", "text", "expected"),
    [
        ("/*", '{"a1": {"n": 1.50}, "b2": {"n": 2}, "c3": {"n": 3}}',
         '{"a1": {"n": 1.50}, "b2": {"n": 2}}'),
        ("/1:", '[["n"], [1], [2], [3]]', '[["n"], [1], [2]]'),
        ("*/rows", '{"rows": [{"n": 1}]}\n{"rows": [{"n": 2}, {"n": 3}]}',
         '{"rows": [{"n": 1}]}\n{"rows": [{"n": 2}]}'),
        ("*", '{"n": 1}{"n": 2}{"n": 3}', '{"n": 1}{"n": 2}'),
        ("/d/~columns", '{"d": {"a": [1.50, 2, 3], "u": "m"}}', '{"d":{"a":[1.50,2],"u":"m"}}'),
        ("/~columns", '{"a": {"0": 1, "1": 2, "2": 3}}', '{"a":{"0":1,"1":2}}'),
    ],
)  # fmt: skip
def test_json_at_an_extended_path_is_cut_behind_a_record(
    record_path: str, text: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)

    sample = cut_sample(source(path, "json", record_path=record_path), rows=2).data.decode()

    assert "".join(sample.split()) == "".join(expected.split())

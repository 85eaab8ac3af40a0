"""Tables in workbooks: rows with their numbers, values as text, columns by name."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import sheet_xml
from ai_data_engineer.io.batches import LINE, Field
from ai_data_engineer.io.sheet_reader import labels, read_sheet
from ai_data_engineer.io.workbooks import open_workbook
from tests.workbooks import WRITERS, Rows, write_ods, write_xlsx

ORDERS: Rows = [
    ["Orders of May", None, None, None, None],
    [],
    ["id", "name", "day", "amount", "paid"],
    [1, "Ann", dt.date(2024, 5, 1), 2.5, True],
    [2, None, dt.date(2024, 5, 2), 3, False],
    [],
    [3, "Äöü", None, -0.001, None],
    ["Total", None, None, 5.499, None],
]
PLACE = {"sheet": "Orders", "header_row": 3, "first_row": 4, "footer_rows": 1}


def read(path: Path, names: list[str], **options: Any) -> list[tuple[Any, ...]]:
    fields = [Field(name, (name,)) for name in names]
    with path.open("rb") as stream:
        batches = list(read_sheet(stream, columns=fields, **options))
    return [row for batch in batches for row in batch.rows.rows()]


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_workbook_gives_the_same_rows(kind: str, tmp_path: Path) -> None:
    path = WRITERS[kind](tmp_path / "book", {"Notes": [["x"]], "Orders": ORDERS})

    rows = read(path, ["id", "name", "day", "amount", "paid"], **PLACE)

    assert rows == [
        (4, "1", "Ann", "2024-05-01", "2.5", "true"),
        (5, "2", None, "2024-05-02", "3", "false"),
        (7, "3", "Äöü", None, "-0.001", None),
    ]


def test_columns_are_found_by_their_names_in_any_order(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["b", "a"], [1, 2]]})

    assert read(path, ["a", "b"], sheet="S") == [(2, "2", "1")]
    with pytest.raises(SourceError, match=r"E_COLUMNS.*`c`"):
        read(path, ["c"], sheet="S")


def test_without_a_header_columns_go_by_their_letters(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [[1, 2, 3], [4, None, 6]]})

    rows = read(path, ["column C", "column A"], sheet="S", header_row=None, first_row=1)

    assert rows == [(1, "3", "1"), (2, "6", "4")]


def test_cells_beside_the_columns_are_counted(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["a"], [1, "note"], [None, "note"], [3]]})
    with path.open("rb") as stream:
        (batch,) = read_sheet(stream, columns=[Field("a", ("a",))], sheet="S")

    assert batch.rows.rows() == [(2, "1"), (4, "3")]
    assert dict(batch.unread) == {"column B": 2}


def test_errors_have_no_value_and_formulas_their_last_one(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", {"S": [["a", "b"], ["#N/A", ("=1+1", 2)], [1, ("=A1", "x")]]}
    )

    assert read(path, ["a", "b"], sheet="S") == [(2, None, "2"), (3, "1", "x")]


def test_batches_are_cut_and_there_is_always_one(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["a"], *([n] for n in range(5))], "E": []})
    fields = [Field("a", ("a",))]
    with path.open("rb") as stream:
        sizes = [b.rows.height for b in read_sheet(stream, columns=fields, sheet="S", batch_rows=2)]
    with path.open("rb") as stream:
        (empty,) = read_sheet(
            stream, columns=[Field("A", ("column A",))], sheet="E", header_row=None
        )

    assert sizes == [2, 2, 1]
    assert empty.rows.columns == [LINE, "A"]


def test_the_only_sheet_may_have_another_name(tmp_path: Path) -> None:
    one = write_xlsx(tmp_path / "one.xlsx", {"June": [["a"], [1]]})
    two = write_xlsx(tmp_path / "two.xlsx", {"June": [["a"], [1]], "July": [["a"], [1]]})

    assert read(one, ["a"], sheet="May") == [(2, "1")]
    with pytest.raises(SourceError, match=r"E_NO_SHEET.*`May`"):
        read(two, ["a"], sheet="May")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ([["a", None, "c"]], ["a", "column B", "c"]),
        ([["a", "a", "a"]], ["a", "a (2)", "a (3)"]),
        ([[" two\nlines ", 2024]], ["two lines", "2024"]),
        (
            [["Q1", None, "Q2", None], ["in", "out", "in", "out"]],
            ["Q1 in", "Q1 out", "Q2 in", "Q2 out"],
        ),
        ([[None, "Q1", None], ["id", "in", "out"]], ["id", "Q1 in", "Q1 out"]),
    ],
)
def test_labels(header: Any, expected: list[str]) -> None:
    assert labels(header) == expected


def test_a_workbook_may_come_from_a_stream_that_cannot_seek(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"S": [["a"], [1]]})

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.inner = path.open("rb")

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            return self.inner.readinto(buffer)

        def close(self) -> None:
            self.inner.close()
            super().close()

    with io.BufferedReader(Pipe()) as stream:
        (batch,) = read_sheet(stream, columns=[Field("a", ("a",))], sheet="S")  # type: ignore[arg-type]
    assert batch.rows.rows() == [(2, "1")]


def changed(path: Path, member: str, content: bytes) -> io.BufferedReader:
    """Return the workbook with another content of one part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return io.BufferedReader(io.BytesIO(buffer.getvalue()))  # type: ignore[arg-type]


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def rows_of(stream: Any) -> list[Any]:
    with open_workbook(stream) as sheets:
        return list(sheets[0].rows())


@pytest.mark.parametrize(
    ("xml", "cells"),
    [
        (b'<row><c><v>1</v></c><c t="b"><v>1</v></c></row>', [1, True]),
        (b'<row r="1"><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>', [None, "x"]),
        (b'<row><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>', ["ab"]),
        (b'<row><c t="str"><v>a_x000D_b</v></c></row>', ["a\rb"]),
        (
            b'<row><c t="inlineStr"><is><t>_xD800_ _x005F_x0041_</t></is></c></row>',
            ["_xD800_ _x0041_"],
        ),
        (b'<row><c t="d"><v>2024-01-02</v></c></row>', [dt.date(2024, 1, 2)]),
        (b"<row><c><f>A1</f><v>7</v></c></row>", [7]),
    ],
)
def test_cells_of_other_writers(xml: bytes, cells: list[Any], tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["a"]]})
    sheet = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (MAIN, xml)

    assert rows_of(changed(path, "xl/worksheets/sheet1.xml", sheet)) == [(1, cells)]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"<worksheet %s><sheetData><row><c><v>1" % MAIN, "E_BROKEN_WORKBOOK"),
        (b"<worksheet %s><sheetData><row><c r='ZZZ1'/></row></sheetData></worksheet>" % MAIN, "E_BROKEN_WORKBOOK"),
        (b"<worksheet %s><sheetData><row><c t='s'><v>99</v></c></row></sheetData></worksheet>" % MAIN, "E_BROKEN_WORKBOOK"),
        (b"<worksheet %s><sheetData><row>%s</row></sheetData></worksheet>" % (MAIN, b"<c/>" * 300_000), "E_XML_LIMIT"),
        (b"<!DOCTYPE w [<!ENTITY a 'b'>]><worksheet %s><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>" % MAIN, "E_XML_DOCTYPE"),
        (b"", "E_BROKEN_WORKBOOK"),
    ],
    ids=["cut", "column", "text", "endless row", "doctype", "empty"],
)  # fmt: skip
def test_hostile_sheets_are_refused(
    xml: bytes, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_xml, "MAX_ELEMENT", 500_000)
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["a"]]})

    with pytest.raises(SourceError, match=code):
        rows_of(changed(path, "xl/worksheets/sheet1.xml", xml))


def test_repeated_rows_and_cells_of_ods_are_repeated(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"S": [["x"]]})
    names = (
        b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    rows = (
        b'<table:table-row table:number-rows-repeated="2">'
        b'<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1"/>'
        b'<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
        b'<table:table-row><table:table-cell office:value-type="time" office:time-value="PT01H02M03S"/>'
        b'<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p>'
        b"</table:table-cell></table:table-row>"
    )
    content = b'<office:d %s><table:table table:name="S">%s</table:table></office:d>' % (
        names,
        rows,
    )

    assert rows_of(changed(path, "content.xml", content)) == [
        (1, [1, 1]),
        (2, [1, 1]),
        (1000003, [dt.time(1, 2, 3), "a  b\nc"]),
    ]


def test_an_encrypted_ods_is_said_to_be_one(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"S": [["x"]]})
    manifest = b'<m xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m>'

    with pytest.raises(SourceError, match="E_ENCRYPTED"):
        rows_of(changed(path, "META-INF/manifest.xml", manifest))

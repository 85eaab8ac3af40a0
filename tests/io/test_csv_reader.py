"""CSV: every record becomes a row or a reject; the fast path and the tolerant one agree."""

from __future__ import annotations

import io
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import csv_reader
from ai_data_engineer.io.batches import LINE, Batch
from ai_data_engineer.io.csv_header import HeaderError
from ai_data_engineer.io.csv_plain import PlainReader
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.io.csv_records import RecordSplitter
from ai_data_engineer.io.csv_wellformed import WellFormedReader

Row = tuple[int | str, ...]


def batches(data: bytes | str, columns: str = "ab", **options: Any) -> list[Batch]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_csv(stream, columns=list(columns), **{"header_row": None, **options}))


def read(
    data: bytes | str, columns: str = "ab", **options: Any
) -> tuple[list[Row], list[tuple[int, str]]]:
    """Return rows (line first) and rejects (line and reason)."""
    found = batches(data, columns, **options)
    rows = [row for batch in found for row in batch.rows.rows()]
    rejects = [(r.line, r.reason) for batch in found for r in batch.rejected]
    return rows, rejects


def cells(data: bytes | str, columns: str = "ab", **options: Any) -> list[Row]:
    rows, rejects = read(data, columns, **options)
    assert rejects == []
    return [row[1:] for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2\n3,4\n", [("1", "2"), ("3", "4")]),
        ("1,2\r\n3,4", [("1", "2"), ("3", "4")]),
        ("1,2\r3,4\r", [("1", "2"), ("3", "4")]),
        ("1,2\n3,4\r\n5,6\r7,8", [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")]),
        ("1,\n,2\n,\n", [("1", ""), ("", "2"), ("", "")]),
        ('"",x\n', [("", "x")]),
        ('"a,b","c""d"\n', [("a,b", 'c"d')]),
        ('"two\nlines",x\n"crlf\r\n",y\n', [("two\nlines", "x"), ("crlf\r\n", "y")]),
        (' padded , "quoted" \n', [(" padded ", "quoted")]),
        ("1,2,\n3,4,\n", [("1", "2"), ("3", "4")]),
        ("1,2,,,\n3,4\n", [("1", "2"), ("3", "4")]),
        ("1,2\n\n  \n3,4\n\n", [("1", "2"), ("3", "4")]),
        ("a\0b,2\n", [("a\0b", "2")]),
        ('5" pipe,say "hi"\n', [('5" pipe', 'say "hi"')]),
        ('"he said "hi" to me",x\n', [('he said "hi" to me', "x")]),
        ('"Smith "J,"x ""y"" z"\n', [('"Smith "J', 'x "y" z')]),
        ('"5 inch,x\n6,y\n', [('"5 inch', "x"), ("6", "y")]),
        ('a,"b\nc,d\ne,f"\n', [("a", "b\nc,d\ne,f")]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_cells(text: str, expected: list[Row]) -> None:
    assert cells(text) == expected


def test_records_carry_the_physical_line_where_they_begin() -> None:
    text = 'x,"1\n2"\n\n# note\ny,3\n"4\r\n\r\n",z\nlast,5\n'
    rows, rejects = read(text, comment="#")
    assert [row[0] for row in rows] == [1, 5, 6, 9]
    assert rejects == []


def test_lines_count_from_the_top_of_the_file() -> None:
    text = "Report\nof today\nid,n\n1,2\n3,4\nTotal: 2\n\n"
    rows, _ = read(text, preamble_lines=2, header_row=2, footer_lines=2)
    assert rows == [(4, "1", "2"), (5, "3", "4")]


def test_a_record_of_another_width_is_set_aside_with_its_text() -> None:
    found = batches("1,2\n1,2,3\n4\n5,6\n")
    assert [row for b in found for row in b.rows.rows()] == [(1, "1", "2"), (4, "5", "6")]
    assert [(r.line, r.reason, r.record) for b in found for r in b.rejected] == [
        (2, "3 cells instead of 2", "1,2,3"),
        (3, "1 cell instead of 2", "4"),
    ]


def test_undecodable_bytes_set_the_record_aside() -> None:
    assert read(b"1,2\n\xff,4\n5,6\n") == (
        [(1, "1", "2"), (3, "5", "6")],
        [(2, "undecodable bytes")],
    )
    assert read(b"1,2\n\x81,4\n", encoding="cp1252")[1] == [(2, "undecodable bytes")]
    assert read("1,\ufffd\n")[0] == [(1, "1", "\ufffd")]


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be", "gb18030", "shift_jis", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    text = "日本,é\n" if encoding in ("gb18030", "utf-16", "utf-32") else "a,é\n"
    text = "日本,b\n" if encoding == "shift_jis" else text
    name = encoding.removesuffix("-sig")
    assert cells((text * 3).encode(encoding), encoding=name) == [tuple(text.strip().split(","))] * 3


def test_byte_order_marks_are_passed_over() -> None:
    assert cells("\ufeff1,2\n") == [("1", "2")]
    assert cells("\ufeff1,2\n".encode("utf-16-le"), encoding="utf-16-le") == [("1", "2")]


@pytest.mark.parametrize("encoding", ["nonsense", "zip", "utf-16"])
def test_an_encoding_that_cannot_be_is_refused(encoding: str) -> None:
    with pytest.raises(SourceError, match=r"^E_ENCODING "):
        read(b"1,2\n3,4", encoding=encoding)


@pytest.mark.parametrize(
    ("delimiter", "text"),
    [
        ("||", "a b||c|d\n"),
        ("§", "a b§c|d\n"),
        (" ", "a c|d\n"),
        ("\t", " a b \tc|d\n"),
        (r"\s+", "  a  \t c|d  \n"),
        ("  ", "a b     c|d\n"),
    ],
)
def test_delimiters(delimiter: str, text: str) -> None:
    expected = {" ": "a", r"\s+": "a", "\t": " a b "}.get(delimiter, "a b")
    assert cells(text, delimiter=delimiter) == [(expected, "c|d")]
    quoted = f'"{expected}"{delimiter.replace(chr(92) + "s+", " ")}"c|d"\n'
    assert cells(quoted, delimiter=delimiter) == [(expected, "c|d")]


def test_backslash_escapes() -> None:
    text = '"a\\"b",c\\,d\n"e\\\\",\\N\n"f""g","h\\\ni"\n'
    assert cells(text, escape="\\") == [('a"b', "c,d"), ("e\\", "\\N"), ('f"g', "h\ni")]


def test_without_a_quote_character_quotes_are_text() -> None:
    assert cells('"a,b"\n', quote=None) == [('"a', 'b"')]


def test_another_quote_character() -> None:
    assert cells("'a,b','it''s'\n", quote="'") == [("a,b", "it's")]


def test_comments_are_no_records_whatever_they_hold() -> None:
    assert cells('#"open\n1,2\n# x\n3,#4\n', comment="#") == [("1", "2"), ("3", "#4")]


def test_in_one_column_a_blank_line_between_others_is_an_empty_cell() -> None:
    assert read("a\n\n\nb\n\n\n", "x")[0] == [(1, "a"), (2, ""), (3, ""), (4, "b")]
    assert cells(" \n", "x") == [(" ",)]


def test_a_quote_that_would_swallow_the_file_is_text() -> None:
    lines = [f"{n},x" for n in range(3000)]
    lines[5] = '5,"x'
    rows, rejects = read("\n".join(lines))
    assert rejects == []
    assert [row[2] for row in rows[4:7]] == ["x", '"x', "x"]
    assert len(rows) == 3000
    huge = '1,"' + "y" * (1024**2 + 1) + '"\n2,z\n'
    assert [len(str(row[1])) for row in cells(huge)] == [1024**2 + 3, 1]


def test_a_stray_quote_pair_around_whole_records_loses_none() -> None:
    text = 'a,1\nb,"2\nc,3\nd,4",5\ne,6\n'
    rows, rejects = read(text)
    assert [row[1] for row in rows] == ["a", "b", "c", "e"]
    assert rejects == [(4, "3 cells instead of 2")]


def test_records_longer_than_the_bound_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reader, "CHUNK", 1000)
    monkeypatch.setattr(csv_reader, "MAX_RECORD", 10_000)
    with pytest.raises(SourceError, match=r"^E_RECORD_TOO_LONG line 2: "):
        read("1,2\n" + "x" * 50_000)


def test_the_header_may_be_checked() -> None:
    text = "\ufeff id ,Name,\n1,2\n"
    options = {"header_row": 0}
    assert cells(text, header=["id", "Name"], **options) == [("1", "2")]


@pytest.mark.parametrize(
    ("found", "message", "misplaced"),
    [
        ("id,town", "The header lacks `city`, and has 1 other name.", False),
        ("id", "The header lacks `city`.", False),
        ("city", "The header lacks `id`.", True),
        ("city,id", "The header has its names in another order, from column 1 on.", True),
        ("id,city,zip", "The header has `zip` besides the columns expected.", False),
        ("7,Berlin", "The header lacks `id`, `city`, and has 2 other names.", False),
        ("id,city,city", "The header has its names in another order, from column 3 on.", False),
    ],
)
def test_what_has_changed_in_the_header_is_named(found: str, message: str, misplaced: bool) -> None:
    with pytest.raises(HeaderError) as caught:
        read(f"{found}\n1,2\n", header=["id", "city"], header_row=0)

    assert str(caught.value).startswith(f"E_HEADER {message}")
    assert caught.value.misplaced == misplaced


def test_batches_are_no_larger_than_asked_for() -> None:
    found = batches("1,2\n" * 2500 + "3\n", batch_rows=1000)
    assert [b.rows.height for b in found] == [1000, 1000, 500]
    assert sum(len(b.rejected) for b in found) == 1
    assert found[0].rows.schema == {LINE: pl.Int64, "a": pl.String, "b": pl.String}


def tolerant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlainReader, "read", lambda *args, **options: None)
    monkeypatch.setattr(WellFormedReader, "vet", lambda *args, **options: None)
    monkeypatch.setattr(RecordSplitter, "_split_tidy", lambda *args: None)


ALPHABET = st.text(st.sampled_from('a1 ,;"\n\r\t\\#\0é\ufeff|'), max_size=200)


@given(
    text=ALPHABET,
    width=st.integers(1, 3),
    quote=st.sampled_from(['"', None]),
    escape=st.sampled_from([None, "\\"]),
    delimiter=st.sampled_from([",", "\t", " ", ",;", r"\s+", "é"]),
    skip_initial_space=st.booleans(),
    comment=st.sampled_from([None, "#"]),
)
def test_any_text_reads_the_same_on_both_paths_and_in_any_chunks(
    text: str, width: int, **dialect: Any
) -> None:
    """And what goes in comes out: rows and rejects are the same, however the bytes arrive."""
    columns = "abc"[:width]
    whole = read(text, columns, **dialect)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "CHUNK", 7)
        patch.setattr(csv_reader, "_WINDOW", 5)
        assert read(text, columns, **dialect) == whole
        tolerant(patch)
        assert read(text, columns, **dialect) == whole


CELL = st.text(st.sampled_from('ab ,"\n\ré'), max_size=6)


@given(
    table=st.lists(st.tuples(CELL, CELL, CELL), max_size=12),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_written_table_reads_back_on_both_paths(
    table: list[tuple[str, str, str]], line_end: str
) -> None:
    text = "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + line_end for row in table
    )
    assert cells(text, "abc") == table
    with pytest.MonkeyPatch.context() as patch:
        tolerant(patch)
        assert cells(text, "abc") == table


def test_the_fast_path_takes_what_is_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("this went record by record")

    monkeypatch.setattr(csv_reader.CsvReader, "_take_records", refuse)
    assert len(cells('1,"a ""b""\nc"\n' * 1000)) == 1000
    assert len(cells("1,2,\r\n" * 1000)) == 1000
    assert len(cells("1||2\n" * 1000, delimiter="||")) == 1000


def test_several_rows_of_names_are_passed_over() -> None:
    text = b"report\n,North,,South\nday,rain,wind,sun\n\n1,2,3,4\n5,6,7,8\n"
    columns = ["a", "b", "c", "d"]
    names = ["day", "North rain", "North wind", "South sun"]
    options = {"columns": columns, "header_row": 1, "header_rows": 2, "header": names}
    batches = list(read_csv(io.BytesIO(text), **options))
    assert [row for batch in batches for row in batch.rows.drop(LINE).rows()] == [
        ("1", "2", "3", "4"),
        ("5", "6", "7", "8"),
    ]
    with pytest.raises(SourceError, match="The header lacks"):
        list(read_csv(io.BytesIO(text.replace(b"sun", b"snow")), **options))

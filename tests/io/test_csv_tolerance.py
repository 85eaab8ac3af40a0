"""CSV that somebody spoilt: what becomes of each record, and of its neighbours."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import csv_reader
from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.io.csv_records import RecordSplitter
from ai_data_engineer.io.text_stream import LINE_END

Found = tuple[list[tuple[Any, ...]], list[tuple[int, str]], list[int]]


def read(data: bytes | str, columns: str = "abc", **options: Any) -> Found:
    """Return rows (line first), rejects (line and reason) and lines of padded rows."""
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    options = {"header_row": None, **options}
    found = list(read_csv(stream, columns=list(columns), **options))
    rows = [row for batch in found for row in batch.rows.rows()]
    rejected = [(r.line, r.reason) for batch in found for r in batch.rejected]
    return rows, rejected, [line for batch in found for line in batch.padded]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        # A quote inside a cell without quotes is text.
        ('a 5",b,c', ('a 5"', "b", "c")),
        ('say "x",b,c', ('say "x"', "b", "c")),
        # A stray quote before a cell is text, whatever the cells behind it are.
        ('"a,b,c', ('"a', "b", "c")),
        ('a,"b,"c d"', ("a", '"b', "c d")),
        ('a,b,"', ("a", "b", '"')),
        ('""a, b",c,d', ('"a, b', "c", "d")),
        # Quotes that somebody forgot to double.
        ('"round 48"",b,c', ('round 48"', "b", "c")),
        ('"round, 48"","b",c', ('round, 48"', "b", "c")),
        ('"the "best" one",b,c', ('the "best" one', "b", "c")),
        ('"the "best"",b,c', ('the "best"', "b", "c")),
        # Text behind a closing quote.
        ('"a" x,b,c', ('"a" x', "b", "c")),
        ('"a" ,b,c', ("a", "b", "c")),
        # A quote enclosed by quotes, and empty cells in quotes.
        ('"""",b,c', ('"', "b", "c")),
        ('"","",""', ("", "", "")),
        # Empty cells too many, and missing ones.
        ("a,b,c,,", ("a", "b", "c")),
        ("a,b", ("a", "b", "")),
        (",b", ("", "b", "")),
    ],
)
def test_one_polluted_record_between_good_ones(line: str, cells: tuple[str, ...]) -> None:
    good = '1,"x, y",z\n'
    rows, rejected, _ = read(good * 3 + line + "\n" + good * 3)

    assert rejected == []
    assert rows == [
        *((n, "1", "x, y", "z") for n in (1, 2, 3)),
        (4, *cells),
        *((n, "1", "x, y", "z") for n in (5, 6, 7)),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a,b,c,d", "4 cells instead of 3"),
        ("a,,b,c", "4 cells instead of 3"),
        ("Source: the office", "1 cell instead of 3"),
        ('"a, b"" c', "2 cells instead of 3"),
        ('"two\nlines",b', "2 cells instead of 3"),
    ],
)
def test_what_cannot_be_mended_without_guessing_is_set_aside(line: str, reason: str) -> None:
    rows, rejected, padded = read(f"1,2,3\n{line}\n4,5,6\n")

    assert rejected == [(2, reason)]
    assert [row[1:] for row in rows] == [("1", "2", "3"), ("4", "5", "6")]
    assert padded == []


def test_rows_without_their_last_cells_are_counted() -> None:
    assert read("1,2,3\n4,5\n6,7,8\n9,\n", "abc")[2] == [2, 4]
    assert read("1,2,3,4\n5,6\n", "abcd")[0][1] == (2, "5", "6", "", "")


def test_blanks_behind_delimiters_may_be_no_part_of_the_cells() -> None:
    text = '1, "x, y", z\n2,  b,c \n3, d, \n'
    rows, _, _ = read(text, skip_initial_space=True)
    assert [row[1:] for row in rows] == [("1", "x, y", "z"), ("2", "b", "c "), ("3", "d", "")]
    assert read("1, b, c\n")[0] == [(1, "1", " b", " c")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lines_of_rejects_are_physical_ones(line_end: str, encoding: str) -> None:
    lines = [
        "a report",
        "",
        "a,b,c",
        "1,é,3",
        "# a note, with, commas, too",
        '4,"two',
        'lines, one cell",6',
        "",
        " ",
        "7,8,9,10",  # line 10
        '"x',
        "",
        'y",1,2,3',
        "only this",  # line 14
        "1,2,3",
    ]
    data = line_end.join(lines).encode(encoding)
    options = {"header_row": 2, "preamble_lines": 2, "comment": "#"}
    name = encoding.removesuffix("-sig")
    for chunk in (csv_reader.CHUNK, 5):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(csv_reader, "CHUNK", chunk)
            rows, rejected, _ = read(data, encoding=name, **options)
        assert [row[0] for row in rows] == [4, 6, 15]
        assert [line for line, _ in rejected] == [10, 11, 14]


def test_lines_count_on_where_line_ends_are_mixed() -> None:
    rows, rejected, _ = read('1,2,3\r\n4,5,6\r7,8\r\r\n\n"a\rb",9,0\n1,2,3,4\r\n5,6,7')
    assert [row[0] for row in rows] == [1, 2, 3, 6, 9]
    assert rejected == [(8, "4 cells instead of 3")]


@pytest.mark.parametrize(
    ("text", "options", "cells"),
    [
        ("a\0b,\0,c\n", {}, ("a\0b", "\0", "c")),
        ("a||b|c||d\n", {"delimiter": "||"}, ("a", "b|c", "d")),
        ('"a||b"||c||d\n', {"delimiter": "||"}, ("a||b", "c", "d")),
        ("  a \t b   c \n", {"delimiter": r"\s+"}, ("a", "b", "c")),
        ("a,b\\\nc,d\n", {"escape": "\\"}, ("a", "b\nc", "d")),
        ('a,"b\\"",c\n', {"escape": "\\"}, ("a", 'b"', "c")),
        ("a,b,c\\", {"escape": "\\"}, ("a", "b", "c\\")),
        ('a,b,"c', {}, ("a", "b", '"c')),
    ],
)
def test_odd_places(text: str, options: dict[str, Any], cells: tuple[str, ...]) -> None:
    rows, rejected, _ = read(text, **options)
    assert (rows, rejected) == ([(1, *cells)], [])


def test_an_open_quote_in_the_last_line_costs_no_record() -> None:
    rows, rejected, _ = read("1,2,3\n" * 500 + '4,"5,6\n')
    assert (len(rows), rejected, rows[-1][1:]) == (501, [], ("4", '"5', "6"))


def test_a_huge_cell_is_one_cell() -> None:
    cell = "x, y\n" * 800 + "z" * 900_000
    rows, rejected, _ = read(f'1,2,3\n"{cell}",2,3\n4,5,6\n')
    assert [row[0] for row in rows] == [1, 2, 803]
    assert rows[1][1] == cell
    assert rejected == []


def test_a_record_beyond_the_limit_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reader, "CHUNK", 1000)
    monkeypatch.setattr(csv_reader, "MAX_RECORD", 20_000)
    with pytest.raises(SourceError, match=r"^E_RECORD_TOO_LONG line 3: ") as caught:
        read("1,2,3\n4,5,6\n" + "secret" * 10_000)
    assert "secret" not in str(caught.value)


def test_a_stretch_that_only_seems_well_formed_is_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_reader, "_WINDOW", 64)
    text = "".join(f"{n},b,c,{'x' if n % 97 == 50 else ''}\n" for n in range(1000))
    text = text.replace("500,b,c,\n", '500,"b,c,\n')
    rows, rejected, _ = read(text)
    odd = [n for n in range(1000) if n % 97 == 50]
    assert [line for line, _ in rejected] == [n + 1 for n in odd]
    assert [int(row[1]) for row in rows] == [n for n in range(1000) if n not in odd]
    assert [row[0] for row in rows] == [int(row[1]) + 1 for row in rows]


DELIMITERS = st.sampled_from([",", ";", "\t", "|", "||", "::", "é", "~"])
CELLS = st.text(st.sampled_from("ab 1,;|:~\t\"'\\\n\ré"), max_size=8)


@given(
    table=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8),
    delimiter=DELIMITERS,
    quote=st.sampled_from(['"', "'"]),
    escape=st.sampled_from([None, "\\"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    everything=st.booleans(),
    chunk=st.sampled_from([3, 17, csv_reader.CHUNK]),
)
def test_a_table_written_in_any_dialect_reads_back(
    table: list[tuple[str, str, str]],
    delimiter: str,
    quote: str,
    escape: str | None,
    line_end: str,
    everything: bool,
    chunk: int,
) -> None:
    special = {*delimiter, quote, "\n", "\r", escape or quote}

    def written(cell: str) -> str:
        plain = not any(mark in cell for mark in special) and cell == cell.strip(" \t")
        if plain and not everything:
            return cell
        body = cell.replace(escape, escape * 2) if escape else cell
        return quote + body.replace(quote, (escape or quote) + quote) + quote

    text = "".join(delimiter.join(map(written, row)) + line_end for row in table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "CHUNK", chunk)
        rows, rejected, padded = read(text, delimiter=delimiter, quote=quote, escape=escape)

    assert [row[1:] for row in rows] == table
    assert (rejected, padded) == ([], [])


GOOD = (
    'id,name,note\n1,"Smith, J","says ""hi"""\n2,Müller,\n3,"two\nlines",x\n'
    "4,plain,text\r\n5,last one,5 inch\n"
) * 3


@given(
    seed=st.integers(0, 2**32),
    changes=st.integers(1, 6),
    dialect=st.fixed_dictionaries(
        {
            "delimiter": st.sampled_from([",", ";", r"\s+"]),
            "escape": st.sampled_from([None, "\\"]),
            "comment": st.sampled_from([None, "#"]),
        }
    ),
)
def test_every_line_of_a_damaged_file_is_accounted_for(
    seed: int, changes: int, dialect: dict[str, Any]
) -> None:
    data = damaged(GOOD.encode(), random.Random(seed), changes)

    rows, rejected, padded = read(data, **dialect)

    lines = [row[0] for row in rows]
    assert lines == sorted(lines)
    assert set(padded) <= set(lines)
    assert sorted([*lines, *(line for line, _ in rejected)]) == record_lines(data, dialect)


def damaged(data: bytes, chance: random.Random, changes: int) -> bytes:
    """Return the data with bytes flipped, removed, put in or repeated, or the end cut off."""
    spoilt = bytearray(data)
    for _ in range(changes):
        place = chance.randrange(len(spoilt))
        match chance.randrange(5):
            case 0:
                spoilt[place] ^= 1 << chance.randrange(8)
            case 1:
                del spoilt[place : place + chance.randrange(1, 9)]
            case 2:
                spoilt[place:place] = chance.choice([b'"', b"\n", b"\r", b",", b"\\", b"\0", b"#"])
            case 3:
                spoilt[place:place] = spoilt[max(0, place - 40) : place]
            case 4:
                del spoilt[max(place, len(spoilt) // 2) :]
    return bytes(spoilt)


def record_lines(data: bytes, dialect: dict[str, Any]) -> list[int]:
    """Return where records begin, walked through one by one; no byte and no line is left out."""
    marks = Marks(dialect["delimiter"], '"', dialect["escape"], dialect["comment"])
    splitter = RecordSplitter(marks, 3)
    data = data.removeprefix("\ufeff".encode())
    starts: list[int] = []
    position, line = 0, 1
    while position < len(data):
        record = splitter.next(data, position, final=True)
        assert record is not None
        assert record.end > position
        if record.cells:
            starts.append(line)
        position, line = record.end, line + record.lines
    ends = len(LINE_END.findall(data))
    assert line - 1 == ends + (not data.endswith((b"\n", b"\r")) and data != b"")
    return starts


@pytest.mark.parametrize(
    "data",
    [
        b'"' * 60_000,
        b'",' * 30_000,
        b'"a\n' * 20_000,
        b'a,"b\n' * 12_000,
        b'"' + b"x\n" * 30_000,
        b"\\" * 60_000,
        b"," * 60_000,
        b"\r" * 60_000,
        b'""",""\n' * 8_000,
        b'a,b,"c ' * 8_000,
    ],
)
@pytest.mark.timeout(60)  # a second at most each; what is quadratic takes minutes
def test_nothing_takes_long(data: bytes) -> None:
    read(data, escape="\\")
    read(data)

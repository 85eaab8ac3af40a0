"""Pieces hold the cells of `read_csv`, wherever chunks and blocks happen to end."""

import io

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Batch
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.profiling.full import csv_proof
from ai_data_engineer.profiling.full.csv_pieces import csv_pieces
from ai_data_engineer.sources.dialect import Dialect

NAMES = ("a", "b", "c")


def pieces_of(
    text: bytes, dialect: Dialect, names: tuple[str, ...] = NAMES, *, chunk: int = 64
) -> tuple[list[tuple[str, ...]], list[tuple[int, str]], list[int]]:
    pieces = csv_pieces(io.BytesIO(text), dialect, names, "utf-8", chunk=chunk)
    return _cells([piece() for piece in pieces], names)


def batches_of(
    text: bytes, dialect: Dialect, names: tuple[str, ...] = NAMES
) -> tuple[list[tuple[str, ...]], list[tuple[int, str]], list[int]]:
    options = dialect.model_dump(
        exclude={"line_end", "decimal_mark", "thousands_mark", "null_tokens", "column_starts"}
    )
    return _cells(list(read_csv(io.BytesIO(text), columns=names, **options)), names)


def _cells(
    batches: list[Batch], names: tuple[str, ...]
) -> tuple[list[tuple[str, ...]], list[tuple[int, str]], list[int]]:
    frames = [batch.rows.select(names) for batch in batches]
    rows = pl.concat(frames).rows() if frames else []
    rejected = [(r.line, r.reason) for batch in batches for r in batch.rejected]
    return rows, rejected, [line for batch in batches for line in batch.padded]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_proof, "BLOCK", 48)


HEADLESS = Dialect(header_row=None)
WELL_FORMED = b'1,2,3\n"x, y","say ""so""",\n,,\n"two\nlines",5,6\n' * 20


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        pytest.param(WELL_FORMED, HEADLESS, id="quotes, commas, line ends and nothing in cells"),
        pytest.param(WELL_FORMED.replace(b"\n", b"\r\n"), HEADLESS, id="CRLF"),
        pytest.param(b"1,2,3\r\n4,5,6\r\n" * 30, HEADLESS, id="CRLF without quotes"),
        pytest.param(b"1,2,3\r4,5,6\n" * 30, HEADLESS, id="line ends mixed"),
        pytest.param(
            b"1,2,3\r4,5,6\r" * 30, Dialect(header_row=None, line_end="\r"), id="CR alone"
        ),
        pytest.param(b"1,2,3\n" * 30 + b"4,5\n" + b"6,7,8\n" * 30, HEADLESS, id="a short row"),
        pytest.param(b"1,2,3\n" * 30 + b"4,5,6,7\n" + b"6,7,8\n" * 30, HEADLESS, id="a long row"),
        pytest.param(b"1,2,3\n" * 30 + b"4,5,6,,\n" + b"6,7,8\n" * 30, HEADLESS, id="empty excess"),
        pytest.param(b"1,2,3\n\n  \n" * 30, HEADLESS, id="blank lines"),
        pytest.param(b'1,2,3\n4,5 "6,7\n' * 30, HEADLESS, id="stray quotes"),
        pytest.param(b'1,"2,3\n4,5,6\n' * 30, HEADLESS, id="quotes without a partner"),
        pytest.param(b'1, "2" ,3\n' * 30, HEADLESS, id="blanks around quotes"),
        pytest.param(b"1,2,3\n4,\xff,6\n" * 30, HEADLESS, id="undecodable bytes"),
        pytest.param(b'"\n\n\n",2,3\n' * 30, HEADLESS, id="cells of several lines"),
        pytest.param(b'a,"' + b"\n" * 3 + b'"\n1,2,3\n' * 30, HEADLESS, id="wrong over lines"),
        pytest.param(b"\xef\xbb\xbf1,2,3\n" * 30, HEADLESS, id="byte order marks"),
        pytest.param(
            b"preamble\n\na,b,c\n" + b"1,2,3\n" * 30 + b"total\n",
            Dialect(header_row=2, preamble_lines=2, footer_lines=1),
            id="preamble and footer",
        ),
        pytest.param(
            b"1,2,3\n# 4,5,6\n7,8,9\n" * 30, Dialect(header_row=None, comment="#"), id="comments"
        ),
        pytest.param(
            b'1,"2 \\" 2",3\n4,5,6\n' * 30, Dialect(header_row=None, escape="\\"), id="escapes"
        ),
        pytest.param(
            b"1||2||3\n" * 30, Dialect(header_row=None, delimiter="||"), id="long delimiter"
        ),
        pytest.param(b"1\t'2'\t3\n" * 30, Dialect(header_row=None, delimiter="\t", quote="'"),
                     id="other marks"),
        pytest.param(b'1,"2",3\n' * 30, Dialect(header_row=None, quote=None), id="no quote"),
    ],
)  # fmt: skip
def test_cells_are_those_of_the_tolerant_reader(text: bytes, dialect: Dialect) -> None:
    assert pieces_of(text, dialect) == batches_of(text, dialect)


@pytest.mark.parametrize("text", [b"1\n\n2\n\n", b'"1"\n2\n""\n3', b"\r\n1\r\n\r\n2", b"\n\n1"])
def test_in_a_single_column_a_blank_line_may_be_a_row(text: bytes) -> None:
    assert pieces_of(text, HEADLESS, ("a",)) == batches_of(text, HEADLESS, ("a",))


@given(
    st.text(alphabet='ab,"\n\r #', max_size=300),
    st.integers(1, 3),
    st.integers(8, 200),
    st.sampled_from([HEADLESS, Dialect(header_row=None, comment="#"), Dialect(header_row=0)]),
)
@example('"\n', 1, 8, HEADLESS)
def test_any_text_gives_the_cells_of_the_tolerant_reader(
    text: str, width: int, chunk: int, dialect: Dialect
) -> None:
    names = NAMES[:width]

    assert pieces_of(text.encode(), dialect, names, chunk=chunk) == batches_of(
        text.encode(), dialect, names
    )


@given(
    st.lists(st.tuples(*[st.text(alphabet='ab,"\n é', max_size=8)] * 3), min_size=1, max_size=60),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(16, 400),
)
def test_what_is_quoted_where_needed_comes_back(
    rows: list[tuple[str, str, str]], line_end: str, chunk: int
) -> None:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n ') else text

    text = "".join(",".join(map(cell, row)) + line_end for row in rows)

    assert pieces_of(text.encode(), HEADLESS, chunk=chunk) == (rows, [], [])


def test_lines_of_rejected_records_count_the_lines_inside_cells() -> None:
    text = b"a,b,c\r\n" + b'1,"x\r\ny",3\r\n' * 40 + b"4,5,6,7\r\n" + b"4,5,6\r\n" * 40

    rows, rejected, _ = pieces_of(text, Dialect(header_row=0, line_end="\r\n"))

    assert (len(rows), rejected) == (80, [(82, "4 cells instead of 3")])


def test_a_header_with_other_names_is_refused() -> None:
    with pytest.raises(SourceError, match="E_HEADER"):
        csv_pieces(io.BytesIO(b"a,b\n1,2\n"), Dialect(), ["a", "c"], "utf-8", header="ac")


def test_line_numbers_are_no_column_that_pieces_must_have() -> None:
    [piece] = csv_pieces(io.BytesIO(b"1,2,3\n" * 3), HEADLESS, NAMES, "utf-8", chunk=2**20)

    assert set(piece().rows.columns) - {LINE} == set(NAMES)

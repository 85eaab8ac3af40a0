from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.profiling.layout.dialect_detection import detect_dialect, split_records
from tests.work import calls

ROWS = [
    ["id", "name", "opened", "amount"],
    ["1", "North, upper", "2024-01-05", "10.5"],
    ["2", 'The "Old" Mill', "2024-02-11", "7"],
    ["3", "Harbour; east", "2024-03-17", "12.25"],
    ["4", "Market", "2024-03-18", "3.75"],
]


def written(
    delimiter: str, quote: str = '"', *, escape: str | None = None, everywhere: bool
) -> str:
    out = io.StringIO()
    csv.writer(
        out,
        delimiter=delimiter,
        quotechar=quote,
        escapechar=escape,
        doublequote=escape is None,
        quoting=csv.QUOTE_ALL if everywhere else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    ).writerows(ROWS)
    return out.getvalue()


@pytest.mark.parametrize("everywhere", [True, False])
@pytest.mark.parametrize("delimiter", list(",;\t|:^~#&*=/ "))
def test_a_delimiter(delimiter: str, everywhere: bool) -> None:
    found = detect_dialect(written(delimiter, everywhere=everywhere))
    assert (found.delimiter, found.quote) == (delimiter, '"')


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_single_quotes(delimiter: str) -> None:
    found = detect_dialect(written(delimiter, "'", everywhere=True))
    assert (found.delimiter, found.quote, found.escape) == (delimiter, "'", None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_quotes_escaped_by_a_backslash(delimiter: str) -> None:
    found = detect_dialect(written(delimiter, escape="\\", everywhere=True))
    assert (found.delimiter, found.quote, found.escape) == (delimiter, '"', "\\")


@pytest.mark.parametrize("delimiter", ["||", "::", "|~|", "~^~"])
def test_a_delimiter_of_several_characters(delimiter: str) -> None:
    lines = [
        delimiter.join(["1", "Ann Lee", "2024-01-05"]),
        delimiter.join(["2", "Bo", "2024-02-01"]),
    ]
    assert detect_dialect("\n".join(lines * 5)).delimiter == delimiter


@pytest.mark.parametrize(
    "column",
    [
        ["name", "Ann Lee", "Bo Day", "Cy Orr"],
        ["opened", "2024-01-05", "2024-02-06", "2024-03-07"],
        ["at", "10:15:00", "11:30:00"],
        ["price", "1.50", "2.25"],
        ["site", "https://example.org/a?b=c", "https://example.org/d?e=f"],
        ["mail", "a.b@example.org", "c.d@example.org"],
        ["note", "It rained, then it stopped.", "Sun.", "Well: wind, hail; snow, and so on."],
    ],
    ids=lambda column: column[0],
)
def test_one_column_is_not_split(column: list[str]) -> None:
    text = "\n".join(column) + "\n"
    found = detect_dialect(text)
    records = split_records(text, found.delimiter, found.quote, found.escape)
    assert [cells for _, cells in records] == [[cell] for cell in column]


def test_decimal_commas_do_not_split() -> None:
    text = "ort;wert\nKöln;1,5\nBonn;2,25\nTrier;3,75\n"
    assert detect_dialect(text).delimiter == ";"


def test_lists_inside_cells_do_not_split() -> None:
    text = "col1,col2\n1;2;3,4;5;6\na;b;c,d;e;f\n"
    assert detect_dialect(text).delimiter == ","


def test_blanks_behind_the_delimiter_do_not_hide_quotes() -> None:
    text = 'title, content, weight\n"a", "x, y, z", "1"\n"b", "p, q", "2"\n"c", "r", "3"\n'
    found = detect_dialect(text)
    assert (found.delimiter, found.quote) == (",", '"')


def test_columns_aligned_by_blanks() -> None:
    text = "element   x        y\nC    0.000    0.000\nH    1.026   -0.363\nN   10.513    0.889\n"
    assert detect_dialect(text).delimiter == r"\s+"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("url§hits\nhttps://a.example/b?c=1§3\nhttps://a.example/d?e=2§4\n", "§"),
        ("ort#wert#summe\nKöln#1,50#2,25\nBonn#3,75#4,10\nTrier#5,20#6,15\n", "#"),
        ("line departs\nharbour 08:36:39\nmarket 05:14:27\nmill 01:10:53\n", " "),
        ("year#source\n2001-01-01#Fossil Fuels\n2002-01-01#Nuclear\n", "#"),
        ("id|~|note\n1|~|old|new\n2|~|so it is\n3|~|a|b|c\n", "|~|"),
        ("SEQUENTIAL\nuser1;127.0.0.1:5059\nuser2;127.0.0.1:5059\n", ";"),
        ("---\nname: rain\nfields: 2\n---\na|b\n1|x\n2|y\n", "|"),
        ("value\n1061,27\n762,48\n", ";"),
    ],
    ids=[
        "in no URL", "fractions", "times", "dates", "inside a longer one", "hosts", "front matter",
        "one column of fractions",
    ],
)  # fmt: skip
def test_marks_of_the_contents_do_not_split(text: str, delimiter: str) -> None:
    assert detect_dialect(text).delimiter == delimiter


def test_lines_that_end_in_carriage_returns_show_quotes_too() -> None:
    text = "name\theight\r'Ann'\t'5''11\"'\r'Bo'\t'6''2\"'\r'Cy'\t'5''7\"'\r"
    found = detect_dialect(text)
    assert (found.delimiter, found.quote) == ("\t", "'")


def test_blanks_inside_quotes_are_kept() -> None:
    text = 'id,payload\n1,"{""a"": 1, ""b"": 2}"\n2, "x"\n'
    records = [cells for _, cells in split_records(text, ",", '"', None)]
    assert records[1:] == [["1", '{"a": 1, "b": 2}'], ["2", "x"]]


def test_excels_first_line_is_believed() -> None:
    assert detect_dialect("sep=;\na;b\n1;2\n").delimiter == ";"


def test_comments_and_a_preamble_do_not_count() -> None:
    text = (
        "# written: by a, b, and c\n# on: day\nReport of the year\n\nid;sum\n1;2,5\n2;3,5\n3;4,5\n"
    )
    assert detect_dialect(text).delimiter == ";"


def test_stray_quotes_leave_the_delimiter() -> None:
    text = 'size,part\n5" pipe,a\n"7 pipe,b\n3" pipe,c\n4" pipe,d\n'
    assert detect_dialect(text).delimiter == ","


def test_twice_the_text_is_twice_the_work() -> None:
    text = (written(",", everywhere=False) * 500)[: 64 * 1024]
    half = calls(lambda: detect_dialect(text[: len(text) // 2]))
    assert calls(lambda: detect_dialect(text)) < 2.5 * half


@given(st.text(max_size=400))
def test_any_text_has_a_dialect(text: str) -> None:
    found = detect_dialect(text)
    assert 1 <= len(found.delimiter) <= 4
    assert found.delimiter not in ("\n", "\r")

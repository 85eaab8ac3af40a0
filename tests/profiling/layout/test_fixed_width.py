"""What is fixed-width text, and what runs of blanks or a delimiter split as well."""

from __future__ import annotations

import pytest

from ai_data_engineer.profiling.layout.fixed_width import find_fixed_width

REPORT = """\
Staff, May 2024

No    Name              City          Salary  Note
1     Anna Maria Lund   New York      1200.50
2     Bo                Ulm            900.00 new hire
3     Cy Young          Los Angeles  15000.25
14    Dee               Bonn                  left us
15    Eve Online        Graz           700.00 x
160   Fay Wray          Sankt Pölten    10.00 y
"""
RULED = """\
name       age city
---------- --- ---------------
Anna Lund   12 New York
Bo           3 Ulm
Cy Young    44
"""
NO_HEADER = "".join(
    f"{n:<8}{name:<20}2024-01-{n:02}{n * 13.37:>12.2f}\n"
    for n, name in enumerate(["Ann Lee", "Bob", "Carl van Damme", "", "Di", "Ed Wood"] * 3, 1)
)
WIDE_NAMES = """\
Customer number  Town
1         Ulm
22        New York
333       Bonn am Rhein
4         Graz
"""


@pytest.mark.parametrize(
    ("text", "starts", "names", "header_row"),
    [
        (REPORT, (0, 6, 24, 37, 46), ("No", "Name", "City", "Salary", "Note"), 2),
        (RULED, (0, 11, 15), ("name", "age", "city"), 0),
        (NO_HEADER, (0, 8, 28, 39), ("", "", "", ""), None),
    ],
    ids=["report", "ruled", "no header"],
)
def test_columns_are_found_by_what_is_blank_on_all_lines(
    text: str, starts: tuple[int, ...], names: tuple[str, ...], header_row: int | None
) -> None:
    found = find_fixed_width(text)

    assert found is not None
    assert (found.starts, found.names, found.header_row) == (starts, names, header_row)


NOT: dict[str, str] = {
    "runs of blanks": "id   x     y\n1    2.5   3\n22   3.25  44\n333  1     5\n4    2     7\n",
    "csv": "id,name\n1,Ann Lee\n2,Bob\n3,Cy Young\n4,Dee\n5,Eve\n",
    "aligned csv": "id ,name    ,n\n1  ,Ann Lee ,2\n2  ,Bob     ,3\n3  ,Cy Young,4\n4  ,Dee     ,5\n",
    "tabs": "id\tname\n1\tAnn Lee\n2\tBob\n3\tCy\n4\tDee\n",
    "pipes": "| a  | b c |\n| 1  | x   |\n| 22 | y z |\n| 3  |     |\n",
    "prose": "This is text which is no data.\nIt has lines of prose,\nand no table in it.\nNone, I promise.\nThe end is near now.\n",
    "one column": "Anna Lund\nBo\nCy Young\nDee\nEve Online\nFay\n",
    "words": "a b\nc d e\nf\ng h\ni j k l\n",
    "short": "a  b c\n1  2\n",
    "empty": "",
}


@pytest.mark.parametrize("text", NOT.values(), ids=NOT)
def test_other_texts_are_left_to_their_readers(text: str) -> None:
    assert find_fixed_width(text) is None

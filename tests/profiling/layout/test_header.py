from __future__ import annotations

import pytest

from ai_data_engineer.profiling.layout.dialect_detection import detect_dialect
from ai_data_engineer.profiling.layout.header import TableLayout, find_layout


def layout(text: str) -> TableLayout:
    return find_layout(text, detect_dialect(text), end=text)


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n1,Ann\n2,Bo\n",
        "name,city\nAnn,Oslo\nBo,Bergen\n",
        "country,1990,1991,1992\nNorway,4.2,4.3,4.4\nSweden,8.1,8.2,8.3\n",
        ",Date,Amount\nx,2024-01-05,3\ny,2024-01-06,4\n",
        ",16.5,17,17.5\n70,1,5,13\n71,0,1,4\n72,2,0,1\n",
        "#id,name\n1,Ann\n2,Bo\n",
        "#name,city\nAnn,Oslo\nBo,Bergen\n",
        "Profession\nFinance\nOperational Delivery\nPolicy\n",
        "SHOUT,WORDS\nabc,12\nxyz,13\n",
    ],
)
def test_the_first_line_is_a_header(text: str) -> None:
    assert layout(text).header_row == 0


@pytest.mark.parametrize(
    "text",
    [
        "1,Ann,2024-01-05\n2,Bo,2024-01-06\n3,Cy,2024-01-07\n",
        "google.com,1\nyahoo.com,2\nbing.com,3\n",
        "3.5,1.2\n4.5,2.2\n",
        "Oslo,https://oslo.example\nBergen,https://bergen.example\n",
        "yes,Oslo\nno,Oslo\nyes,Oslo\nyes,Bergen\n",
    ],
)
def test_there_is_no_header(text: str) -> None:
    found = layout(text)
    assert found.header_row is None
    assert set(found.names) == {""}
    assert found.records == text.count("\n")


def test_names_are_as_found() -> None:
    text = ' id ,"First\nname",#,Größe (cm)\n1,Ann,2,3\n2,Bo,3,4\n'
    assert layout(text).names == ("id", "First name", "#", "Größe (cm)")


@pytest.mark.parametrize(
    ("preamble", "line"),
    [
        ("Report of 2024\n", 1),
        ("Report of 2024\n\n", 2),
        ("Report of 2024\nwritten by hand, on a whim\n\n\n", 4),
        ("Report of 2024,,\n,,\n", 2),
        ("# made by a tool\n# on a day\n", 2),
        ("\n\n", 2),
        ("# rain, wind, and sun, by day\n", 1),
        ("# made by a tool\n# on a day, at a place, by hand, in haste\n", 2),
    ],
)
def test_lines_before_the_table_are_counted(preamble: str, line: int) -> None:
    rows = "day,rain,wind,sun\n2024-01-05,1.5,3,2\n2024-01-06,2.5,4,3\n2024-01-07,0.5,5,4\n"
    found = layout(preamble + rows)
    assert (found.header_row, found.preamble_lines) == (line, line)
    assert found.names == ("day", "rain", "wind", "sun")


def test_a_preamble_before_rows_without_names() -> None:
    found = layout("1971\n2.2,137\n3.6,778\n4.6,781\n")
    assert (found.header_row, found.preamble_lines) == (None, 1)


@pytest.mark.parametrize(
    ("footer", "lines"),
    [
        ("Total,4.5,12\n", 1),
        ("Source: the office\n", 1),
        ("\nSource: the office\n", 1),
        ("Grand total:,,12\n\nSource: the office\n", 3),
        ("(end of the report)\n\n", 2),
        ("", 0),
        ("2024-01-08,2.5,3\n", 0),
        ("2024-01-08,2.5\n", 0),
        ("2024-01-\n", 0),
    ],
)
def test_lines_behind_the_table_are_counted(footer: str, lines: int) -> None:
    rows = "day,rain,wind\n2024-01-05,1.5,3\n2024-01-06,2.5,4\n2024-01-07,0.5,5\n"
    assert layout(rows + footer).footer_lines == lines


def test_comments_between_rows() -> None:
    text = "id;name;n\n1;Ann;3\n# checked up to here\n2;Bo;4\n3;Cy;5\n"
    assert layout(text).comment == "#"


def test_colours_are_no_comments() -> None:
    text = "name,colour,n\n#1,#ff0000,3\n#2,#00ff00,4\n#3,#0000ff,5\n"
    assert layout(text).comment is None


def test_a_delimiter_at_each_lines_end_makes_no_column() -> None:
    assert layout("id;name;\n1;Ann;\n2;Bo;\n").names == ("id", "name")


def test_a_delimiter_at_the_end_of_the_rows_alone_makes_no_column() -> None:
    assert layout("id,name\n1,Ann,\n2,Bo,\n").names == ("id", "name")


def test_a_delimiter_too_many_among_the_names_moves_none() -> None:
    assert layout("id,,town,year\n1,Oslo,1990\n2,Bergen,1991\n3,Moss,1992\n").names == (
        "id", "town", "year",
    )  # fmt: skip


@pytest.mark.parametrize("stray", ['"id', 'to"wn', '"town', 'town"'])
def test_a_stray_quote_among_the_names_hides_none(stray: str) -> None:
    names = ("id", stray, "note")
    rows = '1,Oslo,"a, b"\n2,Bergen,"c ""d"""\n3,Moss,\n'
    found = layout(",".join(names) + "\n" + rows)
    assert found.names == names
    assert (found.header_row, found.footer_lines, found.records) == (0, 0, 3)


@pytest.mark.parametrize("mark", ["#", "#Fields:"])
def test_a_mark_before_the_names_is_no_name(mark: str) -> None:
    rows = "".join(f"2024-01-{day:02} 10:00 /page/{day} 200\n" for day in range(1, 29))

    found = layout(f"{mark} day time page status\n{rows}")

    assert (found.names, found.header_row) == (("day", "time", "page", "status"), 0)


def test_the_name_that_r_leaves_out() -> None:
    assert layout('"mpg","cyl"\n"Mazda",21,6\n"Fiat",32.4,4\n').names == ("", "mpg", "cyl")


def test_a_last_column_without_a_name() -> None:
    text = "city,n\nOslo,21,x y\nOslo,32,z\nBergen,12,w\n"
    assert layout(text).names == ("city", "n", "")


def test_a_header_alone_has_no_records() -> None:
    found = layout("id,name,amount\n")
    assert (found.header_row, found.records) == (0, 0)


RAIN = "day,rain,wind,sun\n2024-01-05,1.5,3,2\n2024-01-06,2.5,4,3\n2024-01-07,0.5,5,4\n"


@pytest.mark.parametrize(
    ("head", "rows", "names"),
    [
        (
            ",North,,South\nday,rain,wind,sun\n",
            2,
            ("day", "North rain", "North wind", "South sun"),
        ),
        ("day,rain,wind,sun\n,mm,m/s,h\n", 2, ("day", "rain (mm)", "wind (m/s)", "sun (h)")),
        (
            "day,rain,wind,sun\n#date,#rain,#wind,#sun\n",
            2,
            ("day", "rain", "wind", "sun"),
        ),
        (
            ",Count,Count,Count\n,Person,Person,Person\nplace,all,at work,retired\n",
            3,
            ("place", "Count Person all", "Count Person at work", "Count Person retired"),
        ),
        ("day,rain,wind,sun\n", 1, ("day", "rain", "wind", "sun")),
    ],
)
def test_several_rows_of_names_are_joined(head: str, rows: int, names: tuple[str, ...]) -> None:
    found = layout("Report of 2024\n\n" + head + RAIN.split("\n", 1)[1])
    assert (found.header_row, found.header_rows, found.preamble_lines) == (2, rows, 2)
    assert found.names == names


@pytest.mark.parametrize(
    "row", ["Ann,,", "Ann,absent,7", "Ann,n/a,n/a"], ids=["gaps", "one text", "null tokens"]
)
def test_a_first_row_with_odd_values_is_no_row_of_names(row: str) -> None:
    found = layout(f"name,score,age\n{row}\nBo,2.5,31\nCy,3.5,42\nDi,4.5,53\n")
    assert (found.header_rows, found.records) == (1, 4)


@pytest.mark.parametrize(
    "above",
    [
        "Report,Sales\nCreated,2024-03-05\n\n",
        "Sales of all branches, by day\n",
        "Report\nAll branches, also the small ones\nPage 1\n",
        "// written by a tool, on a day, in a hurry, at night\n",
        "---\nname: rain\nfields: 4\n---\n",
        ";;;57;290\n".replace(";", ","),
    ],
    ids=["settings", "a sentence", "several lines", "comments", "front matter", "sums"],
)
def test_lines_of_the_tables_own_delimiter_do_not_hide_its_names(above: str) -> None:
    found = layout(above + RAIN)
    assert found.header_row == found.preamble_lines == above.count("\n")
    assert found.names == ("day", "rain", "wind", "sun")


@pytest.mark.parametrize(
    "text",
    [
        "id,100022,100025\na,TRUE,FALSE\nb,TRUE,TRUE\nc,FALSE,TRUE\n",
        "id,name,age\n1,Ann\n2,Bo,31,x\n",
        "a,b,c,d\n1,2\n1,2\n1,2\n",
        "n\tchange\ttotal\n1\t-4.5\t12\n2\t3.5\t23\t\n3\t1.5\t34\t\n4\t1.0\t45\t\n",
        "# Table; Join; Kind\nADDRESS; A.ID=B.ID; n:1\nCITY; B.ID=C.ID; n:1\nSTATE; C.ID=D.ID; n:1\n",
    ],
    ids=["numbers as names", "ragged rows", "more names", "ends of lines", "behind a mark"],
)
def test_a_header_of_another_kind_than_usual_is_found(text: str) -> None:
    assert layout(text).header_row == 0


def test_another_table_below_is_told_and_left_out() -> None:
    text = RAIN + "\nBy place\nplace,n\nOslo,3\nBergen,4\nMoss,5\n"
    found = layout(text)
    assert (found.next_table, found.footer_lines, found.records) == (5, 5, 3)


def test_a_table_above_a_larger_one_is_told() -> None:
    text = "place,n\nOslo,3\nBergen,4\nMoss,5\n\n" + RAIN
    found = layout(text)
    assert (found.header_row, found.is_below) == (5, True)


def test_a_table_beside_another_is_told() -> None:
    rows = ["day,rain,,place,n", "2024-01-05,1.5,,Oslo,3", "2024-01-06,2.5,,Moss,4"]
    assert layout("\n".join(rows)).is_beside
    assert not layout(RAIN).is_beside


def test_names_that_come_again_are_counted() -> None:
    head, rows = RAIN.split("\n", 1)
    assert layout(RAIN + head + "\n" + rows).repeated_names == 1


@pytest.mark.parametrize("text", [' ""', ' ""\n'])
def test_quotes_around_nothing_are_no_table(text: str) -> None:
    assert layout(text).names == ()

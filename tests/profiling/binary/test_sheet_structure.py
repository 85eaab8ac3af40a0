"""Which table of a workbook is taken, and where its header is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.profiling.profile_source import profile_source
from ai_data_engineer.settings import Settings
from tests.workbooks import WRITERS, Rows, write_ods, write_xlsx

HEADER = ["id", "name", "day", "amount", "paid"]
DATA: list[list[Any]] = [
    [n, f"name {n}", dt.date(2024, 1, n), n * 1.5, n % 2 == 0] for n in range(1, 21)
]
TYPES = ["int64", "string", "date", "float64", "boolean"]


def profiled(path: Path, rows: Rows, **more: Rows) -> FileProfile:
    return profile_source(str(write_xlsx(path / "book.xlsx", {"Orders": rows, **more})))


def codes(profile: FileProfile) -> set[str]:
    return {w.code for w in profile.warnings if w.column is None}


@pytest.mark.parametrize("kind", WRITERS)
def test_values_have_the_types_that_the_cells_have(kind: str, tmp_path: Path) -> None:
    path = WRITERS[kind](tmp_path / "book.data", {"Orders": [HEADER, *DATA]})
    profile = profile_source(str(path))

    assert profile.format == ("xlsx" if kind == "openpyxl" else kind)
    assert [str(column.type) for column in profile.columns] == TYPES
    assert (profile.records.read, profile.records.total_is_exact) == (20, True)
    assert profile.sheet is not None
    assert (profile.sheet.name, profile.sheet.header_row, profile.sheet.first_row) == (
        "Orders",
        1,
        2,
    )


@pytest.mark.parametrize(
    ("rows", "header_row", "first_row", "footer_rows"),
    [
        ([HEADER, *DATA], 1, 2, 0),
        ([["Report of 2024"], [], HEADER, *DATA], 3, 4, 0),
        ([[], [], HEADER, *DATA], 3, 4, 0),
        ([[None, None, *HEADER], *([None, None, *row] for row in DATA)], 1, 2, 0),
        ([HEADER, *DATA, ["Total", None, None, 315.0, None]], 1, 2, 1),
        ([HEADER, *DATA, [], ["Source: the shop"]], 1, 2, 1),
        (DATA, None, 1, 0),
    ],
    ids=["plain", "title", "empty rows", "empty columns", "total", "note", "no header"],
)
def test_the_table_is_found_among_what_stands_around_it(
    rows: Rows, header_row: int | None, first_row: int, footer_rows: int, tmp_path: Path
) -> None:
    profile = profiled(tmp_path, rows)
    sheet = profile.sheet

    assert sheet is not None
    assert (sheet.header_row, sheet.first_row, sheet.footer_rows) == (
        header_row,
        first_row,
        footer_rows,
    )
    assert [str(column.type) for column in profile.columns] == TYPES
    assert profile.records.read == len(DATA)


def test_rows_of_groups_above_the_names_tell_them_apart(tmp_path: Path) -> None:
    rows = [[None, "2023", None, "2024", None], ["city", "in", "out", "in", "out"]]
    profile = profiled(tmp_path, [*rows, *([f"c{n}", n, n + 1, n + 2, n + 3] for n in range(9))])

    assert profile.sheet is not None
    assert (profile.sheet.header_row, profile.sheet.header_rows) == (2, 2)
    assert [c.source_name for c in profile.columns] == [
        "city",
        "2023 in",
        "2023 out",
        "2024 in",
        "2024 out",
    ]


def test_a_first_row_whose_texts_repeat_is_no_row_of_names(tmp_path: Path) -> None:
    rows = [["from", "to", None], *([f"c{n}", f"c{n}", "x"] for n in range(9))]
    profile = profiled(tmp_path, rows)

    assert profile.sheet is not None
    assert (profile.sheet.header_row, profile.sheet.header_rows) == (1, 1)


def test_the_larger_of_two_tables_side_by_side_is_taken(tmp_path: Path) -> None:
    beside = [["code", "means"], ["a", "alpha"], ["b", "beta"]]
    rows = [
        [*row, None, *(beside[i] if i < len(beside) else [])]
        for i, row in enumerate([HEADER, *DATA])
    ]
    profile = profiled(tmp_path, rows)

    assert [column.source_name for column in profile.columns] == HEADER


def test_an_empty_column_does_not_part_a_table(tmp_path: Path) -> None:
    rows = [[*row[:2], None, *row[2:]] for row in [HEADER, *DATA]]
    profile = profiled(tmp_path, rows)

    assert [column.source_name for column in profile.columns] == HEADER


def test_the_largest_sheet_is_taken_and_the_others_are_named(tmp_path: Path) -> None:
    profile = profiled(tmp_path, [["x"], [1]], Big=[HEADER, *DATA], Empty=[], Small=[["y"], [2]])

    assert profile.sheet is not None
    assert profile.sheet.name == "Big"
    assert profile.sheet_alternatives == ("Orders", "Small")
    assert "W_SHEETS" in codes(profile)


def test_a_hidden_sheet_is_taken_only_when_there_is_no_other(tmp_path: Path) -> None:
    sheets = {"Small": [["a", "b"], [1, 2], [3, 4]], "Big": [HEADER, *DATA]}
    path = write_xlsx(tmp_path / "a.xlsx", sheets, hidden=["Big"])
    sheet = profile_source(str(path)).sheet

    assert sheet is not None
    assert sheet.name == "Small"


def test_cells_with_errors_are_missing_and_said_to_be(tmp_path: Path) -> None:
    profile = profiled(
        tmp_path, [["id", "rate"], *([n, "#N/A" if n == 3 else n / 2] for n in range(9))]
    )

    assert "W_CELL_ERRORS" in codes(profile)
    assert (str(profile.column("rate").type), profile.column("rate").null_count) == ("float64", 1)


def test_texts_in_a_table_of_texts_alone_are_read_for_what_they_say(tmp_path: Path) -> None:
    rows = [["id", "day"], *([str(n), f"2024-01-{n:02}"] for n in range(1, 20))]
    profile = profiled(tmp_path, rows)

    assert [str(column.type) for column in profile.columns] == ["int64", "date"]


def test_a_number_typed_as_text_stays_text_where_numbers_are_numbers(tmp_path: Path) -> None:
    rows = [["id", "code"], *([n, str(1000 + n)] for n in range(1, 20))]
    profile = profiled(tmp_path, rows)

    assert [str(column.type) for column in profile.columns] == ["int64", "string"]


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_of_a_large_sheet_only_the_beginning_is_read(write: Any, tmp_path: Path) -> None:
    rows = [["id", "name"], *([n, f"name {n}"] for n in range(6_000))]
    path = write(tmp_path / "book", {"S": rows})
    profile = profile_source(str(path), settings=Settings(MAX_PROFILE_BYTES="64KiB"))

    assert profile.records.read == 1000
    assert not profile.records.total_is_exact
    assert profile.records.total == pytest.approx(6_000, rel=0.1)


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    signature = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path.write_bytes(signature + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000))

    with pytest.raises(SourceError, match="E_ENCRYPTED"):
        profile_source(str(path))


@pytest.mark.parametrize("rows", [[], [["a", "b"]]], ids=["empty", "header alone"])
def test_a_workbook_without_rows_is_refused(rows: Rows, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="E_NO_ROWS"):
        profiled(tmp_path, rows)

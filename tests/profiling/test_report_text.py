from pathlib import Path

import polars as pl
from rich.console import Console

from ai_data_engineer.profiling.profile import FileProfile, Records, Reference
from ai_data_engineer.profiling.profile_source import profile_source
from ai_data_engineer.profiling.report_text import render
from ai_data_engineer.profiling.table import ColumnSource, profile_table
from tests.workbooks import write_xlsx


def rendered(rows: pl.DataFrame, width: int = 120, references: tuple[Reference, ...] = ()) -> str:
    table = profile_table(rows, [ColumnSource(name, name) for name in rows.columns])
    profile = FileProfile(
        uri="orders.csv",
        name="orders",
        format="csv",
        encoding="utf-8",
        size_bytes=12_345,
        bytes_read=12_345,
        digest="0" * 64,
        records=Records(read=rows.height, total=5000, total_is_exact=False, rejected=3),
        columns=table.columns,
        candidate_keys=table.candidate_keys,
        record_schema=table.record_schema,
        functional_dependencies=table.functional_dependencies,
        repeated_columns=table.repeated_columns,
        references=references,
        warnings=table.warnings,
    )
    console = Console(width=width, color_system=None)
    with console.capture() as shown:
        console.print(render(profile, width))
    return shown.get()


def test_a_row_for_each_column() -> None:
    text = rendered(pl.DataFrame({"order_id": ["1", "2"], "placed": ["05.01.2024", None]}))

    assert "orders.csv" in text
    assert "2 records read of about 5,000, 12,345 bytes, 3 set aside" in text
    assert "order_id  int64" in text
    assert "1 … 2" in text
    assert "%d.%m.%Y" in text
    assert "50 %" in text
    assert "Candidate keys: order_id" in text


def test_values_of_personal_data_are_not_shown() -> None:
    text = rendered(
        pl.DataFrame({"last_name": ["Lovelace", "Byron"], "dob": ["1815-12-10", "1788-01-22"]})
    )

    assert "personal: name" in text
    assert "Lovelace" not in text
    assert "1815" not in text
    assert "W_PERSONAL_DATA last_name:" in text


def test_what_a_file_says_is_not_obeyed() -> None:
    text = rendered(pl.DataFrame({"x": ["[red]a[/red]\x1b[2J", "b"], "y\x1b[2J": ["1", "2"]}))

    assert "[red]a[/red]" in text
    assert r"y\x1b[2J" in text
    assert "\x1b" not in text


def test_names_and_types_stay_whole_on_a_narrow_terminal() -> None:
    text = rendered(
        pl.DataFrame(
            {
                "delivery_address_line_1": ["a very long text, longer than is shown", "another"],
                "last_change_of_record": ["2024-01-31T13:05:00Z", "2024-02-01T00:00:00Z"],
                "unit_price_without_tax": ["1234567.50", "2.25"],
            }
        ),
        width=80,
    )

    assert all(len(line) <= 80 for line in text.splitlines())
    for words in (
        "delivery_address_line_1  string",
        "last_change_of_record    datetime",
        "unit_price_without_tax   decimal(",
    ):
        assert words in text
    assert "…" in text


def test_what_was_found_in_columns_and_between_them() -> None:
    places = ["Rome", "Bonn", "Lyon"] * 20
    rows = pl.DataFrame(
        {
            "day": [f"2024-{1 + n // 28:02d}-{1 + n % 28:02d}" for n in range(60)],
            "city": places,
            "land": [{"Rome": "IT", "Bonn": "DE", "Lyon": "FR"}[p] for p in places],
            "part": ["north" if p == "Bonn" else "south" for p in places],
            "sold": [str(n % 7) for n in range(59)] + ["900"],
            "code": [f"A-{n}" for n in range(100, 159)] + ["A159"],
        }
    )
    reference = Reference(column="city", source="towns", source_column="name", containment=1.0)

    lines = rendered(rows, references=(reference,)).splitlines()

    for line in (
        "References: city → towns.name (100% of its values)",
        "Determined: city → part",
        "The same: city = land (one to one)",
        "In order: day strictly increasing",
        "Outliers: sold 1",
        "Off the shape: code 1",
    ):
        assert line in [shown.rstrip() for shown in lines]


def test_where_the_table_lies_is_said_for_each_format(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "a.xlsx", {"May": [["Orders"], [], ["id", "x"], [1, 2], [3, 4]]})
    staff = tmp_path / "staff.txt"
    staff.write_text("id   name\n---- -------\n1    Ann Lee\n22   Bo\n333  Cy\n4    Di\n")

    texts = []
    for path in (book, staff):
        console = Console(width=120, color_system=None)
        with console.capture() as shown:
            console.print(render(profile_source(str(path)), 120))
        texts.append(shown.get())
    assert "xlsx, sheet 'May', names in row 3" in texts[0]
    assert "fixed_width, utf-8, columns at 0, 5" in texts[1]

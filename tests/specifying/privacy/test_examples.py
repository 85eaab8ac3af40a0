from __future__ import annotations

from pathlib import Path

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.specifying.privacy.examples import examples


def profiled(folder: Path, name: str, values: list[object]) -> ColumnProfile:
    """The real profile of a column that is called so, beside a key."""
    path = folder / "table.csv"
    rows = "".join(f"{n},{value}\n" for n, value in enumerate(values))
    path.write_text(f"key,{name}\n{rows}")
    return profile_source(str(path)).columns[1]


SPREAD = [17.25 + n * 3.127 for n in range(200)]


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("status", ["open"] * 30 + ["paid"] * 20 + ["lost"] * 3, ("open", "paid")),
        ("c7", ["new customer"] * 30 + ["gift box"] * 20, ("new customer", "gift box")),
        ("country", ["France"] * 30 + ["Norway"] * 20, ("France", "Norway")),
        ("active", ["yes", "no"] * 20, ("true", "false")),
        ("price", SPREAD, ("170", "330", "480")),
        ("ratio", [0.0123456 * n for n in range(1, 60)], ("0.19", "0.37", "0.55")),
        ("ordered", [f"2024-0{1 + n % 6}-11" for n in range(60)], ("2024-01", "2024-06")),
        ("ordered", [f"{2012 + n % 9}-03-11" for n in range(60)], ("2012", "2020")),
    ],
)
def test_common_plain_values_are_shown(
    name: str, values: list[object], shown: tuple[str, ...], tmp_path: Path
) -> None:
    assert examples(profiled(tmp_path, name, values)) == shown


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("status", ["open"] * 10 + ["paid"] * 9),  # in too few records
        ("c7", ["Wojciechowska"] * 40 + ["Okonkwo"] * 30),  # frequent, and a person
        ("c7", ["Rose"] * 40 + ["Max"] * 30),
        ("c7", ["dragonfire"] * 40 + ["sunflower"] * 30),
        ("c7", ["HIV positive"] * 40 + ["diabetes"] * 30),
        ("c7", ["Catholic"] * 40 + ["black"] * 30),
        ("c7", ["E11.65"] * 40 + ["F32.1"] * 30),
        ("c7", ["jane@example.com"] * 40 + ["open"] * 5),
        ("c7", ["AB12CD"] * 40 + ["QX77ZZ"] * 30),
        ("password", ["open"] * 40 + ["paid"] * 30),
        ("diagnosis", ["open"] * 40 + ["paid"] * 30),
        ("notes", ["open"] * 40 + ["paid"] * 30),
        ("salary", SPREAD),
        ("ages", SPREAD),
        ("birth_date", [f"19{50 + n % 40}-03-11" for n in range(60)]),
        ("c7", [4111111111111111 + n for n in range(60)]),
        ("c7", [536904399] * 40 + [536904398] * 20),
        ("c7", [f"T{n:04d}x" for n in range(60)]),
    ],
)
def test_what_could_be_of_one_person_is_not(
    name: str, values: list[object], tmp_path: Path
) -> None:
    assert examples(profiled(tmp_path, name, values)) == ()


def test_of_a_mixed_category_only_the_plain_values_are_shown(tmp_path: Path) -> None:
    values = ["open"] * 30 + ["Okonkwo"] * 30 + ["paid by card"] * 20 + ["jane kowalczyk"] * 20
    assert examples(profiled(tmp_path, "c7", values)) == ("open",)


def test_no_example_of_numbers_is_a_value_of_a_record(tmp_path: Path) -> None:
    column = profiled(tmp_path, "price", SPREAD)
    assert not {float(shown) for shown in examples(column)} & set(SPREAD)

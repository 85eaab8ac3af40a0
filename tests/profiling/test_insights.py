import datetime as dt

import polars as pl
import pytest

from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.profiling.table import ColumnSource, profile_table


def column(values: list[str], name: str = "x") -> ColumnProfile:
    rows = pl.DataFrame({name: values}, schema={name: pl.String})
    return profile_table(rows, [ColumnSource(name, name)]).columns[0]


@pytest.mark.parametrize(
    ("values", "monotonic"),
    [
        (["1", "2", "3", "5", "8"], "strictly_increasing"),
        (["1", "2", "", "2", "5", "8"], "increasing"),
        (["8.5", "5.5", "3.5", "2.5", "1.5"], "strictly_decreasing"),
        (["8", "5", "5", "2", "1"], "decreasing"),
        (["1", "2", "3", "5", "4"], None),
        (["7", "7", "7", "7", "7"], None),
        (["1", "2"], None),
        ([f"2024-01-{day:02d}" for day in range(1, 20)], "strictly_increasing"),
    ],
)
def test_order_in_the_source(values: list[str], monotonic: str | None) -> None:
    assert column(values).monotonic == monotonic


def test_outliers_lie_outside_of_tukeys_outer_fences() -> None:
    found = column([*map(str, range(40)), "500", "-300"])

    assert found.outlier_count == 2
    assert found.outlier_fences is not None
    low, high = found.outlier_fences
    assert -300 < low < 0
    assert 39 < high < 500


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("order_id", [*map(str, range(40)), "90000"]),
        ("latitude", ["1.5"] * 20 + ["2.5"] * 20 + ["80.5"]),
        ("x", ["7"] * 40 + ["500"]),
        ("x", ["1", "2", "3", "500"]),
    ],
)
def test_keys_positions_and_what_does_not_vary_have_no_outliers(
    name: str, values: list[str]
) -> None:
    assert column(values, name).outlier_count is None


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ([f"AB-{n}" for n in range(1000, 1098)] + ["AB1098", "B"], 2),
        ([f"AB-{n}" for n in range(1000, 1100)], 0),
        ([f"AB-{n}" for n in range(1000, 1050)] + [f"{n}" for n in range(50)], 0),
        (["DE", "FR"] * 40 + ["Italy"], 1),
        (["Berlin", "Hamburg", "Frankfurt"] * 20 + ["Bad Homburg"], 0),
    ],
)
def test_texts_off_the_shape_of_nearly_all(values: list[str], count: int) -> None:
    assert column(values).off_shape_count == count


def test_dates_have_a_cadence_and_birth_dates_have_none() -> None:
    days = [(dt.date(2024, 1, 1) + dt.timedelta(n)).isoformat() for n in range(30)]

    found = column(days, "day").cadence

    assert found is not None
    assert found.name == "daily"
    assert column(days, "date_of_birth").cadence is None

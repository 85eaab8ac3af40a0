import pytest

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile, Records, ValueCount
from ai_data_engineer.spec.spec import Expectation
from ai_data_engineer.specifying.expectations import expectations_for, key_as_delivered
from ai_data_engineer.types import LogicalType


def profile(*columns: ColumnProfile, rows: int = 100, total: int | None = None) -> FileProfile:
    return FileProfile(
        uri="t.csv", name="t", format="csv", size_bytes=1, bytes_read=1, digest="0" * 64,
        records=Records(read=rows, total=total or rows, total_is_exact=True), columns=columns,
    )  # fmt: skip


def column(name: str, kind: str, **facts: object) -> ColumnProfile:
    given = {"nullable": False, "null_count": 0, "distinct_count": 50, **facts}
    return ColumnProfile(name=name, source_name=name, type=LogicalType.parse(kind), **given)


def counts(**values: int) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(value=v, count=n) for v, n in values.items())


def of_type(found: list[Expectation], kind: str) -> list[Expectation]:
    return [e for e in found if e.type == f"expect_{kind}"]


def test_a_key_that_the_steps_make_certain_is_critical() -> None:
    found = expectations_for(profile(column("id", "int64")), "step", ["id"], key_is_certain=True)
    assert [(e.type, e.severity) for e in found if "column" in e.kwargs] == [
        ("expect_column_values_to_not_be_null", "critical"),
        ("expect_column_values_to_be_unique", "critical"),
    ]


def test_a_key_by_chance_is_a_warning() -> None:
    found = expectations_for(profile(column("day", "date")), "step", ["day"])
    assert {e.severity for e in found} == {"warning"}


def test_a_key_of_several_columns_is_judged_together() -> None:
    rows = profile(column("a", "int64"), column("b", "int64"))
    found = of_type(expectations_for(rows, "step", ["a", "b"]), "compound_columns_to_be_unique")
    assert [e.kwargs for e in found] == [{"column_list": ["a", "b"]}]


@pytest.mark.parametrize(
    ("nulls", "mostly"), [(0, 0.95), (10, 0.75), (20, 0.55), (30, 0.17), (100, None)]
)
def test_presence_has_room_to_move(nulls: int, mostly: float | None) -> None:
    rows = profile(column("a", "date", null_count=nulls))
    found = of_type(expectations_for(rows, "step"), "column_values_to_not_be_null")
    assert [e.kwargs["mostly"] for e in found] == ([] if mostly is None else [mostly])
    assert all(e.severity == "warning" for e in found)


@pytest.mark.parametrize(
    ("name", "low", "high", "bounds"),
    [
        ("amount", 1, 900, (0, 10_000)),
        ("balance", -50, 900, (-10_000, 10_000)),
        ("share", 0, 0.4, (0, 10)),
        ("year", 1970, 2020, (1500, 2200)),
        ("customer_id", 1, 900, None),
    ],
)
def test_ranges_keep_the_sign_and_the_order_of_magnitude(
    name: str, low: float, high: float, bounds: tuple[int, int] | None
) -> None:
    found = expectations_for(profile(column(name, "int64", min=low, max=high)), "step")
    ranges = of_type(found, "column_values_to_be_between")
    given = [(e.kwargs["min_value"], e.kwargs["max_value"]) for e in ranges]
    assert given == ([] if bounds is None else [bounds])


def test_coordinates_have_their_own_ranges() -> None:
    rows = profile(column("lat", "float64", semantic="latitude", min=48.1, max=52.3))
    (found,) = of_type(expectations_for(rows, "step"), "column_values_to_be_between")
    assert (found.kwargs["min_value"], found.kwargs["max_value"]) == (-90, 90)


STATUS = counts(paid=70, open=30)


def test_small_categories_are_a_set_that_may_grow() -> None:
    rows = profile(column("status", "string", top_values=STATUS, distinct_count=2))
    (found,) = of_type(expectations_for(rows, "step"), "column_values_to_be_in_set")
    assert found.kwargs == {"column": "status", "value_set": ["open", "paid"], "mostly": 0.9}
    assert found.severity == "warning"


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "employee_name"},
        {"name": "manager"},
        {"pii": "name"},
        {"semantic": "name"},
        {"top_values": counts(**{"a@b.example": 70, "c@d.example": 30})},
        {"top_values": counts(**{"0151 2345678": 70, "0151 8765432": 30})},
        {"top_values": counts(paid=60, open=30)},
        {"top_values": counts(**{f"v{i}": 1 for i in range(10)})},
    ],
)
def test_no_set_holds_what_may_be_personal_or_is_not_the_whole(facts: dict[str, object]) -> None:
    given = {"top_values": STATUS, "distinct_count": 2, **facts}
    name = str(given.pop("name", "status"))
    found = expectations_for(profile(column(name, "string", **given)), "step")
    assert of_type(found, "column_values_to_be_in_set") == []


def test_no_expectation_holds_a_value_of_a_person() -> None:
    rows = profile(
        column("email", "string", pii="email", semantic="email", top_values=counts(ann=60, bob=40)),
        column("salary", "int64", pii="credential", min=52_311, max=52_311),
    )
    text = " ".join(e.to_json() for e in expectations_for(rows, "step"))
    assert not any(value in text for value in ("ann", "bob", "52311"))


@pytest.mark.parametrize(
    ("shape", "regex"),
    [
        ("AA-9999", "^[A-Z]+-[0-9]+$"),
        ("a+9", "^[a-z]+[0-9]+$"),
        ("999.99", "^[0-9]+[.][0-9]+$"),
        ("A9^[9]", "^[A-Z]+[0-9]+\\^\\[[0-9]+\\]$"),
        ("aaa", None),
        ("9999", None),
    ],
)
def test_codes_of_one_shape_keep_it(shape: str, regex: str | None) -> None:
    rows = profile(column("code", "string", shapes=(ValueCount(value=shape, count=100),)))
    found = of_type(expectations_for(rows, "step"), "column_values_to_match_regex")
    assert [e.kwargs["regex"] for e in found] == ([] if regex is None else [regex])


def test_few_rows_prove_nothing() -> None:
    rows = profile(
        column("amount", "int64", min=1, max=2),
        column("status", "string", top_values=counts(a=6, b=4), min_length=1, max_length=1),
        rows=10,
    )
    kinds = {e.type for e in expectations_for(rows, "step")}
    assert kinds == {"expect_column_values_to_not_be_null"}


def test_an_empty_file_promises_nothing() -> None:
    assert expectations_for(profile(column("a", "string"), rows=0), "step") == []


def test_a_part_of_the_records_allows_one_digit_more() -> None:
    rows = profile(column("amount", "int64", min=1, max=900), total=5000)
    (found,) = of_type(expectations_for(rows, "step"), "column_values_to_be_between")
    assert (found.kwargs["min_value"], found.kwargs["max_value"]) == (0, 100_000)


@pytest.mark.parametrize(
    ("grouped", "total", "sets"), [(True, 5000, 0), (True, 100, 1), (False, 5000, 1)]
)
def test_categories_that_stand_together_may_go_on_behind_the_sample(
    grouped: bool, total: int, sets: int
) -> None:
    status = column("status", "string", top_values=STATUS, distinct_count=2, is_grouped=grouped)
    found = expectations_for(profile(status, total=total), "step")
    assert len(of_type(found, "column_values_to_be_in_set")) == sets


@pytest.mark.parametrize(("distinct", "rules"), [(3, 0), (50, 1)])
def test_few_values_have_a_form_in_common_by_chance(distinct: int, rules: int) -> None:
    shapes = (ValueCount(value="AA-999", count=100),)
    lengths = {"min_length": 6, "max_length": 6, "distinct_count": distinct}
    by_shape = expectations_for(profile(column("code", "string", shapes=shapes, **lengths)), "step")
    assert len(of_type(by_shape, "column_values_to_match_regex")) == rules
    by_length = expectations_for(profile(column("code", "string", **lengths)), "step")
    assert len(of_type(by_length, "column_value_lengths_to_be_between")) == rules


@pytest.mark.parametrize(
    ("facts", "total", "bounds"),
    [
        ({"min": 1, "mean": 20, "std": 5}, None, (4.0, 100.0)),
        ({"min": -9, "mean": 5, "std": 3}, None, (-7.0, 17.0)),
        ({"min": 1, "mean": 20, "std": 5}, 5000, (1.0, 400.0)),
        ({"min": -9, "mean": 5, "std": 3}, 5000, (-19.0, 29.0)),
        ({"min": 1, "mean": 20, "std": 5, "distinct_count": 100}, None, None),
        ({"min": 0, "mean": 0, "std": 0}, None, None),
    ],
)
def test_a_mean_may_shift_but_not_as_far_as_another_unit_would(
    facts: dict[str, float], total: int | None, bounds: tuple[float, float] | None
) -> None:
    rows = profile(column("amount", "int64", max=90, **facts), total=total)
    found = of_type(expectations_for(rows, "step"), "column_mean_to_be_between")
    given = [(e.kwargs["min_value"], e.kwargs["max_value"]) for e in found]
    assert given == ([] if bounds is None else [bounds])


@pytest.mark.parametrize(("total", "bounds"), [(100, (10, 1000)), (10_000, (50, 100_000))])
def test_the_number_of_rows_may_grow_tenfold_and_need_not_fill_more_than_a_sample(
    total: int, bounds: tuple[int, int]
) -> None:
    found = expectations_for(profile(column("a", "string"), total=total), "step")
    (rows,) = of_type(found, "table_row_count_to_be_between")
    assert (rows.kwargs["min_value"], rows.kwargs["max_value"]) == bounds
    assert rows.severity == "warning"


@pytest.mark.parametrize(("repeated", "mostly"), [(0, None), (1, 0.91), (50, 0.5)])
def test_a_key_as_delivered_repeats_about_as_often_as_it_did(
    repeated: int, mostly: float | None
) -> None:
    rows = profile(column("id", "int64"))
    rows = rows.model_copy(
        update={"records": rows.records.model_copy(update={"duplicate": repeated})}
    )
    (found,) = key_as_delivered(rows, "orders", ["id"])
    assert (found.on, found.severity, found.kwargs.get("mostly")) == ("orders", "warning", mostly)

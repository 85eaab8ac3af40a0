import datetime as dt
from decimal import Decimal

import jsonschema
import polars as pl
import pytest

from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.profiling.table import ColumnSource, TableProfile, profile_table
from ai_data_engineer.profiling.warning_codes import WARNINGS
from ai_data_engineer.types import LogicalType


def profile(rows: pl.DataFrame, *sources: ColumnSource) -> TableProfile:
    return profile_table(rows, sources or [ColumnSource(name, name) for name in rows.columns])


def column(name: str, values: list[str | None]) -> ColumnProfile:
    return profile(pl.DataFrame({name: values}, schema={name: pl.String})).columns[0]


def test_figures_of_numbers() -> None:
    found = column("size", ["1", "2", "3", "4", "NA", None, "2"])

    assert (found.null_count, found.nullable, found.distinct_count) == (2, True, 4)
    assert (found.min, found.max, found.mean) == (1, 4, 2.4)
    assert found.std == pytest.approx(1.140175)
    assert found.quantiles == pytest.approx(
        {"0.01": 1.04, "0.05": 1.2, "0.25": 2, "0.5": 2, "0.75": 3, "0.95": 3.8, "0.99": 3.96}
    )
    assert found.skew == pytest.approx(0.2715454)
    assert [(v.value, v.count) for v in found.top_values] == [(2, 2)]
    assert sum(b.count for b in found.histogram) == 5
    assert (found.histogram[0].low, found.histogram[-1].high) == (1.0, 4.0)


@pytest.mark.parametrize(
    ("texts", "ends"),
    [
        (["1970-01-02", "1970-01-04", "1970-01-04"], (86_400, 3 * 86_400)),
        (["1970-01-01T00:00:30Z", "1970-01-01T00:01:00Z"], (30, 60)),
        (["01:00:00", "12:00:00", "13:30:00"], (3_600, 48_600)),
    ],
)
def test_dates_and_times_have_a_histogram_in_seconds(
    texts: list[str], ends: tuple[float, float]
) -> None:
    found = column("at", texts)

    assert sum(b.count for b in found.histogram) == len(texts)
    assert (found.histogram[0].low, found.histogram[-1].high) == ends


def test_figures_of_text() -> None:
    found = column("code", ["AB-1", "AB-2", "ABCDEF-3", " AB-1 "])

    assert (found.min_length, found.max_length, found.distinct_count) == (4, 8, 3)
    assert [(s.value, s.count) for s in found.shapes] == [("AA-9", 3), ("A+-9", 1)]
    assert [(v.value, v.count) for v in found.top_values] == [("AB-1", 2)]


@pytest.mark.parametrize(
    ("name", "values", "low", "high"),
    [
        ("d", ["05.01.2024", "31.12.2023"], "2023-12-31", "2024-01-05"),
        ("t", ["2024-01-05T10:00:00+02:00"], "2024-01-05T08:00:00Z", "2024-01-05T08:00:00Z"),
        ("price", ["$1.50", "$10.00"], "1.50", "10.00"),
        ("opens", ["9:30", "18:00"], "09:30:00", "18:00:00"),
    ],
)
def test_ranges_are_written_as_json_can(name: str, values: list[str], low: str, high: str) -> None:
    found = column(name, [*values])

    assert (found.min, found.max) == (low, high)


def test_values_that_are_not_of_the_type_are_counted() -> None:
    found = column("n", ["7"] * 99 + ["seven"])

    assert (str(found.type), found.unparsed_count, found.null_count) == ("int64", 1, 0)
    assert found.support == 0.99
    assert found.nullable


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (["12 kg", "3 kg"], "kg"),
        (["12.5%", "3%"], "%"),
        (["$12", "$3"], "$"),
        (["12,50\u00a0€", "3,00\u00a0€"], "€"),
        (["12", "3"], None),
        (["12 kg", "3 lb"], None),
    ],
)
def test_the_unit_of_numbers_is_kept(values: list[str | None], unit: str | None) -> None:
    assert column("n", values).unit == unit


@pytest.mark.parametrize(
    ("name", "other", "form"),
    [
        ("a decimal comma", ["1,5", "2,25"], "%d/%m/%Y"),
        ("a decimal point", ["1.5", "2.25"], "%m/%d/%Y"),
        ("months in German", ["5. Mai 2024", "6. März 2024"], "%d/%m/%Y"),
        ("dates that are clear", ["31/01/2024", "01/02/2024"], "%d/%m/%Y"),
        ("dates that are clear", ["01/31/2024", "02/01/2024"], "%m/%d/%Y"),
    ],
)
def test_ambiguous_dates_follow_the_custom_of_the_table(
    name: str, other: list[str], form: str
) -> None:
    rows = pl.DataFrame({"day": ["03/04/2024", "01/02/2024"], "other": other})

    found = profile(rows)

    assert found.columns[0].parse.date_format == form, name
    assert any(w.code == "W_AMBIGUOUS_DATE" for w in found.warnings)


def test_columns_that_are_empty_constant_or_padded_are_warned_of() -> None:
    rows = pl.DataFrame({"a": [None, ""], "b": ["x", "x"], "c": [" y", "z"]})

    codes = {(w.code, w.column) for w in profile(rows).warnings}

    assert {("W_EMPTY_COLUMN", "a"), ("W_CONSTANT_COLUMN", "b"), ("W_WHITESPACE", "c")} <= codes
    assert {code for code, _ in codes} <= set(WARNINGS)


def test_repeated_records_are_counted_once_trimmed() -> None:
    rows = pl.DataFrame({"a": ["1", "1 ", "2", "1"], "b": [["x"], ["x"], ["x"], ["x"]]})
    table = profile(rows)

    assert table.duplicate_records == 2
    assert "W_DUPLICATE_ROWS" in [w.code for w in table.warnings]


def test_marks_and_null_tokens_of_the_table() -> None:
    rows = pl.DataFrame({"a": ["1.234,5", "NA"], "b": ["1.234", "2.345"], "c": ["-", "3,5"]})
    table = profile(rows)

    assert (table.decimal_mark, table.thousands_mark) == (",", ".")
    assert table.null_tokens == ("", "NA", "-")
    assert [str(c.type) for c in table.columns] == ["float64", "int64", "float64"]


def test_native_types_are_kept() -> None:
    rows = pl.DataFrame(
        {
            "small": pl.Series([1, None], dtype=pl.Int8),
            "money": [Decimal("1.50"), Decimal("2.25")],
            "day": [dt.date(2024, 1, 5), None],
            "seen": [dt.datetime(2024, 1, 5), dt.datetime(2024, 1, 6)],
            "ok": [True, False],
            "digits": ["007", ""],
            "tags": [["a"], ["a", "b"]],
            "kind": pl.Series(["a", "b"], dtype=pl.Categorical),
            "nothing": [None, None],
            "ratio": [float("nan"), float("inf")],
        }
    )
    table = profile(rows, *(ColumnSource(n, n, is_native=True) for n in rows.columns))
    found = {c.name: c for c in table.columns}

    assert [str(c.type) for c in table.columns] == [
        "int64", "decimal(38,2)", "date", "datetime", "boolean", "string", "list<string>",
        "string", "string", "float64",
    ]  # fmt: skip
    assert {c.name for c in table.columns if c.nullable} == {
        "small", "day", "digits", "nothing", "ratio",
    }  # fmt: skip
    assert (found["money"].min, found["seen"].max) == ("1.50", "2024-01-06T00:00:00Z")
    assert found["tags"].distinct_count == 2


def test_no_records_still_have_columns() -> None:
    table = profile(pl.DataFrame({"a": []}, schema={"a": pl.String}))

    assert (str(table.columns[0].type), table.duplicate_records) == ("string", 0)
    assert table.candidate_keys == ()


def test_profiles_survive_json() -> None:
    found = column("price", ["$1.50", "$10.00", "NA"])

    assert ColumnProfile.from_json(found.to_json()) == found


def test_the_record_schema_follows_the_paths() -> None:
    rows = pl.DataFrame(
        {"id": ["1", "2"], "address_city": ["Rome", None], "tags": [["a"], None], "day": ["2024-01-05"] * 2}
    )  # fmt: skip
    schema = profile(
        rows,
        ColumnSource("id", "id", ("id",), frozenset({"integer"})),
        ColumnSource("address_city", "address.city", ("address", "city"), frozenset({"string"})),
        ColumnSource("tags", "tags", ("tags",)),
        ColumnSource("day", "day", ("day",), frozenset({"string"})),
    ).record_schema

    jsonschema.Draft202012Validator.check_schema(schema)
    valid = {"id": 1, "address": {"city": None}, "tags": ["a"], "day": "2024-01-05"}
    jsonschema.validate(valid, schema)
    with pytest.raises(jsonschema.ValidationError, match="integer"):
        jsonschema.validate({**valid, "id": "x"}, schema)
    with pytest.raises(jsonschema.ValidationError, match="required"):
        jsonschema.validate({"address": {}}, schema)
    assert schema["properties"]["address"]["properties"]["city"] == {"type": ["string", "null"]}
    assert schema["properties"]["day"] == {"type": "string", "format": "date"}


def test_every_dtype_has_a_place_in_the_schema() -> None:
    rows = pl.DataFrame({"s": [{"a": 1, "b": [1.5]}], "raw": [b"x"], "t": [dt.time(9)]})

    properties = profile(rows).record_schema["properties"]

    assert properties["s"]["properties"]["b"]["type"] == ["array", "null"]
    assert properties["raw"] == {"type": "string", "contentEncoding": "base64"}
    assert properties["t"] == {"type": "string", "format": "time"}
    assert str(LogicalType.from_polars(rows.schema["s"])) == "struct<a: int64, b: list<float64>>"


@pytest.mark.parametrize(
    ("values", "grouped"),
    [
        (["a"] * 30 + ["b"] * 30 + ["c"] * 30, True),
        (["a", "b", "c"] * 30, False),
        (["a"] * 90, False),
        ([f"v{i}" for i in range(90)], False),
    ],
)
def test_categories_that_stand_together_are_grouped(values: list[str], grouped: bool) -> None:
    assert column("kind", values).is_grouped is grouped

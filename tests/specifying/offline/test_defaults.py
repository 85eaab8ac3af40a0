from collections.abc import Callable

import pytest

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.offline.defaults import repeats_are_mistakes, row_key

Make = Callable[..., FileProfile]
Planned = Callable[..., PipelineSpec]


def test_without_a_goal_the_key_is_made_unique_and_parquet_written(
    planned: Planned, orders: FileProfile
) -> None:
    spec = planned([orders])
    assert [(s.id, s.op) for s in spec.steps] == [("deduplicate_orders", "deduplicate")]
    assert spec.steps[0].columns == ["order_id"]
    assert [(o.input, o.format, o.path) for o in spec.outputs] == [
        ("deduplicate_orders", "parquet", "orders.parquet")
    ]
    assert spec.schedule is None
    assert spec.trigger is None


def test_text_that_comes_typed_is_trimmed_in_a_step(planned: Planned, orders: FileProfile) -> None:
    typed = orders.model_copy(update={"format": "parquet", "dialect": None})
    step = planned([typed]).steps[0]
    assert (step.id, step.op) == ("clean_orders", "clean_text")
    assert step.columns == ["cust_name", "email", "status", "country", "notes"]


def test_sources_are_read_as_they_were_profiled(planned: Planned, orders: FileProfile) -> None:
    (source,) = planned([orders]).sources
    assert (source.uri, source.format, source.encoding) == ("data/orders.csv", "csv", "utf-8")
    assert [(c.name, c.type, c.parse, c.pii) for c in source.columns] == [
        (c.name, c.type, c.parse, c.pii) for c in orders.columns
    ]


def test_only_the_key_must_be_there(planned: Planned, orders: FileProfile) -> None:
    (source,) = planned([orders]).sources
    assert [c.name for c in source.columns if not c.nullable] == ["order_id"]


@pytest.mark.parametrize(
    ("name", "columns", "key"),
    [
        ("orders", ["order_id: int64 unique", "qty: int64"], "order_id"),
        ("orders", ["id: int64 unique", "order_id: int64 unique"], "id"),
        ("people", ["uuid: string unique", "age: int64"], "uuid"),
        ("stock", ["sku: string unique", "amount: int64"], "sku"),
        ("invoices", ["invoice_no: string unique", "total: float64"], "invoice_no"),
        # Another thing's key, though unique in the sample.
        ("events", ["user_id: int64 unique", "kind: string distinct=3"], None),
        ("sales", ["amount: float64", "sku: string unique", "code: string unique"], None),
        # Unique, but a measure or a person's.
        ("cars", ["weight: int64 unique"], None),
        ("people", ["email: string unique pii=email"], None),
        # A key by name that repeats or is missing somewhere.
        ("orders", ["order_id: int64 distinct=40"], None),
        ("orders", ["order_id: int64 distinct=99 nulls=1"], None),
    ],
)
def test_a_key_has_both_the_name_and_the_values_of_one(
    make: Make, name: str, columns: list[str], key: str | None
) -> None:
    assert row_key(make(name, *columns, rows=100, total=5000)) == key


def test_a_key_that_repeats_only_in_rows_that_repeat_whole_is_a_key(make: Make) -> None:
    profile = make("orders", "order_id: int64 distinct=97", "qty: int64", duplicate=3)
    assert row_key(profile) == "order_id"


def test_another_things_key_is_taken_where_every_record_was_read(make: Make) -> None:
    profile = make("profiles", "user_id: int64 unique", "age: int64")
    assert row_key(profile) == "user_id"


@pytest.mark.parametrize(
    ("columns", "facts", "mistakes"),
    [
        (["a: int64 distinct=5"], {"keys": (("a", "b"),)}, True),
        (["name: string distinct=95", "age: int64 distinct=9"], {"duplicate": 5}, True),
        ([f"c{i}: float64 distinct=90" for i in range(6)], {"duplicate": 2}, True),
        (["petal: float64 distinct=20", "leaf: float64 distinct=30"], {"duplicate": 2}, False),
        (["side: string distinct=2", "result: int64 distinct=6"], {"duplicate": 80}, False),
        # Without the repeats, any single column differs from row to row; so does half of a pair.
        (["day: date distinct=95"], {"duplicate": 5}, False),
        (["code: string distinct=30", "name: string distinct=30"], {"duplicate": 70}, False),
    ],
)
def test_equal_rows_are_mistakes_only_where_they_cannot_be_chance(
    make: Make, columns: list[str], facts: dict[str, object], mistakes: bool
) -> None:
    assert repeats_are_mistakes(make("t", *columns, **facts)) is mistakes


def test_measurements_that_happen_to_be_equal_are_kept_and_that_is_said(
    planned: Planned, make: Make
) -> None:
    profile = make("iris", "petal: float64 distinct=20", "leaf: float64 distinct=30", duplicate=3)
    spec = planned([profile])
    assert spec.steps == []
    assert spec.outputs[0].input == "iris"
    assert any("say `remove duplicates` to remove them" in a for a in spec.assumptions)


def test_whole_rows_are_compared_where_no_key_is_certain(planned: Planned, make: Make) -> None:
    profile = make(
        "stays", "guest_id: int64", "night: date", total=9000, keys=(("guest_id", "night"),)
    )
    (step,) = planned([profile]).steps
    assert (step.op, step.columns) == ("deduplicate", None)


def test_rows_with_lists_are_not_compared(planned: Planned, make: Make) -> None:
    profile = make("posts", "title: string distinct=90", "tags: list<string>", duplicate=2)
    assert planned([profile]).steps == []


def test_usual_markers_count_as_missing_where_only_the_first_records_were_read(
    planned: Planned, make: Make
) -> None:
    columns = ["id: int64 unique", "price: float64", "day: date", "note: string", "paid: boolean"]
    spec = planned([make("orders", *columns, total=5000)])
    marked = [c.name for c in spec.sources[0].columns if "nil" in c.parse.null_tokens]
    assert marked == ["id", "price", "day", "paid"]
    assert any("only the first 100 records were looked at" in a for a in spec.assumptions)
    whole = planned([make("orders", *columns)])
    assert {c.parse.null_tokens for c in whole.sources[0].columns} == {("",)}
    assert not any("looked at" in a for a in whole.assumptions)


def test_a_marker_that_means_no_stays_a_truth_value(planned: Planned, make: Make) -> None:
    profile = make("visits", "id: int64 unique", "seen: boolean", total=5000)
    seen = profile.columns[1].model_copy(
        update={"parse": Parse(true_tokens=("x",), false_tokens=("-",))}
    )
    spec = planned([profile.model_copy(update={"columns": (profile.columns[0], seen)})])
    assert "-" in spec.sources[0].columns[0].parse.null_tokens
    assert "-" not in spec.sources[0].columns[1].parse.null_tokens


def test_what_is_unique_among_the_first_records_is_no_key_yet(planned: Planned, make: Make) -> None:
    def unique(total: int | None) -> list[object]:
        columns = ["day: date unique", "open: float64"]
        spec = planned([make("prices", *columns, total=total, keys=(("day",),))])
        return [e.kwargs for e in spec.expectations if e.type.endswith("be_unique")]

    assert unique(None) == [{"column": "day"}]
    assert unique(5000) == []

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ai_data_engineer.errors import SpecError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.offline import plan

Planned = Callable[..., PipelineSpec]
StepsOf = Callable[[PipelineSpec], list[str]]

FRAGMENTS = (
    "keep only", "drop", "remove", "rename", "order id", "amount", "customer name", "email", "to",
    "client", "over 100", "is", "paid", "or", "and", "not", "without", "missing", "after", "2024-01-01",
    "in 2023", "between", "10", "total", "average", "number of", "orders", "by", "per", "month", "country",
    "top 10", "top 3", "sort by", "descending", "first 5 rows", "deduplicate", "on", "keeping the latest",
    "mask", "hash", "personal data", "as csv", "partitioned by", "join", "with", "customers", "append",
    "both files", "every day at 3am", "hourly", "cron 0 3 * * *", "when a file arrives", "then", ",", ".",
    ";", "\n", "(", ")", "\"x'y\"", "100%", "$5k", ">=", "group by", "unique", "fill missing", "with 0",
    "upsert on", "lowercase", "q1 2024", "31.02.2024", "99:99", "every 7 minutes", "- ", "2.", "with more than 3",
)  # fmt: skip


def test_the_whole_of_a_wish_is_met_in_a_sensible_order(
    planned: Planned, orders: FileProfile, steps_of: StepsOf
) -> None:
    goal = (
        "Keep paid and shipped orders over 100 EUR since January 2024, total the amount per customer "
        "and month, sort by month, write it to csv every day at 6am Berlin time"
    )
    spec = planned([orders], goal)
    assert [s.id for s in spec.steps] == [
        "deduplicate_orders",
        "filter_orders",
        "orders_by_customer_id_and_month",
        "sort_orders_by_customer_id_and_month",
    ]
    assert steps_of(spec)[0] == (
        "filter status IN ('paid', 'shipped') AND amount > 100 AND order_date >= DATE '2024-01-01'"
    )
    assert spec.description == goal


@pytest.mark.parametrize(
    ("goal", "steps"),
    [
        (
            "total amount by customer, keep paid orders",
            ["filter status = 'paid'", "by customer_id: total_amount = sum(amount)"],
        ),
        (
            "top 5 by amount then keep paid orders",
            ["top 5 amount", "filter status = 'paid'"],
        ),
        (
            "total amount by customer, then customers over 1000",
            ["by customer_id: total_amount = sum(amount)", "filter total_amount > 1000"],
        ),
        (
            "first filter paid orders. Then sum amount by country. Finally sort by total amount",
            [
                "filter status = 'paid'",
                "by country: total_amount = sum(amount)",
                "sort total_amount",
            ],
        ),
        (
            "1. keep paid orders\n2. total amount per country\n3. save as csv",
            ["filter status = 'paid'", "by country: total_amount = sum(amount)"],
        ),
        ("- drop notes\n- mask emails\n", ["mask email (email)", "drop notes"]),
        ("fill missing amount with 0 and drop notes", ["fill {'amount': 0}", "drop notes"]),
        ("fill missing qty with the median", ["fill ['qty'] median"]),
        ("make all emails lowercase", ["lower case email"]),
    ],
)
def test_then_orders_what_otherwise_goes_in_a_sensible_order(
    steps_for: Callable[[str], list[str]], goal: str, steps: list[str]
) -> None:
    assert steps_for(goal) == steps


@pytest.mark.parametrize(
    ("goal", "clauses"),
    [
        ("make it sparkle and email me the result", ["make it sparkle", "email me the result"]),
        ("predict churn", ["predict churn"]),
        ("translate the notes to French, keep paid orders", ["translate the notes to French"]),
        ("clean the data and remove outliers", ["remove outliers"]),
        ("drop the colour column", ["drop the colour column"]),
        ("sort by profit", ["sort by profit"]),
        ("write it to postgres", ["write it to postgres"]),
        ("数据清洗", ["数据清洗"]),
    ],
)
def test_what_is_not_understood_is_quoted(
    planned: Planned,
    orders: FileProfile,
    left_over: Callable[[PipelineSpec], list[str]],
    goal: str,
    clauses: list[str],
) -> None:
    assert left_over(planned([orders], goal)) == [f"“{clause}”." for clause in clauses]


def test_every_step_says_which_words_it_comes_from(planned: Planned, orders: FileProfile) -> None:
    spec = planned([orders], "please keep paid orders, amount over 100 and drop the notes")
    assert [s.note for s in spec.steps[1:]] == [
        "Goal: “keep paid orders”; Goal: “amount over 100”",
        "Goal: “drop the notes”",
    ]
    assert spec.assumptions[:3] == [
        "Understood “keep paid orders”: keeps the rows where status = 'paid'.",
        "Understood “amount over 100”: keeps the rows where amount > 100.",
        "Understood “drop the notes”: drops `notes`.",
    ]


def test_the_same_words_give_the_same_spec(orders: FileProfile, customers: FileProfile) -> None:
    goal = "join orders with customers, total amount by city and month, as csv, weekly"
    first, again = plan([orders, customers], goal), plan([orders, customers], goal)
    assert first.to_json() == again.to_json()


def test_no_source_and_no_columns_are_refused(make: Callable[..., FileProfile]) -> None:
    with pytest.raises(SpecError, match="no source"):
        plan([])
    with pytest.raises(SpecError, match="no columns"):
        plan([make("empty")])


def test_two_files_of_one_name_keep_apart(planned: Planned, orders: FileProfile) -> None:
    spec = planned([orders, orders], "as csv")
    assert [s.id for s in spec.sources] == ["orders", "orders_2"]
    assert [o.path for o in spec.outputs] == ["orders.csv", "orders_2.csv"]


def test_a_source_named_like_a_python_keyword_makes_a_valid_spec(
    planned: Planned, make: Callable[..., FileProfile]
) -> None:
    spec = planned([make("class", "id: int64 unique", "name: string")], "sort by name")
    assert spec.sources[0].id == "class_rows"


def test_a_very_long_goal_is_read_in_part_and_says_so(
    planned: Planned, orders: FileProfile
) -> None:
    spec = planned([orders], "keep paid orders. " + "blah " * 5000)
    assert any("everything behind the first 10000 characters" in a for a in spec.assumptions)


GOALS = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(" ".join),
)


@given(GOALS, st.booleans())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example("top 10 by", False)
@example("rename amount to amount", False)
@example("partition by month then drop order date", False)
def test_any_text_gives_a_valid_spec(
    planned: Planned, orders: FileProfile, customers: FileProfile, goal: str, both: bool
) -> None:
    spec = planned([orders, customers] if both else [orders], goal)
    assert PipelineSpec.from_json(spec.to_json()) == spec


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=8).map(" ".join))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_wish_is_met_or_said_not_to_be(
    planned: Planned, orders: FileProfile, goal: str
) -> None:
    spec = planned([orders], f"{goal} and flibber the gibbet")
    quoted = " ".join(a for a in spec.assumptions if a.startswith(("Understood", "Not understood")))
    assert "flibber the gibbet" in quoted

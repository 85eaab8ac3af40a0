from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec

Steps = Callable[[str], list[str]]
Planned = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("goal", "steps"),
    [
        ("sort by cust name", ["sort cust_name"]),
        ("sort by amount descending", ["sort amount desc"]),
        ("sort descending by amount", ["sort amount desc"]),
        ("sort by amount from high to low", ["sort amount desc"]),
        ("order by amount desc, order_date", ["sort amount desc, order_date"]),
        ("sort by country then by amount descending", ["sort country, amount desc"]),
        ("sorted alphabetically by customer name", ["sort cust_name"]),
        ("newest first", ["sort order_date desc"]),
        ("orders sorted by date", ["sort order_date"]),
        ("orders with the highest amount first", ["sort amount desc"]),
        ("first 100 rows", ["limit 100"]),
        ("only the first ten rows", ["limit 10"]),
        ("limit to 50 rows", ["limit 50"]),
        ("sort by amount and keep the first 5 rows", ["sort amount", "limit 5"]),
        ("top 10 orders by amount", ["top 10 amount"]),
        ("top 3 orders per country by amount", ["top 3 amount per country"]),
        ("show me the 5 largest orders", ["top 5 amount"]),
        (
            "top 3 orders per year by amount",
            ["derive year = EXTRACT(YEAR FROM order_date)", "top 3 amount per year"],
        ),
        ("list the 20 most recent orders", ["top 20 order_date"]),
        ("20 oldest orders", ["bottom 20 order_date"]),
        ("lowest 5 amounts", ["bottom 5 amount"]),
        ("top 10 paid orders by amount", ["filter status = 'paid'", "top 10 amount"]),
        (
            "top 10 customers by amount",
            ["by customer_id: total_amount = sum(amount)", "top 10 total_amount"],
        ),
        (
            "top 3 countries by average amount",
            ["by country: average_amount = mean(amount)", "top 3 average_amount"],
        ),
        (
            "bottom 3 countries by number of orders",
            ["by country: order_count = count()", "bottom 3 order_count"],
        ),
        (
            "top 3 customers per country by amount",
            [
                "by country, customer_id: total_amount = sum(amount)",
                "top 3 total_amount per country",
            ],
        ),
        (
            "total amount by customer, top 10",
            ["by customer_id: total_amount = sum(amount)", "top 10 total_amount"],
        ),
        (
            "total amount by month, sorted by month",
            ["by month(order_date): total_amount = sum(amount)", "sort month"],
        ),
        (
            "total amount by country sorted by total amount descending",
            ["by country: total_amount = sum(amount)", "sort total_amount desc"],
        ),
        (
            "total amount by country sorted by total_amount",
            ["by country: total_amount = sum(amount)", "sort total_amount"],
        ),
        (
            "average amount by month, newest first",
            ["by month(order_date): average_amount = mean(amount)", "sort month desc"],
        ),
    ],
)
def test_order_and_number_of_rows_are_read(steps_for: Steps, goal: str, steps: list[str]) -> None:
    assert steps_for(goal) == steps


def test_adding_up_before_the_best_are_taken_is_said(planned: Planned, orders: FileProfile) -> None:
    spec = planned([orders], "top 10 customers by amount")
    assert any("after adding up `amount` to `total_amount`" in a for a in spec.assumptions)


def test_the_best_rows_are_taken_as_they_are_where_each_is_its_own_thing(
    planned: Planned,
    make: Callable[..., FileProfile],
    steps_of: Callable[[PipelineSpec], list[str]],
) -> None:
    profile = make("scores", "player: string unique", "points: int64 min=0 max=90 distinct=50")
    assert steps_of(planned([profile], "top 5 players by points")) == ["top 5 points"]


def test_the_best_without_a_measure_are_refused(
    planned: Planned,
    customers: FileProfile,
    left_over: Callable[[PipelineSpec], list[str]],
) -> None:
    assert left_over(planned([customers], "top 5")) == ["“top 5”: it does not say by what."]


def test_a_wish_that_fails_half_way_leaves_nothing_behind(
    planned: Planned, orders: FileProfile
) -> None:
    spec = planned([orders], "total amount by country, sorted by qty, email")
    assert [s.op for s in spec.steps] == ["deduplicate", "aggregate"]


def test_the_first_of_what_is_sorted_are_the_first_rows(
    planned: Callable[..., PipelineSpec], orders: FileProfile
) -> None:
    spec = planned([orders], "sort by amount descending, top 20")
    assert [step.op for step in spec.steps][-2:] == ["sort", "limit"]
    assert spec.steps[-1].model_dump()["n"] == 20

from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec

Steps = Callable[[str], list[str]]
Planned = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("goal", "step"),
    [
        (
            "total amount by customer and month",
            "by customer_id, month(order_date): total_amount = sum(amount)",
        ),
        ("average amount per country", "by country: average_amount = mean(amount)"),
        ("Total Amount by Customer Name", "by cust_name: total_amount = sum(amount)"),
        ("sum amount by country, status", "by country, status: total_amount = sum(amount)"),
        ("count of orders per day", "by day(order_date): order_count = count()"),
        ("how many orders per customer?", "by customer_id: order_count = count()"),
        ("orders by country", "by country: order_count = count()"),
        ("count orders by status and month of updated_at",
         "by status, month(updated_at): order_count = count()"),
        ("weekly count of orders", "by week(order_date): order_count = count()"),
        ("hourly count of orders", "by hour(updated_at): order_count = count()"),
        ("number of paid orders by month",
         "by month(order_date): paid_order_count = count() where status = 'paid'"),
        ("total amount of paid orders per customer",
         "by customer_id: total_paid_amount = sum(amount) where status = 'paid'"),
        ("number of distinct customers by country",
         "by country: distinct_customer_id = count_distinct(customer_id)"),
        ("unique customers per day",
         "by day(order_date): distinct_customer_id = count_distinct(customer_id)"),
        ("min and max of amount by status",
         "by status: min_amount = min(amount), max_amount = max(amount)"),
        ("average, min and max amount per status",
         "by status: average_amount = mean(amount), min_amount = min(amount), "
         "max_amount = max(amount)"),
        ("the sum of amount and qty by country and order month",
         "by country, month(order_date): total_amount = sum(amount), total_qty = sum(qty)"),
        ("total amount and number of orders for each country",
         "by country: total_amount = sum(amount), order_count = count()"),
        ("for each customer show the total amount and the latest order date",
         "by customer_id: total_amount = sum(amount), max_order_date = max(order_date)"),
        ("group by country and sum the amount", "by country: total_amount = sum(amount)"),
        ("group by status", "by status: order_count = count()"),
        ("monthly revenue", "by month(order_date): total_amount = sum(amount)"),
        ("quarterly revenue by status",
         "by quarter(order_date), status: total_amount = sum(amount)"),
        ("median qty by year", "by year(order_date): median_qty = median(qty)"),
        ("maximum order date by customer", "by customer_id: max_order_date = max(order_date)"),
        ("What is the total amount?", "by : total_amount = sum(amount)"),
        ("how many orders are there", "by : order_count = count()"),
        ("total amount by customer, average amount by customer",
         "by customer_id: total_amount = sum(amount), average_amount = mean(amount)"),
    ],
)  # fmt: skip
def test_figures_and_groups_are_read(
    planned: Planned,
    orders: FileProfile,
    steps_of: Callable[[PipelineSpec], list[str]],
    goal: str,
    step: str,
) -> None:
    assert steps_of(planned([orders], goal)) == [step]


def test_a_period_that_is_a_column_is_that_column(
    planned: Planned,
    make: Callable[..., FileProfile],
    steps_of: Callable[[PipelineSpec], list[str]],
) -> None:
    profile = make("sales", "year: int64 distinct=5", "amount: float64", "day: date")
    spec = planned([profile], "total amount by year")
    assert steps_of(spec) == ["by year: total_amount = sum(amount)"]


def test_groups_and_figures_are_named_for_readers(planned: Planned, orders: FileProfile) -> None:
    spec = planned([orders], "total amount by country and month")
    assert spec.steps[-1].id == "orders_by_country_and_month"
    assert spec.outputs[0].path == "orders_by_country_and_month.parquet"
    assert spec.steps[-1].note == "Goal: “total amount by country and month”"


def test_different_groups_are_different_outputs(
    planned: Planned, orders: FileProfile, steps_of: Callable[[PipelineSpec], list[str]]
) -> None:
    spec = planned([orders], "total amount by country and average amount by status")
    assert steps_of(spec) == [
        "by country: total_amount = sum(amount)",
        "by status: average_amount = mean(amount)",
    ]
    assert [o.path for o in spec.outputs] == [
        "orders_by_country.parquet",
        "orders_by_status.parquet",
    ]


def test_filters_come_before_figures_and_limits_on_figures_after(steps_for: Steps) -> None:
    goal = "total amount per customer, only customers with more than 3 orders, only paid orders"
    assert steps_for(goal) == [
        "filter status = 'paid'",
        "by customer_id: total_amount = sum(amount), order_count = count()",
        "filter order_count > 3",
    ]


def test_a_limit_on_figures_brings_its_figure_about(steps_for: Steps) -> None:
    assert steps_for("customers with more than 5 orders") == [
        "by customer_id: order_count = count()",
        "filter order_count > 5",
    ]
    assert steps_for("customers that have more than 3 orders and total amount over 500") == [
        "by customer_id: order_count = count(), total_amount = sum(amount)",
        "filter order_count > 3 AND total_amount > 500",
    ]


def test_numbers_of_things_are_not_added_up(
    planned: Planned, orders: FileProfile, steps_of: Callable[[PipelineSpec], list[str]]
) -> None:
    spec = planned([orders], "customers per country")
    assert steps_of(spec) == ["by country: distinct_customer_id = count_distinct(customer_id)"]


def test_a_figure_of_no_column_is_not_replaced_by_another(
    planned: Planned,
    orders: FileProfile,
    steps_of: Callable[[PipelineSpec], list[str]],
    left_over: Callable[[PipelineSpec], list[str]],
) -> None:
    spec = planned([orders], "average temperature per country")
    assert steps_of(spec) == []
    assert left_over(spec) == ["“average temperature per country”."]


@pytest.mark.parametrize(
    "goal",
    [
        "cumulative amount by month",
        "percentage of amount by country",
        "rolling average of amount over 7 days",
        "pivot amount by country",
        "add a column profit = amount - qty",
        "growth of total amount by month",
    ],
)
def test_words_that_change_the_sense_leave_the_whole_to_the_person(
    planned: Planned,
    orders: FileProfile,
    steps_of: Callable[[PipelineSpec], list[str]],
    left_over: Callable[[PipelineSpec], list[str]],
    goal: str,
) -> None:
    spec = planned([orders], goal)
    assert (steps_of(spec), left_over(spec)) == ([], [f"“{goal}”."])


def test_sales_are_an_amount_where_there_is_one(
    planned: Planned,
    make: Callable[..., FileProfile],
    steps_of: Callable[[PipelineSpec], list[str]],
) -> None:
    profile = make("sales", "region: string N=50 S=50", "total: float64 min=0 max=9")
    assert steps_of(planned([profile], "sales by region")) == ["by region: total = sum(total)"]
    assert steps_of(planned([profile], "number of sales by region")) == [
        "by region: sale_count = count()"
    ]


def test_a_column_whose_name_begins_like_a_figure_is_a_column(
    planned: Planned,
    make: Callable[..., FileProfile],
    steps_of: Callable[[PipelineSpec], list[str]],
) -> None:
    profile = make("visits", "first_seen: date", "site: string")
    assert steps_of(planned([profile], "first seen after 2024")) == [
        "filter first_seen >= DATE '2025-01-01'"
    ]


def test_the_groups_key_is_expected_to_be_unique(planned: Planned, orders: FileProfile) -> None:
    spec = planned([orders], "total amount by country and month")
    kwargs = [
        e.kwargs for e in spec.expectations if e.type == "expect_compound_columns_to_be_unique"
    ]
    assert kwargs == [{"column_list": ["country", "month"]}]

from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec

Steps = Callable[[str], list[str]]
Planned = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("goal", "where"),
    [
        ("amount over 100", "amount > 100"),
        ("amount is more than ten", "amount > 10"),
        ("amount > 100", "amount > 100"),
        ("amount<5", "amount < 5"),
        ("amount at least 50", "amount >= 50"),
        ("amount is 50 or more", "amount >= 50"),
        ("amount no more than 1,200.50", "amount <= 1200.5"),
        ("amount over $1k", "amount > 1000"),
        ("qty is exactly 2", "qty = 2"),
        ("orders with more than 3 qty", "qty > 3"),
        ("amount between 10 and 20", "amount >= 10 AND amount <= 20"),
        ("amount not between 5 and 10", "amount < 5 OR amount > 10 OR amount IS NULL"),
        ("amount from 10 to 20", "amount >= 10 AND amount <= 20"),
        ("amount >= 10 and < 100", "amount >= 10 AND amount < 100"),
        ("qty below 2 or above 5", "qty < 2 OR qty > 5"),
        ("I want only orders above 250 euros from France", "amount > 250 AND country = 'France'"),
        ("status is paid", "status = 'paid'"),
        ("status = 'on hold'", "status = 'on hold'"),
        ("status is paid or shipped", "status IN ('paid', 'shipped')"),
        ("status in (paid, shipped)", "status IN ('paid', 'shipped')"),
        ("STATUS IS PAID", "status = 'paid'"),
        ("country is germany", "country = 'Germany'"),
        ("country is New Zealand", "country = 'New Zealand'"),
        ("keep orders from Germany or France", "country IN ('Germany', 'France')"),
        ("from the united states", "country = 'United States'"),
        ("only paid orders", "status = 'paid'"),
        ("paid only", "status = 'paid'"),
        ("exclude France", "country <> 'France' OR country IS NULL"),
        ("only shipped or paid orders", "status IN ('shipped', 'paid')"),
        ("only gifts", "is_gift = TRUE"),
        ("is gift is true", "is_gift = TRUE"),
        ("country contains united", "CONTAINS(LOWER(country), 'united')"),
        ("customer name starts with Mc", "STARTS_WITH(LOWER(cust_name), 'mc')"),
        ("email ends with example.com", "ENDS_WITH(LOWER(email), 'example.com')"),
        ('notes contain "very late"', "CONTAINS(LOWER(notes), 'very late')"),
        ("without missing email", "email IS NOT NULL"),
        ("rows where email is not empty", "email IS NOT NULL"),
        ("drop rows where customer name is null", "cust_name IS NOT NULL"),
        ("keep only rows with a customer name", "cust_name IS NOT NULL"),
        ("orders without email", "email IS NULL"),
        ("orders where email is missing", "email IS NULL"),
        (
            "remove rows with missing email and missing amount",
            "email IS NOT NULL AND amount IS NOT NULL",
        ),
        ("amount over 100 and status is paid", "amount > 100 AND status = 'paid'"),
        (
            "country is France or amount over 10 and status is paid",
            "country = 'France' OR (amount > 10 AND status = 'paid')",
        ),
        (
            "amount over 100 and (status is paid or country is France)",
            "amount > 100 AND (status = 'paid' OR country = 'France')",
        ),
        ("paid orders, amount over 100", "status = 'paid' AND amount > 100"),
    ],
)
def test_conditions_are_read(steps_for: Steps, goal: str, where: str) -> None:
    assert steps_for(goal) == [f"filter {where}"]


@pytest.mark.parametrize(
    ("goal", "where"),
    [
        ("remove cancelled orders", "status <> 'Cancelled' OR status IS NULL"),
        ("not from Germany", "country <> 'Germany' OR country IS NULL"),
        ("status isn't paid", "status <> 'paid' OR status IS NULL"),
        ("exclude orders where amount < 5", "amount >= 5 OR amount IS NULL"),
        (
            "remove rows where qty is below 2 or above 5",
            "(qty >= 2 OR qty IS NULL) AND (qty <= 5 OR qty IS NULL)",
        ),
        ("status is not paid or shipped", "status NOT IN ('paid', 'shipped') OR status IS NULL"),
        (
            "status is neither paid nor shipped",
            "status NOT IN ('paid', 'shipped') OR status IS NULL",
        ),
        (
            "name doesn't contain test",
            "NOT CONTAINS(LOWER(cust_name), 'test') OR cust_name IS NULL",
        ),
        (
            "remove cancelled orders and orders under 5",
            "(status <> 'Cancelled' OR status IS NULL) AND (amount >= 5 OR amount IS NULL)",
        ),
        ("without gifts", "is_gift <> TRUE OR is_gift IS NULL"),
    ],
)
def test_what_is_removed_by_value_leaves_rows_without_a_value(
    steps_for: Steps, goal: str, where: str
) -> None:
    assert steps_for(goal) == [f"filter {where}"]


@pytest.mark.parametrize(
    ("goal", "where"),
    [
        ("after 2024-01-01", "order_date >= DATE '2024-01-02'"),
        ("since 2024-01-01", "order_date >= DATE '2024-01-01'"),
        ("after 31.12.2023", "order_date >= DATE '2024-01-01'"),
        ("orders older than 2023-06-01", "order_date < DATE '2023-06-01'"),
        ("delete orders older than 2023", "order_date >= DATE '2023-01-01' OR order_date IS NULL"),
        ("after 2023", "order_date >= DATE '2024-01-01'"),
        ("order date before June 2023", "order_date < DATE '2023-06-01'"),
        ("until March 2024", "order_date < DATE '2024-04-01'"),
        ("orders on 2024-02-29", "order_date = DATE '2024-02-29'"),
        ("in 2023", "order_date >= DATE '2023-01-01' AND order_date < DATE '2024-01-01'"),
        ("in Q4 2023", "order_date >= DATE '2023-10-01' AND order_date < DATE '2024-01-01'"),
        (
            "orders from March 2024",
            "order_date >= DATE '2024-03-01' AND order_date < DATE '2024-04-01'",
        ),
        (
            "between 2024-01-01 and 2024-03-31",
            "order_date >= DATE '2024-01-01' AND order_date < DATE '2024-04-01'",
        ),
        ("orders placed in January", "EXTRACT(MONTH FROM order_date) = 1"),
        (
            "orders not in 2023",
            "order_date < DATE '2023-01-01' OR order_date >= DATE '2024-01-01' "
            "OR order_date IS NULL",
        ),
        ("updated since 2024-05-01 12:00", "updated_at >= TIMESTAMP '2024-05-01 12:00:00'"),
        ("updated at after 2024-05-01", "updated_at >= TIMESTAMP '2024-05-02 00:00:00'"),
        (
            "updated at before 2023 or after 2024",
            "updated_at < TIMESTAMP '2023-01-01 00:00:00' "
            "OR updated_at >= TIMESTAMP '2025-01-01 00:00:00'",
        ),
    ],
)
def test_times_are_read_as_whole_periods(steps_for: Steps, goal: str, where: str) -> None:
    assert steps_for(goal) == [f"filter {where}"]


@pytest.mark.parametrize("goal", ["in the last 30 days", "orders from yesterday", "this year"])
def test_a_time_that_depends_on_the_day_of_the_run_is_refused(
    planned: Planned, orders: FileProfile, left_over: Callable[[PipelineSpec], list[str]], goal: str
) -> None:
    spec = planned([orders], goal)
    assert "a spec means the same on every day that it runs" in left_over(spec)[0]


def test_a_text_with_a_quote_stays_one_text(steps_for: Steps) -> None:
    assert steps_for('customer name is "O\'Neil"') == ["filter cust_name = 'O''Neil'"]


def test_a_number_for_a_text_column_is_compared_as_text(
    planned: Planned,
    make: Callable[..., FileProfile],
    steps_of: Callable[[PipelineSpec], list[str]],
) -> None:
    profile = make("shops", "zip: string distinct=40", "name: string unique")
    assert steps_of(planned([profile], "zip is 01067")) == ["filter zip = '01067'"]


def test_an_order_is_not_asked_of_text(
    planned: Planned, orders: FileProfile, left_over: Callable[[PipelineSpec], list[str]]
) -> None:
    assert left_over(planned([orders], "status over 100")) != []


def test_a_denial_that_was_not_understood_never_turns_into_its_opposite(
    planned: Planned,
    orders: FileProfile,
    steps_of: Callable[[PipelineSpec], list[str]],
    left_over: Callable[[PipelineSpec], list[str]],
) -> None:
    spec = planned([orders], "never amount over 100")
    assert steps_of(spec) == []
    assert left_over(spec) == ["“never amount over 100”."]


def test_a_percentage_of_a_share_is_a_share(
    planned: Planned,
    make: Callable[..., FileProfile],
    steps_of: Callable[[PipelineSpec], list[str]],
) -> None:
    profile = make("campaigns", "click_rate: float64 min=0 max=0.4", "discount: int64 min=0 max=80")
    assert steps_of(planned([profile], "click rate over 10%")) == ["filter click_rate > 0.1"]
    assert steps_of(planned([profile], "discount over 10%")) == ["filter discount > 10"]


def test_columns_with_names_that_sql_reserves_are_quoted(
    planned: Planned,
    make: Callable[..., FileProfile],
    steps_of: Callable[[PipelineSpec], list[str]],
) -> None:
    profile = make("t", "order: int64 min=1 max=9", "group: string a=60 b=40", "select: float64")
    spec = planned([profile], "order over 3 and group is a")
    assert steps_of(spec) == ['filter "order" > 3 AND "group" = \'a\'']

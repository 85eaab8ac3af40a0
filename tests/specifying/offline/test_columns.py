from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec

Steps = Callable[[str], list[str]]
Planned = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("goal", "steps"),
    [
        ("keep only order id, customer name and amount", ["select order_id, cust_name, amount"]),
        ("I only need order id, email", ["select order_id, email"]),
        ("just the ids and amounts", ["select order_id, amount"]),
        ("select order_id, amount, status", ["select order_id, amount, status"]),
        ("Show me only the status and the country.", ["select status, country"]),
        ("keep order id amount", ["select order_id, amount"]),
        ("drop notes", ["drop notes"]),
        ("remove the notes column", ["drop notes"]),
        ("drop columns email and notes", ["drop email, notes"]),
        ("leave out customer name", ["drop cust_name"]),
        ("keep everything except notes and email", ["drop notes, email"]),
        ("everything but the notes please", ["drop notes"]),
        ("rename cust_name to customer_name", ["rename cust_name > customer_name"]),
        ("rename cust_name as customer name", ["rename cust_name > customer_name"]),
        ('rename "cust_name" to "Client Name"', ["rename cust_name > client_name"]),
        ("call qty quantity", ["rename qty > quantity"]),
        (
            "rename qty to quantity and email to contact",
            ["rename qty > quantity, email > contact"],
        ),
        (
            "rename amount to total and sort by total, descending",
            ["rename amount > total", "sort total desc"],
        ),
        (
            "rename cust_name to client, then keep client and amount",
            ["rename cust_name > client", "select client, amount"],
        ),
    ],
)
def test_columns_are_kept_dropped_and_renamed(
    steps_for: Steps, goal: str, steps: list[str]
) -> None:
    assert steps_for(goal) == steps


def test_a_column_that_was_guessed_is_named_among_the_assumptions(
    planned: Planned, orders: FileProfile
) -> None:
    spec = planned([orders], "keep customer name and amount")
    assert any("`customer name` is taken as `cust_name`" in a for a in spec.assumptions)


def test_other_columns_that_would_fit_are_named_too(planned: Planned, orders: FileProfile) -> None:
    spec = planned([orders], "total amount by customer")
    assert any(
        "`customer` is taken as `customer_id` (`cust_name` would fit too)" in a
        for a in spec.assumptions
    )


def test_a_stranger_in_a_list_of_columns_does_not_end_it(
    planned: Planned, orders: FileProfile, steps_of: Callable[[PipelineSpec], list[str]]
) -> None:
    spec = planned([orders], "keep order id, foo and amount")
    assert steps_of(spec) == ["select order_id, amount"]
    assert any("not understood: `foo` names no column" in a for a in spec.assumptions)


def test_a_new_name_that_is_taken_is_refused(
    planned: Planned, orders: FileProfile, left_over: Callable[[PipelineSpec], list[str]]
) -> None:
    spec = planned([orders], "rename qty to amount")
    assert left_over(spec) == ["“rename qty to amount”: there is already a column `amount`."]


@pytest.mark.parametrize("goal", ["show the amount trend", "drop the email subscription"])
def test_a_column_within_a_longer_phrase_is_not_taken(
    planned: Planned,
    orders: FileProfile,
    steps_of: Callable[[PipelineSpec], list[str]],
    left_over: Callable[[PipelineSpec], list[str]],
    goal: str,
) -> None:
    spec = planned([orders], goal)
    assert (steps_of(spec), left_over(spec)) == ([], [f"“{goal}”."])


def test_dropping_every_column_is_refused(
    planned: Planned, make: Callable[..., FileProfile]
) -> None:
    profile = make("points", "x: float64", "y: float64")
    spec = planned([profile], "drop x and y")
    assert any("no column would be left" in a for a in spec.assumptions)

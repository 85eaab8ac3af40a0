from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec

Steps = Callable[[str], list[str]]
Planned = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("goal", "step"),
    [
        ("deduplicate", "order_id, first"),
        ("remove duplicates", "order_id, first"),
        ("get rid of duplicates", "order_id, first"),
        ("unique rows only", "order_id, first"),
        ("remove exact duplicate rows", "rows, first"),
        ("deduplicate on email", "email, first"),
        ("drop duplicate emails", "email, first"),
        ("remove email duplicates", "email, first"),
        ("remove rows with duplicate emails", "email, first"),
        ("dedupe on customer id, keep last", "customer_id, last"),
        ("dedupe by customer id and order date, keep the first", "customer_id, order_date, first"),
        ("drop duplicate rows by customer and status", "customer_id, status, first"),
        (
            "deduplicate on email keeping the latest by updated_at",
            "email, last by updated_at",
        ),
        (
            "deduplicate by email keeping the newest by updated_at",
            "email, last by updated_at",
        ),
        (
            "remove duplicates based on customer_id keeping the earliest",
            "customer_id, first by order_date",
        ),
        ("one row per customer keeping the last", "customer_id, last"),
        ("keep one row per email, the most recent by order date", "email, last by order_date"),
        ("keep the latest record per email by updated at", "email, last by updated_at"),
        ("latest order per customer", "customer_id, last by order_date"),
        ("deduplicate on email keeping the highest amount", "email, last by amount"),
    ],
)
def test_wishes_about_repeated_rows_are_read(steps_for: Steps, goal: str, step: str) -> None:
    assert steps_for(goal) == [f"deduplicate {step}"]


def test_a_wish_takes_the_place_of_the_default(planned: Planned, orders: FileProfile) -> None:
    spec = planned([orders], "deduplicate on order id keeping the latest by updated_at")
    assert [s.op for s in spec.steps] == ["deduplicate"]


def test_a_later_wish_takes_the_place_of_the_default_too(
    planned: Planned, orders: FileProfile
) -> None:
    spec = planned([orders], "keep paid orders, then deduplicate on order id keeping the last")
    assert [s.op for s in spec.steps] == ["filter", "deduplicate"]


def test_duplicates_are_kept_when_that_is_asked_for(planned: Planned, orders: FileProfile) -> None:
    spec = planned([orders], "keep duplicates")
    assert spec.steps == []


def test_the_latest_without_any_date_is_refused(
    planned: Planned, customers: FileProfile, left_over: Callable[[PipelineSpec], list[str]]
) -> None:
    spec = planned([customers], "latest customer per city")
    assert left_over(spec) == [
        "“latest customer per city”: there is no date that tells the latest row."
    ]

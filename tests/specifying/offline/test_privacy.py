from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec

Steps = Callable[[str], list[str]]
Planned = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("goal", "steps"),
    [
        ("mask emails", ["mask email (email)"]),
        ("mask the email and the customer name", ["mask email (email)", "mask cust_name (redact)"]),
        ("hide email", ["mask email (email)"]),
        ("anonymise personal data", ["mask email (email)", "mask cust_name (redact)"]),
        ("redact names", ["mask cust_name (redact)"]),
        ("mask the amount", ["mask amount (null)"]),
        ("hash customer id", ["hash customer_id"]),
        ("hash email, customer id", ["hash customer_id, email"]),
        ("hash all personal data", ["hash cust_name, email"]),
        ("remove personal data", ["drop cust_name, email"]),
        ("get rid of personal information", ["drop cust_name, email"]),
        ("without pii", ["drop cust_name, email"]),
        (
            "drop personal data and keep order id, email and amount",
            ["drop cust_name, email", "select order_id, amount"],
        ),
        (
            "pseudonymise the customer ids and drop the notes",
            ["hash customer_id", "drop notes"],
        ),
        (
            "mask emails and keep only rows with an email",
            ["filter email IS NOT NULL", "mask email (email)"],
        ),
    ],
)
def test_personal_data_is_hidden_as_asked(steps_for: Steps, goal: str, steps: list[str]) -> None:
    assert steps_for(goal) == steps


def test_figures_that_hold_no_personal_data_need_none_removed(
    planned: Planned, orders: FileProfile, steps_of: Callable[[PipelineSpec], list[str]]
) -> None:
    spec = planned([orders], "remove personal data and count orders by country")
    assert steps_of(spec) == ["by country: order_count = count()"]
    assert any("the result holds no such data" in a for a in spec.assumptions)


def test_personal_data_in_clear_is_said(planned: Planned, orders: FileProfile) -> None:
    said = [a for a in planned([orders]).assumptions if a.startswith("Personal data")]
    assert said == [
        "Personal data is written in clear: `cust_name`, `email`; "
        "say `mask personal data` to hide it."
    ]


def test_nothing_is_said_of_personal_data_that_is_hidden(
    planned: Planned, orders: FileProfile
) -> None:
    spec = planned([orders], "mask personal data")
    assert not [a for a in spec.assumptions if a.startswith("Personal data")]


def test_without_personal_data_the_wish_is_refused(
    planned: Planned,
    make: Callable[..., FileProfile],
    left_over: Callable[[PipelineSpec], list[str]],
) -> None:
    spec = planned([make("points", "x: float64", "y: float64")], "mask personal data")
    assert "no column was recognised as such personal data" in left_over(spec)[0]

from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec

Planned = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("goal", "cron", "timezone"),
    [
        ("every day at 3am", "0 3 * * *", "UTC"),
        ("at 5am every day", "0 5 * * *", "UTC"),
        ("every day at 03:30", "30 3 * * *", "UTC"),
        ("daily at 6", "0 6 * * *", "UTC"),
        ("schedule it daily at 7:15 in Europe/Paris", "15 7 * * *", "Europe/Paris"),
        ("hourly", "0 * * * *", "UTC"),
        ("run every hour", "0 * * * *", "UTC"),
        ("every 15 minutes", "*/15 * * * *", "UTC"),
        ("every 2 hours", "0 */2 * * *", "UTC"),
        ("nightly", "0 2 * * *", "UTC"),
        ("run nightly at 23:00 UTC", "0 23 * * *", "UTC"),
        ("every monday at 6:30", "30 6 * * 1", "UTC"),
        ("on mondays and thursdays at 9am", "0 9 * * 1,4", "UTC"),
        ("tuesdays and fridays at 8:00 London time", "0 8 * * 2,5", "Europe/London"),
        ("every friday at noon", "0 12 * * 5", "UTC"),
        ("weekdays at 18:00 Europe/Berlin time", "0 18 * * 1-5", "Europe/Berlin"),
        ("each weekday at 6pm New York time", "0 18 * * 1-5", "America/New_York"),
        ("weekly", "0 0 * * 1", "UTC"),
        ("weekly on sunday at 4am", "0 4 * * 0", "UTC"),
        ("every sunday night", "0 2 * * 0", "UTC"),
        ("monthly on the 1st", "0 0 1 * *", "UTC"),
        ("monthly on the 15th at 4:30", "30 4 15 * *", "UTC"),
        ("run on the first of each month", "0 0 1 * *", "UTC"),
        ("every quarter", "0 0 1 1,4,7,10 *", "UTC"),
        ("cron 0 3 * * *", "0 3 * * *", "UTC"),
        ("cron: */10 8-18 * * 1-5", "*/10 8-18 * * 1-5", "UTC"),
        ("partitioned by status, every day at 3am", "0 3 * * *", "UTC"),
        ("total amount by status, every monday at 6:30", "30 6 * * 1", "UTC"),
    ],
)
def test_schedules_are_read(
    planned: Planned, orders: FileProfile, goal: str, cron: str, timezone: str
) -> None:
    spec = planned([orders], goal)
    assert spec.schedule is not None
    assert (spec.schedule.cron, spec.schedule.timezone) == (cron, timezone)
    assert not any(a.startswith("Not understood") for a in spec.assumptions)


@pytest.mark.parametrize(
    "goal", ["daily totals of amount", "orders per day", "monthly revenue", "orders on mondays", ""]
)
def test_periods_of_figures_are_no_schedules(
    planned: Planned, orders: FileProfile, goal: str
) -> None:
    assert planned([orders], goal).schedule is None


@pytest.mark.parametrize("goal", ["every 7 minutes", "cron 99 3 * * *", "every day at 25:00"])
def test_what_cron_cannot_say_is_left_over(
    planned: Planned,
    orders: FileProfile,
    left_over: Callable[[PipelineSpec], list[str]],
    goal: str,
) -> None:
    assert left_over(planned([orders], goal)) != []


@pytest.mark.parametrize(
    ("goal", "pattern"),
    [
        ("when a file arrives", "data/*.csv"),
        ("run it as soon as new data arrives", "data/*.csv"),
        ("whenever a new file arrives in s3://bucket/incoming", "s3://bucket/incoming/*.csv"),
        ("when a csv file is uploaded to s3://b/in/*.csv", "s3://b/in/*.csv"),
    ],
)
def test_arrivals_are_triggers(
    planned: Planned, orders: FileProfile, goal: str, pattern: str
) -> None:
    spec = planned([orders], goal)
    assert spec.trigger is not None
    assert spec.trigger.pattern == pattern


def test_a_schedule_stands_beside_everything_else(
    planned: Planned, orders: FileProfile, steps_of: Callable[[PipelineSpec], list[str]]
) -> None:
    spec = planned([orders], "monthly total amount by country as csv, daily at 6 Berlin time")
    assert steps_of(spec) == ["by month(order_date), country: total_amount = sum(amount)"]
    assert spec.schedule is not None
    assert spec.schedule.cron == "0 6 * * *"
    assert spec.schedule.timezone == "Europe/Berlin"
    assert spec.outputs[0].format == "csv"

"""A month later the same data come again: what changes by itself passes, what is broken is told."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ai_data_engineer.packaging.trial import try_on_sample
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.rendering.suite import expectations_by_place
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.specifying.offline import plan

JANUARY, FEBRUARY = dt.datetime(2024, 1, 1), dt.datetime(2024, 2, 1)


def orders(month: int) -> pl.DataFrame:
    """A later month: more rows, greater ids, later dates, higher prices, a rare new status."""
    chance, later = random.Random(month), month == 2
    rows, first = (500, 9_700) if not later else (690, 10_200)
    start = FEBRUARY if later else JANUARY
    statuses = ["open", "paid", "sent"] + (["disputed"] if later else [])
    return pl.DataFrame(
        {
            "order_id": list(range(first, first + rows)),
            "customer_id": [chance.randint(1, 900 * month) for _ in range(rows)],
            "status": chance.choices(statuses, [30, 60, 30, 2][: len(statuses)], k=rows),
            "country": chance.choices(["DE", "AT", "CH", "FR"], [60, 20, 15, 5], k=rows),
            "sku": [f"AB-{chance.randint(1000, 9999 * month)}" for _ in range(rows)],
            "quantity": [chance.randint(1, 9 + 3 * month) for _ in range(rows)],
            "amount": [round(chance.lognormvariate(3.4 + 0.2 * month, 1), 2) for _ in range(rows)],
            "margin": [round(chance.gauss(2, 8 + month), 2) for _ in range(rows)],
            "email": [
                f"user{n}@example.org" if chance.random() > 0.02 * month else None
                for n in range(rows)
            ],
            "coupon": [
                f"SAVE{chance.randint(5, 25)}" if chance.random() < 0.3 - 0.05 * month else None
                for _ in range(rows)
            ],
            "ordered_on": [(start + dt.timedelta(days=n * 28 // rows)).date() for n in range(rows)],
        }
    )


def readings(month: int) -> pl.DataFrame:
    """Weather at twelve stations, a thirteenth a month later, and it gets warmer."""
    chance, later = random.Random(month), month == 2
    rows = 600 if not later else 640
    start = FEBRUARY if later else JANUARY
    stations = [f"ST{n:02}" for n in range(1, 13 if not later else 14)]
    return pl.DataFrame(
        {
            "measured_at": [start + dt.timedelta(hours=n) for n in range(rows)],
            "station": [chance.choice(stations) for _ in range(rows)],
            "temperature": [round(chance.gauss(1 + 6 * month, 6), 1) for _ in range(rows)],
            "humidity": [chance.randint(20, 100) for _ in range(rows)],
            "pressure": [
                round(chance.gauss(1010 + 3 * month, 8), 1) if chance.random() > 0.01 else None
                for _ in range(rows)
            ],
            "is_raining": [chance.random() < 0.2 * month for _ in range(rows)],
        }
    )


TABLES: dict[str, Callable[[int], pl.DataFrame]] = {"orders": orders, "readings": readings}
Deliver = Callable[[str, pl.DataFrame], dict[tuple[str, str], bool]]


@pytest.fixture
def deliver(tmp_path: Path) -> Deliver:
    """Return a function that judges a delivery by what was planned for the first one.

    It returns (type without `expect_`, column or else place) → whether all such rules hold.
    """

    def judged(name: str, rows: pl.DataFrame) -> dict[tuple[str, str], bool]:
        path = tmp_path / f"{name}.csv"
        TABLES[name](1).write_csv(path)
        spec = plan([profile_source(str(path))])
        rows.write_csv(path)
        trial = try_on_sample(spec, propagate(spec, Findings()), rows.height)
        holds = {verdict.rule: verdict.success for verdict in trial.expectations}
        verdicts: dict[tuple[str, str], bool] = {}
        for rules in expectations_by_place(spec).values():
            for rule, e in rules:
                about = (e.type.removeprefix("expect_"), e.kwargs.get("column", e.on))
                verdicts[about] = verdicts.get(about, True) and bool(holds[rule])
        return verdicts

    return judged


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("month", [1, 2])
def test_the_same_data_a_month_later_pass(deliver: Deliver, name: str, month: int) -> None:
    verdicts = deliver(name, TABLES[name](month))

    assert len(verdicts) > 8
    assert [rule for rule, holds in verdicts.items() if not holds] == []


def scaled(column: str, factor: float, shift: float = 0) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda rows: rows.with_columns((pl.col(column) * factor + shift).round(2))


def emptied(column: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda rows: rows.with_columns(pl.lit(None, dtype=pl.String).alias(column))


BROKEN: list[tuple[str, Callable[[pl.DataFrame], pl.DataFrame], tuple[str, str]]] = [
    (
        "orders",
        lambda rows: rows.with_columns(pl.col("order_id") // 2),
        ("column_values_to_be_unique", "order_id"),
    ),
    (
        "orders",
        lambda rows: pl.concat([rows, rows.head(3).with_columns(amount=pl.lit(1.0))]),
        ("column_values_to_be_unique", "order_id"),
    ),
    ("orders", scaled("amount", 100), ("column_mean_to_be_between", "amount")),
    ("orders", scaled("amount", 0.01), ("column_mean_to_be_between", "amount")),
    ("orders", emptied("status"), ("column_values_to_not_be_null", "status")),
    ("orders", emptied("email"), ("column_values_to_not_be_null", "email")),
    ("orders", emptied("coupon"), ("column_values_to_not_be_null", "coupon")),
    (
        "orders",
        lambda rows: rows.with_columns(pl.col("status").str.to_uppercase()),
        ("column_values_to_be_in_set", "status"),
    ),
    (
        "orders",
        lambda rows: rows.with_columns(pl.col("sku").str.replace("-", "")),
        ("column_values_to_match_regex", "sku"),
    ),
    (
        "orders",
        lambda rows: rows.head(5),
        ("table_row_count_to_be_between", "deduplicate_orders"),
    ),
    ("orders", lambda rows: rows.head(0), ("table_row_count_to_be_between", "orders_output")),
    ("readings", scaled("temperature", 1.8, 32), ("column_mean_to_be_between", "temperature")),
    ("readings", scaled("pressure", 100), ("column_mean_to_be_between", "pressure")),
    ("readings", emptied("temperature"), ("column_values_to_not_be_null", "temperature")),
]


@pytest.mark.parametrize(
    ("name", "broken", "rule"),
    BROKEN,
    ids=[f"{n}-{number}-{rule[1]}" for number, (n, _, rule) in enumerate(BROKEN)],
)
def test_a_broken_delivery_is_told_by_the_rule_about_it(
    deliver: Deliver,
    name: str,
    broken: Callable[[pl.DataFrame], pl.DataFrame],
    rule: tuple[str, str],
) -> None:
    assert deliver(name, broken(TABLES[name](2)))[rule] is False

from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec

Planned = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("goal", "written"),
    [
        ("", [("orders.parquet", "parquet")]),
        ("as csv", [("orders.csv", "csv")]),
        ("write it to CSV", [("orders.csv", "csv")]),
        ("to ndjson", [("orders.ndjson", "ndjson")]),
        ("save it as json lines", [("orders.ndjson", "ndjson")]),
        ("convert to JSON", [("orders.ndjson", "ndjson")]),
        ("export as csv and parquet", [("orders.csv", "csv"), ("orders.parquet", "parquet")]),
        ("save to results/report.csv", [("results/report.csv", "csv")]),
        ("save as monthly.parquet", [("monthly.parquet", "parquet")]),
        ("total amount by country as csv", [("orders_by_country.csv", "csv")]),
    ],
)
def test_format_and_name_of_what_is_written(
    planned: Planned, orders: FileProfile, goal: str, written: list[tuple[str, str]]
) -> None:
    spec = planned([orders], goal)
    assert [(o.path, o.format) for o in spec.outputs] == written
    assert not any(a.startswith("Not understood") for a in spec.assumptions)


@pytest.mark.parametrize(
    ("goal", "columns"),
    [
        ("write parquet partitioned by country", ["country"]),
        ("as json lines partitioned by country and status", ["country", "status"]),
        ("one file per country", ["country"]),
        ("partition by year of order_date", ["year"]),
        ("partition by month", ["year", "month"]),
        ("partition the output by year and month", ["year", "month"]),
        ("total amount by country and month, partitioned by country", ["country"]),
        ("total amount by country and month, partitioned by month", ["month"]),
        ("total amount by country and month, partitioned by year", ["year"]),
        ("top 3 orders per month by amount, partitioned by month", ["year", "month"]),
        ("partition by day", ["order_date"]),
        ("partition by week of updated at", ["week"]),
    ],
)
def test_partitions(planned: Planned, orders: FileProfile, goal: str, columns: list[str]) -> None:
    (output,) = planned([orders], goal).outputs
    assert output.partition_by == columns
    assert "." not in output.path


def test_months_of_different_years_lie_in_different_folders(
    planned: Planned, orders: FileProfile, steps_of: Callable[[PipelineSpec], list[str]]
) -> None:
    assert steps_of(planned([orders], "partition by month of order date")) == [
        "derive year = EXTRACT(YEAR FROM order_date), month = EXTRACT(MONTH FROM order_date)"
    ]


def test_a_partition_that_the_result_does_not_have_is_refused(
    planned: Planned, orders: FileProfile, left_over: Callable[[PipelineSpec], list[str]]
) -> None:
    spec = planned([orders], "keep order id and amount, partitioned by country")
    assert left_over(spec) == ["“partitioned by country”: `country` cannot be found in the result."]
    assert spec.outputs[0].partition_by == []


@pytest.mark.parametrize(
    ("goal", "mode", "keys"),
    [
        ("append to the existing output", "append", []),
        ("overwrite existing files", "overwrite", []),
        ("upsert on order id", "upsert", ["order_id"]),
    ],
)
def test_modes(
    planned: Planned, orders: FileProfile, goal: str, mode: str, keys: list[str]
) -> None:
    (output,) = planned([orders], goal).outputs
    assert (output.mode, output.keys) == (mode, keys)


@pytest.mark.parametrize("path", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv"])
def test_a_path_that_climbs_out_is_never_written(
    planned: Planned, orders: FileProfile, path: str
) -> None:
    (output,) = planned([orders], f"save to {path}").outputs
    assert output.path == "orders.parquet"

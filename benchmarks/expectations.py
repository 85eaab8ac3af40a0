"""Twenty expectations on a large table: as a rendered project judges, and Great Expectations.

`python -m benchmarks.expectations --rows 10_000_000` writes a Parquet file of orders to a temporary
folder and judges it by the same suite: compiled to polars, streaming from the file, and by Great
Expectations on pandas, each in a process of its own, with the columns as arrow or as pandas' own.
The verdicts must be the same.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.measuring import environment, measure

STATUSES = ["open", "paid", "sent", "returned"]
COUNTRIES = ["AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "IT", "NL", "PL", "PT", "SE"]
COLUMNS = [
    "id", "number", "status", "country", "sku", "email", "quantity", "price", "amount",
    "ordered_on", "sent_on", "updated_at",
]  # fmt: skip
MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
EXPECTATIONS: list[tuple[str, dict[str, Any]]] = [
    ("table_row_count_to_be_between", {"min_value": 1}),
    ("table_columns_to_match_set", {"column_set": COLUMNS}),
    ("column_values_to_not_be_null", {"column": "id"}),
    ("column_values_to_be_unique", {"column": "id"}),
    ("column_values_to_be_unique", {"column": "number"}),
    ("column_values_to_match_regex", {"column": "number", "regex": "^ORD-[0-9]{9}$"}),
    ("column_values_to_be_in_set", {"column": "status", "value_set": STATUSES}),
    ("column_values_to_be_in_set", {"column": "country", "value_set": COUNTRIES, "mostly": 0.95}),
    ("column_value_lengths_to_be_between", {"column": "sku", "min_value": 6, "max_value": 9}),
    ("column_values_to_not_be_null", {"column": "email", "mostly": 0.9}),
    ("column_values_to_match_regex", {"column": "email", "regex": MAIL, "mostly": 0.99}),
    ("column_values_to_be_between", {"column": "quantity", "min_value": 1, "max_value": 12}),
    ("column_values_to_be_between", {"column": "amount", "min_value": 0, "mostly": 0.99}),
    (
        "column_values_to_be_between",
        {"column": "ordered_on", "min_value": "2020-01-01", "max_value": "2029-12-31"},
    ),
    ("column_values_to_be_between", {"column": "updated_at", "min_value": "2020-01-01T00:00:00Z"}),
    (
        "column_pair_values_a_to_be_greater_than_b",
        {"column_A": "sent_on", "column_B": "ordered_on", "or_equal": True},
    ),
    ("column_mean_to_be_between", {"column": "price", "min_value": 1, "max_value": 1000}),
    ("column_stdev_to_be_between", {"column": "price", "max_value": 1000}),
    ("column_median_to_be_between", {"column": "amount", "min_value": 0}),
    ("column_unique_value_count_to_be_between", {"column": "country", "max_value": 14}),
]
"""Type without `expect_`, and kwargs; the last one does not hold."""


Judged = tuple[dict[str, bool], float]
"""Number of a rule → whether it holds; seconds from the file to there, imports aside."""


def write_orders(path: Path, rows: int) -> None:
    """Write a table of orders; their numbers are unique and in no order."""
    i = pl.col("i")

    def pick(values: list[str], factor: int) -> pl.Expr:
        place = (i * factor // 7_919) % len(values)
        return place.replace_strict(list(range(len(values))), values, return_dtype=pl.String)

    day = pl.lit("2024-01-01").str.to_date() + pl.duration(days=i * 365 // rows)
    price = ((i * 7_919) % 100_000) / 100
    table = pl.LazyFrame({"i": pl.int_range(rows, eager=True)}).select(
        id=i * 3 + 1,
        number=pl.format("ORD-{}", ((i * 999_983) % rows).cast(pl.String).str.zfill(9)),
        status=pick(STATUSES, 31),
        country=pl.when(i % 10_007 == 0).then(pl.lit("XX")).otherwise(pick(COUNTRIES, 13)),
        sku=pl.format("SKU{}", (i * 31) % 100_000),
        email=pl.when(i % 50 != 49).then(pl.format("user{}@example.org", (i * 17) % 700_001)),
        quantity=(i * 5) % 12 + 1,
        price=price,
        amount=pl.when(i % 90_001 == 0).then(-price).otherwise(price * ((i * 5) % 12 + 1)),
        ordered_on=day,
        sent_on=pl.when(i % 20 != 0).then(day + pl.duration(days=(i * 7) % 9)),
        updated_at=day.cast(pl.Datetime("us", "UTC")) + pl.duration(seconds=(i * 61) % 86_400),
    )
    table.sink_parquet(path, compression="lz4")


def by_polars(path: Path) -> Judged:
    """Judge as a rendered project does."""
    import datetime as dt

    from ai_data_engineer.rendering.quality import expectation_code
    from ai_data_engineer.rendering.runtime import expectations as runtime
    from ai_data_engineer.rendering.runtime.judging import judge
    from ai_data_engineer.spec.schema import Column, Schema
    from ai_data_engineer.spec.spec import Expectation
    from ai_data_engineer.types import LogicalType

    started = time.monotonic()
    table = pl.scan_parquet(path)
    schema = Schema(
        {n: Column(LogicalType.from_polars(t)) for n, t in table.collect_schema().items()}
    )
    rules = [
        eval(
            expectation_code(
                Expectation(on="orders", type=f"expect_{kind}", kwargs=kwargs), str(n), schema
            ),
            {"pl": pl, "dt": dt, **vars(runtime)},
        )
        for n, (kind, kwargs) in enumerate(EXPECTATIONS)
    ]
    verdicts = {rule.rule: bool(holds) for rule, *_, holds in judge(table, rules)}
    return verdicts, time.monotonic() - started


def by_great_expectations(path: Path, *, arrow: bool) -> Judged:
    """Judge with Great Expectations on pandas, which holds the table in memory."""
    # It imports PySpark wherever there is one, which takes seconds.
    sys.modules["pyspark"] = None  # type: ignore[assignment]
    import great_expectations as gx
    import pandas as pd

    from ai_data_engineer.rendering.suite import suite_kwargs
    from ai_data_engineer.spec.spec import Expectation

    started = time.monotonic()
    frame = pd.read_parquet(path, dtype_backend="pyarrow") if arrow else pd.read_parquet(path)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    suite = gx.ExpectationSuite(
        name="orders",
        expectations=[
            {
                "type": f"expect_{kind}",
                "kwargs": suite_kwargs(
                    Expectation(on="orders", type=f"expect_{kind}", kwargs=kwargs)
                ),
                "meta": {"rule": str(n)},
            }
            for n, (kind, kwargs) in enumerate(EXPECTATIONS)
        ],
    )
    batch = (
        context.data_sources.add_pandas("pandas")
        .add_dataframe_asset("orders")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame})
    )
    results = batch.validate(suite, result_format="BOOLEAN_ONLY").results
    verdicts = {r.expectation_config.meta["rule"]: bool(r.success) for r in results}
    return verdicts, time.monotonic() - started


JUDGES: dict[str, Callable[[Path], Judged]] = {
    "polars": by_polars,
    "GX, arrow columns": lambda path: by_great_expectations(path, arrow=True),
    "GX, pandas columns": lambda path: by_great_expectations(path, arrow=False),
}


def main(rows: int, judges: list[str]) -> None:
    """Write the table, let each judge it, compare the verdicts, print."""
    print(f"{environment('great_expectations', 'pandas', 'pyarrow')}\n")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        path = Path(folder) / "orders.parquet"
        write_orders(path, rows)
        megabytes = path.stat().st_size / 1e6
        print(f"{len(EXPECTATIONS)} expectations on {rows:,} rows ({megabytes:.0f} MB).\n")
        print("| judge | wall s | CPU s | peak MB | judged in s |")
        print("|---|---|---|---|---|")
        verdicts = {}
        for judge in judges:
            answer = Path(folder) / "answer.json"
            command = [
                sys.executable,
                "-m",
                __spec__.name,
                "--judge",
                judge,
                str(path),
                str(answer),
            ]
            ran = measure(command, Path.cwd())
            found = json.loads(answer.read_text())
            verdicts[judge] = found["verdicts"]
            print(
                f"| {judge} | {ran.wall:.1f} | {ran.cpu:.1f} | {ran.peak:.0f} "
                f"| {found['seconds']:.1f} |",
                flush=True,
            )
    for judge, given in verdicts.items():
        if given != verdicts[judges[0]]:
            differ = [n for n in given if given[n] != verdicts[judges[0]][n]]
            raise SystemExit(f"{judge} judges {[EXPECTATIONS[int(n)] for n in differ]} otherwise")


def write_verdicts(name: str, path: Path, answer: Path) -> None:
    """Judge in this process and write the verdicts, and the seconds."""
    verdicts, seconds = JUDGES[name](path)
    answer.write_text(json.dumps({"verdicts": verdicts, "seconds": seconds}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--judges", nargs="+", choices=JUDGES, default=list(JUDGES))
    parser.add_argument("--judge", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.judge:
        name, path, answer = options.judge
        write_verdicts(name, Path(path), Path(answer))
    else:
        main(options.rows, options.judges)

"""How long a spec of thirty steps takes through the three gates, imports aside.

`python -m benchmarks.validation [--runs 20]` validates a spec over `examples/orders.csv` and
`examples/customers.json` that joins, derives, groups and reshapes in 30 steps, many times in one
process, and prints the median and the worst of each gate. The data gate reads and runs the sample.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.specifying.loop import specify_valid
from ai_data_engineer.validating.data_gate import check_data
from ai_data_engineer.validating.rules_gate import check_rules
from ai_data_engineer.validating.schema_gate import check_schema
from benchmarks.measuring import environment

EXAMPLES = Path(__file__).parents[1] / "examples"

CHAIN: list[dict[str, Any]] = [
    {"op": "clean_text", "columns": ["status"], "case": "lower"},
    {"op": "filter", "where": "amount > 0 AND status IS NOT NULL"},
    {"op": "derive", "columns": {"gross": "round(amount * 1.19, 2)"}},
    {"op": "derive", "columns": {"month": "date_trunc('month', order_date)"}},
    {"op": "derive", "columns": {"size": "CASE WHEN amount > 100 THEN 'big' ELSE 'small' END"}},
    {"op": "derive", "columns": {"label": "upper(left(status, 1)) || '-' || size"}},
    {"op": "fill_null", "values": {"label": "none"}},
    {"op": "deduplicate", "columns": ["order_id"]},
    {"op": "sort", "by": [{"column": "order_date"}, {"column": "order_id"}]},
    {
        "op": "window",
        "partition_by": ["customer_id"],
        "order_by": [{"column": "order_date"}],
        "figures": [
            {"name": "running", "function": "cumulative_sum", "column": "amount"},
            {"name": "before", "function": "lag", "column": "amount"},
        ],
    },
    {"op": "derive", "columns": {"growth": "amount - coalesce(before, 0)"}},
    {"op": "map_values", "column": "size", "mapping": {"big": "L", "small": "S"}},
    {"op": "rename", "columns": {"label": "code"}},
    {"op": "derive", "columns": {"year": "year(order_date)"}},
]


def main(runs: int) -> None:
    """Build the spec, validate it, print."""
    document = thirty_steps()
    checked, findings = check_schema(document)
    assert checked is not None, findings
    spec = checked
    schemas, findings = check_rules(spec)
    assert not [f for f in findings if f.severity == "error"], findings
    gates: dict[str, Callable[[], object]] = {
        "schema": lambda: check_schema(document),
        "rules": lambda: check_rules(spec),
        "data": lambda: check_data(spec, schemas),
    }
    print(f"{environment()}\n\n{len(spec.steps)} steps\n")
    print("| gate | median ms | worst ms |")
    print("|---|---|---|")
    totals = [0.0] * runs
    for gate, check in gates.items():
        check()
        times = []
        for run in range(runs):
            started = time.perf_counter()
            check()
            times.append(1000 * (time.perf_counter() - started))
            totals[run] += times[-1]
        print(f"| {gate} | {statistics.median(times):.1f} | {max(times):.1f} |")
    print(f"| all | {statistics.median(totals):.1f} | {max(totals):.1f} |")


def thirty_steps() -> dict[str, Any]:
    """Return the spec: the planner's reading of the sources, then two chains of 14 and a join."""
    uris = [str(EXAMPLES / "orders.csv"), str(EXAMPLES / "customers.json")]
    profiles = [profile_source(uri) for uri in uris]
    spec = specify_valid(profiles, provider="offline")[0].spec.to_dict()
    orders, customers = (source["id"] for source in spec["sources"])
    steps: list[dict[str, Any]] = []
    for branch in ("a", "b"):
        before = orders
        for number, step in enumerate(CHAIN):
            steps.append({"id": f"{branch}_{number}", "inputs": [before], **step})
            before = steps[-1]["id"]
    ends = [f"{branch}_{len(CHAIN) - 1}" for branch in ("a", "b")]
    steps.append({"id": "together", "op": "union", "inputs": ends})
    steps.append(
        {
            "id": "known",
            "op": "join",
            "how": "semi",
            "inputs": ["together", customers],
            "left_on": ["customer_id"],
        }
    )
    outputs = [{"id": "result", "input": "known", "path": "result.parquet"}]
    return {**spec, "steps": steps, "outputs": outputs, "expectations": []}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    main(parser.parse_args().runs)

"""Small profiles, one line a column: `"order_id: int64 unique"`, `"status: string paid=60 open=40"`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile, Records, ValueCount
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.offline import plan
from ai_data_engineer.types import LogicalType
from ai_data_engineer.validating.rules_gate import check_rules

ROWS = 100
SEMANTICS = {"email": "email", "phone": "phone", "name": "name"}


def column(line: str, rows: int = ROWS) -> ColumnProfile:
    """Read `name: type [unique] [nulls=N] [distinct=N] [pii=CLASS] [min=A] [max=B] [value=count …]`."""
    name, _, rest = line.partition(": ")
    kind, *words = rest.split(" ")
    facts = dict(w.split("=", 1) for w in words if "=" in w)
    known = {k: facts.pop(k, None) for k in ("nulls", "distinct", "pii", "min", "max", "lengths")}
    unique = "unique" in words
    values = tuple(ValueCount(value=v.replace("_", " "), count=int(n)) for v, n in facts.items())
    numeric = kind in ("int64", "float64")
    low, high = (
        (float(known[k]) if numeric else known[k]) if known[k] else None for k in ("min", "max")
    )
    lengths = (known["lengths"] or "").split("-") if known["lengths"] else [None, None]
    return ColumnProfile(
        name=name,
        source_name=name,
        type=LogicalType.parse(kind),
        nullable=bool(known["nulls"]),
        null_count=int(known["nulls"] or 0),
        distinct_count=rows if unique else int(known["distinct"] or len(values) or rows // 2),
        top_values=values,
        min=low,
        max=high,
        min_length=int(lengths[0]) if lengths[0] else None,
        max_length=int(lengths[-1]) if lengths[-1] else None,
        pii=known["pii"],  # type: ignore[arg-type]
        semantic=SEMANTICS.get(known["pii"] or ""),  # type: ignore[arg-type]
        is_unique=unique,
        could_be_key=unique,
    )


def make_profile(
    name: str,
    *lines: str,
    rows: int = ROWS,
    total: int | None = None,
    duplicate: int = 0,
    keys: tuple[tuple[str, ...], ...] = (),
) -> FileProfile:
    """Return the profile of a CSV file `<name>.csv`."""
    return FileProfile(
        uri=f"data/{name}.csv",
        name=name,
        format="csv",
        encoding="utf-8",
        size_bytes=10_000,
        bytes_read=10_000,
        digest="0" * 64,
        records=Records(
            read=rows, total=total or rows, total_is_exact=total is None, duplicate=duplicate
        ),
        columns=tuple(column(line, rows) for line in lines),
        candidate_keys=keys,
    )


def checked_plan(profiles: list[FileProfile], goal: str = "") -> PipelineSpec:
    """Plan, and see that the rules find no error in it."""
    spec = plan(profiles, goal)
    errors = [f for f in check_rules(spec)[1] if f.severity == "error"]
    assert not errors
    return spec


def said(step: Any) -> str:
    """Write a step in a line, as a test states it."""
    match step.op:
        case "select" | "drop" | "hash":
            return f"{step.op} {', '.join(step.columns)}"
        case "rename":
            return "rename " + ", ".join(f"{old} > {new}" for old, new in step.columns.items())
        case "filter":
            return f"filter {step.where}"
        case "mask":
            return f"mask {', '.join(step.columns)} ({step.method})"
        case "deduplicate":
            order = f" by {step.order_by[0].column}" if step.order_by else ""
            return f"deduplicate {', '.join(step.columns or ['rows'])}, {step.keep}{order}"
        case "sort":
            keys = (f"{k.column} desc" if k.descending else k.column for k in step.by)
            return f"sort {', '.join(keys)}"
        case "limit":
            return f"limit {step.n}"
        case "top_n":
            per = f" per {', '.join(step.partition_by)}" if step.partition_by else ""
            return f"{'top' if step.descending else 'bottom'} {step.n} {', '.join(step.by)}{per}"
        case "aggregate":
            keys = (k if isinstance(k, str) else f"{k.every}({k.column})" for k in step.group_by)
            figures = (
                f"{f.name} = {f.function}({f.column or ''})"
                + (f" where {f.where}" if f.where else "")
                for f in step.figures
            )
            return f"by {', '.join(keys)}: {', '.join(figures)}"
        case "join":
            pairs = zip(step.left_on, step.right_on or step.left_on, strict=True)
            return f"{step.how} join {', '.join(f'{a} = {b}' for a, b in pairs)}"
        case "fill_null":
            return f"fill {step.values or f'{step.columns} {step.method}'}"
        case "clean_text":
            return f"{step.case} case {', '.join(step.columns or [])}"
        case "derive":
            return "derive " + ", ".join(f"{n} = {e}" for n, e in step.columns.items())
        case _:
            return str(step.op)


DEFAULTS = ("Trims text", "One row for each", "A row that repeats")


def wishes(spec: PipelineSpec) -> list[str]:
    """Return the steps that come from the goal, a line each."""
    return [said(step) for step in spec.steps if not step.note.startswith(DEFAULTS)]


def not_understood(spec: PipelineSpec) -> list[str]:
    """Return what the assumptions say was not understood."""
    start = "Not understood: "
    return [a.removeprefix(start) for a in spec.assumptions if a.startswith(start)]


@pytest.fixture
def steps_for(orders: FileProfile) -> Callable[[str], list[str]]:
    """Plan a goal for the orders; everything in it must be understood."""

    def steps(goal: str) -> list[str]:
        spec = checked_plan([orders], goal)
        assert not_understood(spec) == []
        return wishes(spec)

    return steps


@pytest.fixture
def make() -> Callable[..., FileProfile]:
    return make_profile


@pytest.fixture
def planned() -> Callable[..., PipelineSpec]:
    return checked_plan


@pytest.fixture
def steps_of() -> Callable[[PipelineSpec], list[str]]:
    return wishes


@pytest.fixture
def left_over() -> Callable[[PipelineSpec], list[str]]:
    return not_understood


@pytest.fixture
def orders() -> FileProfile:
    return make_profile(
        "orders",
        "order_id: int64 unique",
        "customer_id: int64 distinct=20",
        "cust_name: string distinct=20 pii=name",
        "email: string nulls=5 distinct=30 pii=email",
        "status: string paid=50 shipped=30 Cancelled=15 on_hold=5",
        "country: string Germany=60 France=30 United_States=10",
        "amount: float64 min=1 max=900 distinct=80",
        "qty: int64 min=1 max=9 distinct=9",
        "order_date: date distinct=40",
        "updated_at: datetime distinct=90",
        "is_gift: boolean distinct=2",
        "notes: string nulls=60 distinct=40",
        keys=(("order_id",),),
    )


@pytest.fixture
def customers() -> FileProfile:
    return make_profile(
        "customers",
        "id: int64 unique",
        "name: string unique pii=name",
        "email: string unique pii=email",
        "city: string distinct=10",
        keys=(("id",),),
    )

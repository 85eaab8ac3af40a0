"""Rendered steps and expectations, run on small tables."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from ai_data_engineer.errors import SpecError
from ai_data_engineer.rendering.compiled import Counts, Ran, StepFailed, run_on
from ai_data_engineer.rendering.steps import render_quality, render_steps, step_functions
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.spec.spec import PipelineSpec

COLUMNS = [
    {"name": "id", "type": "int64"},
    {"name": "amount", "type": "string"},
]
ROWS = pl.DataFrame({"id": [1, 2, 2, 3], "amount": ["1.5", "2", "2", "n/a"]})


def spec_of(steps: list[dict[str, Any]], **more: Any) -> PipelineSpec:
    return PipelineSpec.model_validate(
        {
            "name": "orders",
            "sources": [{"id": "raw", "uri": "orders.csv", "format": "csv", "columns": COLUMNS}],
            "steps": steps,
            "outputs": [{"id": "out", "input": steps[-1]["id"], "path": "out.parquet"}],
            **more,
        }
    )


def run(spec: PipelineSpec, rows: pl.DataFrame = ROWS) -> Ran:
    findings = Findings()
    schemas = propagate(spec, findings)
    assert findings.items == []
    return run_on(spec, schemas, {"raw": rows})


CAST = {"id": "typed", "op": "cast", "inputs": ["raw"], "columns": {"amount": "float64"}}
ONCE = {"id": "once", "op": "deduplicate", "inputs": ["typed"], "columns": ["id"]}


def test_rows_are_counted_through_every_step() -> None:
    ran = run(spec_of([CAST, ONCE]))

    assert ran.counts == {"typed": Counts(4, 3, 1, 0), "once": Counts(3, 2, 0, 1)}
    assert ran.tables["once"]["amount"].to_list() == [1.5, 2.0]


def test_rows_set_aside_keep_their_reason() -> None:
    ran = run(spec_of([CAST]))

    assert ran.rejects["typed"]["__reason"].to_list() == ["amount: not a float64"]


def test_steps_may_stand_in_any_order() -> None:
    spec = spec_of([ONCE, CAST], outputs=[{"id": "out", "input": "once", "path": "out.parquet"}])

    assert run(spec).tables["once"].height == 2


def test_a_step_that_fails_is_named_and_its_cells_are_not() -> None:
    with pytest.raises(StepFailed) as raised:
        run(spec_of([{**CAST, "on_error": "fail"}]))

    assert raised.value.step == "typed"
    assert str(raised.value) == (
        "E_STEP step `typed`: A value does not convert (amount: not a float64)."
    )


def test_a_spine_of_too_many_periods_says_so() -> None:
    times = {"id": "times", "op": "parse_date", "columns": ["amount"], "formats": ["%Y-%m"]}
    hours = {"id": "hours", "op": "date_spine", "column": "amount", "every": "hour"}
    steps = [
        {**times, "inputs": ["raw"], "to": "datetime"},
        {**hours, "inputs": ["times"]},
    ]
    rows = pl.DataFrame({"id": [1, 2], "amount": ["0800-01", "2024-01"]})

    with pytest.raises(StepFailed) as raised:
        run(spec_of(steps), rows)

    assert str(raised.value) == "E_STEP step `hours`: There would be more than 10,000,000 periods."


def test_expectations_are_judged_where_they_stand() -> None:
    rules = [
        {"on": "raw", "type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
        {"on": "out", "type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
    ]
    ran = run(spec_of([CAST, ONCE], expectations=rules))

    found = [(r.on, r.success, r.judged, r.unexpected) for r in ran.expectations]
    assert found == [("raw", False, 4, 2), ("out", True, 2, 0)]


@pytest.mark.parametrize("name", ["filter", "pl", "class", "sum"])
def test_a_step_may_have_a_name_that_python_uses(name: str) -> None:
    again = {"id": "again", "op": "deduplicate", "inputs": [name]}

    assert run(spec_of([{**CAST, "id": name}, again])).tables["again"].height == 2


def test_an_input_named_like_an_operators_own_variable_is_told_apart() -> None:
    spec = spec_of([{**CAST, "id": "checked"}, {**CAST, "id": "again", "inputs": ["checked"]}])

    assert run(spec).counts["again"] == Counts(3, 3, 0, 0)


def test_a_source_without_rows_given_is_refused() -> None:
    spec = spec_of([CAST])
    with pytest.raises(SpecError, match="no rows for raw"):
        run_on(spec, propagate(spec, Findings()), {})


HOSTILE = 'x"""\n    import os\n    os.system("true")\n    """ {{ 7 * 7 }} {% raw %} \u202e'


def test_words_of_a_spec_stay_words() -> None:
    note = HOSTILE[:500]
    columns = [{"name": HOSTILE[:200], "type": "string"}, {"name": "id", "type": "int64"}]
    spec = PipelineSpec.model_validate(
        {
            "name": "orders",
            "sources": [{"id": "raw", "uri": HOSTILE, "format": "csv", "columns": columns}],
            "steps": [{"id": "a", "op": "deduplicate", "inputs": ["raw"], "note": note}],
            "outputs": [{"id": "out", "input": "a", "path": "out.parquet"}],
            "expectations": [
                {
                    "on": "a",
                    "type": "expect_column_values_to_be_in_set",
                    "kwargs": {"column": HOSTILE[:200], "value_set": [HOSTILE, "{x}"]},
                    "note": HOSTILE,
                }
            ],
        }
    )
    schemas = propagate(spec, Findings())

    texts = render_steps(step_functions(spec, schemas), "orders") + render_quality(
        spec, schemas, "orders"
    )

    assert "\n    import os" not in texts
    assert "\u202e" not in texts
    ran = run_on(spec, schemas, {"raw": pl.DataFrame({columns[0]["name"]: ["{x}"], "id": [1]})})
    assert ran.expectations[0].success


def test_a_secret_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_SALT", raising=False)
    hashed = {
        "id": "hashed",
        "op": "hash",
        "inputs": ["raw"],
        "columns": ["amount"],
        "salt_env": "NO_SUCH_SALT",
    }
    with pytest.raises(StepFailed, match="NO_SUCH_SALT: Set this environment variable"):
        run(spec_of([hashed]))


def test_values_are_hashed_alike_in_every_run() -> None:
    hashed = {"id": "hashed", "op": "hash", "inputs": ["raw"], "columns": ["amount"]}
    first = run(spec_of([hashed])).tables["hashed"]
    assert first.equals(run(spec_of([hashed])).tables["hashed"])
    assert first["amount"].str.len_chars().to_list() == [64] * 4

"""Which sources tell a delivery: those whose rows go on, not those that are looked up."""

from __future__ import annotations

from typing import Any

import pytest

from ai_data_engineer.packaging.sampling import Sample
from ai_data_engineer.rendering.delivery import delivered_by
from ai_data_engineer.rendering.project import render
from ai_data_engineer.spec.spec import PipelineSpec


def spec(*steps: dict[str, Any]) -> PipelineSpec:
    """Return a spec over `orders` and `more` whose last step is appended."""
    columns = [{"name": "id", "type": "int64"}]
    return PipelineSpec.model_validate(
        {
            "name": "log",
            "sources": [
                {"id": name, "uri": f"{name}.csv", "format": "csv", "columns": columns}
                for name in ("orders", "more")
            ],
            "steps": steps,
            "outputs": [
                {"id": "out", "input": steps[-1]["id"], "path": "out.parquet", "mode": "append"}
            ],
        }
    )


@pytest.mark.parametrize(
    ("step", "sources"),
    [
        ({"op": "union"}, ["orders", "more"]),
        ({"op": "join", "how": "left"}, ["orders"]),
        ({"op": "join", "how": "anti"}, ["orders"]),
        ({"op": "join", "how": "right"}, ["more"]),
        ({"op": "join", "how": "full"}, ["orders", "more"]),
        ({"op": "join", "how": "cross"}, ["orders", "more"]),
        ({"op": "set_difference"}, ["orders"]),
        ({"op": "watermark", "column": "id"}, ["orders"]),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_the_sources_of_a_delivery(step: dict[str, Any], sources: list[str]) -> None:
    keys = {"left_on": ["id"], "right_on": ["id"]} if step["op"] == "join" else {}
    both = {"id": "both", "inputs": ["orders", "more"], **step}
    if step.get("how") != "cross":
        both |= keys
    few = {"id": "few", "op": "limit", "inputs": ["both"], "n": 10}
    built = spec(both, few)

    assert delivered_by(built, built.outputs[0]) == sources


def test_a_file_with_other_names_is_refused_where_the_sample_has_those_of_the_spec() -> None:
    built = spec({"id": "few", "op": "limit", "inputs": ["orders"], "n": 10})
    samples = {"orders": Sample("orders.csv", b"id\n1\n"), "more": Sample("more.csv", b"nr\n1\n")}

    sources = render(built, [], samples=samples)["src/log/sources.py"].decode()

    assert sources.count('header=["id"]') == 1

"""What a model is shown as right is right: each example passes all gates and runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.offline import defaults
from ai_data_engineer.specifying.pivot_names import name_pivots
from ai_data_engineer.specifying.prompt.wire import read_wire
from ai_data_engineer.specifying.prompt.worked_examples import EXAMPLES, SOURCES, Worked
from ai_data_engineer.validating import validate
from tests.projects import project, published, run

FILES = Path(__file__).parents[3] / "examples"
TARGETS = "country,y2023,y2024\nDE,10000,20000\nFR,9000,500\nES,4000,100\n"
Profiled = Callable[[str], FileProfile]


@pytest.fixture(scope="module")
def profiled(tmp_path_factory: pytest.TempPathFactory) -> Profiled:
    targets = tmp_path_factory.mktemp("sources") / "targets.csv"
    targets.write_text(TARGETS)
    files = {
        "orders": FILES / "orders.csv",
        "customers": FILES / "customers.json",
        "targets": targets,
    }
    profiles = {name: profile_source(str(path)) for name, path in files.items()}
    return lambda name: profiles[name]


@pytest.mark.parametrize("source", SOURCES)
def test_the_columns_shown_are_those_of_the_file(profiled: Profiled, source: str) -> None:
    columns = profiled(source).columns
    assert ", ".join(f"{c.name} {c.type}" for c in columns) == SOURCES[source]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.answer["name"])
def test_an_example_passes_all_gates_and_runs(
    profiled: Profiled, example: Worked, tmp_path: Path
) -> None:
    profiles = [profiled(name) for name in example.sources]
    sources = defaults.sources(profiles)
    document, _ = name_pivots(
        {
            **read_wire(json.loads(example.text)),
            "spec_version": "1",
            "sources": [source.to_dict() for source in sources],
        },
        {source.id: p for source, p in zip(sources, profiles, strict=True)},
    )

    report = validate(document)

    assert list(report.findings) == []
    spec = PipelineSpec.model_validate(document)
    told = run(project(spec, tmp_path / "project", profiles), spec, tmp_path / "out", "polars")
    assert told["success"], told
    for rows in published(spec, tmp_path / "out").values():
        assert rows.height > 0


def test_the_examples_show_what_people_ask_for() -> None:
    shown = {step["op"] for example in EXAMPLES for step in example.answer["steps"]}
    assert shown >= {
        "join", "aggregate", "deduplicate", "window", "top_n", "pivot", "unpivot", "derive",
        "filter", "fill_null", "quarantine", "select",
    }  # fmt: skip
    assert all(example.answer["assumptions"] for example in EXAMPLES)


def test_a_duplicate_leaves_its_newest_version(profiled: Profiled, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    header, first, *rest = (FILES / "orders.csv").read_text().splitlines()
    newer = first.replace("2023-07-01", "2023-08-01").replace("shipped", "paid")
    path.write_text("\n".join([header, first, *rest, newer, ""]))
    newest = EXAMPLES[0]
    sources = defaults.sources([profile_source(str(path))])
    document = {**read_wire(newest.answer), "sources": [s.to_dict() for s in sources]}
    document["steps"] = document["steps"][:2]
    document["outputs"] = [{"id": "o", "input": "newest", "path": "o.parquet"}]
    document["expectations"] = []
    spec = PipelineSpec.model_validate(document)

    run(project(spec, tmp_path / "project"), spec, tmp_path / "out", "polars")

    rows = published(spec, tmp_path / "out")["o/."].filter(pl.col("order_id") == 100001)
    assert rows["status"].to_list() == ["paid"]

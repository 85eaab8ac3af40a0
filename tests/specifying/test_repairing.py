"""What a model would write to mend a specification makes a valid one, the first time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.specifying.assembling import Assembly
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.prompt import question
from ai_data_engineer.specifying.provenance import Attempt
from ai_data_engineer.specifying.specify import Task
from ai_data_engineer.validating import validate

Json = dict[str, Any]


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    folder: Path = tmp_path_factory.mktemp("shop")
    orders = [f"{i},{i % 7},{i}.50,{'paid' if i % 2 else 'open'}" for i in range(60)]
    cities = [f"{i},{'Rome' if i % 2 else 'Bern'}" for i in range(7)]
    for name, head, rows in (
        ("orders", "id,customer_id,amount,status", orders),
        ("customers", "customer_id,city", cities),
    ):
        (folder / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n")
    profiles = [profile_source(str(folder / f"{name}.csv")) for name in ("orders", "customers")]
    return Task(profiles, "paid amount by city", Author(provider="gemini", model="m"))


def step(name: str, op: str, *inputs: str, **params: Any) -> Json:
    return {"id": name, "op": op, "inputs": list(inputs), "params": params}


def where(condition: str, takes: str = "orders") -> Json:
    return step("paid", "filter", takes, where=condition)


def join(*inputs: str, name: str = "joined", **params: Any) -> Json:
    params = {"left_on": ["customer_id"], "cardinality": "many_to_one", **params}
    return step(name, "join", *inputs, **params)


def total(takes: str = "joined", column: str = "amount") -> Json:
    figure = {"name": "total", "function": "sum", "column": column}
    return step("by_city", "aggregate", takes, group_by=["city"], figures=[figure])


def ranked(column: str = "total", name: str = "sorted") -> Json:
    return step(name, "sort", "by_city", by=[{"column": column}])


def output(takes: str, name: str = "result", **more: Any) -> Json:
    return {"id": name, "input": takes, "format": "csv", "path": f"{name}.csv", **more}


def rule(on: str, column: str, kind: str = "expect_column_values_to_not_be_null") -> Json:
    return {"on": on, "type": kind, "kwargs": {"column": column}}


def without(item: Json, key: str) -> Json:
    return {k: v for k, v in item.items() if k != key}


PAID, JOINED, TOTAL, SORTED = where("status = 'paid'"), join("paid", "customers"), total(), ranked()
OUTPUT = output("sorted")
GOOD: Json = {"name": "p", "steps": [PAID, JOINED, TOTAL, SORTED], "outputs": [OUTPUT]}
SLIM = step("slim", "select", "paid", columns=["id", "customer_id"])
FIRST_TEN = step("few", "limit", "paid", n=10)
WIDE = step("wide", "pivot", "orders", index=["customer_id"], column="status", value="amount",
            function="sum")  # fmt: skip


def steps(*changed: Json, outputs: tuple[Json, ...] = (OUTPUT,), **more: Any) -> Json:
    return {**GOOD, "steps": list(changed), "outputs": list(outputs), **more}


CASES: dict[str, tuple[Json, Json]] = {
    "a column that is not there": (
        steps(where("state = 'paid'"), JOINED, TOTAL, SORTED),
        {"steps": [PAID]},
    ),
    "a condition on another type": (
        steps(where("status > 5"), JOINED, TOTAL, SORTED),
        {"steps": [PAID]},
    ),
    "a sum of words": (steps(PAID, JOINED, total(column="status"), SORTED), {"steps": [TOTAL]}),
    "a column dropped before, mended where it was dropped": (
        steps(PAID, SLIM, join("slim", "customers"), TOTAL, SORTED),
        {"steps": [step("slim", "select", "paid", columns=["id", "customer_id", "amount"])]},
    ),
    "a column dropped before, mended by another way": (
        steps(PAID, SLIM, join("slim", "customers"), TOTAL, SORTED),
        {"steps": [JOINED], "remove": ["slim"]},
    ),
    "a column dropped before, mended by new steps": (
        steps(PAID, SLIM, join("slim", "customers"), TOTAL, SORTED),
        {
            "steps": [join("paid", "customers", name="all"), total("all")],
            "remove": ["slim", "joined"],
        },
    ),
    "parameters of another operator": (
        steps(PAID, step("joined", "join", "paid", "customers", on=["id"]), TOTAL, SORTED),
        {"steps": [JOINED]},
    ),
    "an operator that is not there": (
        steps(PAID, JOINED, TOTAL, step("sorted", "rank", "by_city", by="total")),
        {"steps": [SORTED]},
    ),
    "an output of a step that is not there": (
        steps(*GOOD["steps"], outputs=(output("final"),)),
        {"outputs": [OUTPUT]},
    ),
    "an output of a step that was forgotten": (steps(PAID, JOINED, TOTAL), {"steps": [SORTED]}),
    "a step that takes one that is not there": (
        steps(PAID, join("piad", "customers"), TOTAL, SORTED),
        {"steps": [JOINED]},
    ),
    "a step that takes one that was forgotten": (steps(JOINED, TOTAL, SORTED), {"steps": [PAID]}),
    "steps in a circle": (
        steps(where("status = 'paid'", "sorted"), JOINED, TOTAL, SORTED),
        {"steps": [PAID]},
    ),
    "two steps of one id": (
        steps(PAID, JOINED, TOTAL, ranked(name="paid"), outputs=(output("paid"),)),
        {"steps": [SORTED], "outputs": [OUTPUT]},
    ),
    "two steps of one id, one after the other": (
        steps(PAID, step("paid", "limit", "paid", n=9), JOINED, TOTAL, SORTED),
        {"steps": [step("few", "limit", "paid", n=9), join("few", "customers")]},
    ),
    "the same step twice": (steps(PAID, PAID, JOINED, TOTAL, SORTED), {"remove": ["paid"]}),
    "a step without its id": (
        steps(PAID, without(JOINED, "id"), TOTAL, SORTED),
        {"steps": [JOINED]},
    ),
    "a text in place of a step": (steps(PAID, "joined", JOINED, TOTAL, SORTED), {"steps": []}),
    "a step that nothing needs goes": (
        steps(PAID, FIRST_TEN, JOINED, TOTAL, SORTED),
        {"steps": [], "remove": ["few"]},
    ),
    "a step that nothing needs is taken by a valid one": (
        steps(PAID, FIRST_TEN, JOINED, TOTAL, SORTED),
        {"steps": [join("few", "customers")]},
    ),
    "a step that nothing needs is taken by the output": (
        steps(*GOOD["steps"], outputs=(output("by_city"),)),
        {"steps": [], "outputs": [OUTPUT]},
    ),
    "a step that nothing needs gets an output": (
        steps(*GOOD["steps"], outputs=(output("by_city"),)),
        {"steps": [], "outputs": [output("sorted", "ranked")]},
    ),
    "a step that goes takes its expectation with it": (
        steps(
            PAID,
            step("few", "limit", "paid", n=-1),
            JOINED,
            TOTAL,
            SORTED,
            expectations=[rule("few", "id")],
        ),
        {"steps": [], "remove": ["few"]},
    ),
    "a step by a better name": (
        steps(where("state = 'paid'"), JOINED, TOTAL, SORTED),
        {
            "steps": [{**PAID, "id": "paid_orders"}, join("paid_orders", "customers")],
            "remove": ["paid"],
        },
    ),
    "a last step by a better name": (
        steps(PAID, JOINED, TOTAL, ranked("sum")),
        {"steps": [ranked(name="ranked")], "outputs": [output("ranked")]},
    ),
    "all steps anew in another order": (
        steps(where("x = 1"), total("paid"), outputs=(output("by_city"),)),
        {"steps": [TOTAL, JOINED, PAID]},
    ),
    "the whole specification anew": (steps(where("x = 1"), JOINED, TOTAL, SORTED), GOOD),
    "an expectation of another column": (
        {**GOOD, "expectations": [rule("result", "sum"), rule("result", "city")]},
        {"steps": [], "expectations": [rule("result", "total")]},
    ),
    "an expectation that is not there": (
        {**GOOD, "expectations": [rule("result", "total", "expect_not_null")]},
        {"steps": [], "expectations": [rule("result", "total")]},
    ),
    "an expectation is given up": (
        {**GOOD, "expectations": [rule("result", "sum")]},
        {"steps": [], "expectations": []},
    ),
    "columns of a pivot by values that were not shown": (
        steps(WIDE, step("many", "filter", "wide", where="done > 1"), outputs=(output("many"),)),
        {"steps": [step("many", "filter", "wide", where="paid > 1")]},
    ),
    "no outputs": (without(GOOD, "outputs"), {"steps": [], "outputs": [OUTPUT]}),
    "an empty list of outputs": ({**GOOD, "outputs": []}, {"steps": [], "outputs": [OUTPUT]}),
    "no steps": (without(GOOD, "steps"), {"steps": GOOD["steps"]}),
    "an output without its id": (
        {**GOOD, "outputs": [without(OUTPUT, "id")]},
        {"steps": [], "outputs": [OUTPUT]},
    ),
    "two outputs in one place": (
        {**GOOD, "outputs": [OUTPUT, output("by_city", "second", path="result.csv")]},
        {"steps": [], "outputs": [output("by_city", "second")]},
    ),
    "a path that leads out": (
        {**GOOD, "outputs": [output("sorted", path="/tmp/x.csv")]},
        {"steps": [], "outputs": [output("sorted", "ranked")]},
    ),
    "a schedule in words": (
        {**GOOD, "schedule": {"cron": "daily"}},
        {"steps": [], "schedule": {"cron": "0 3 * * *"}},
    ),
    "a schedule is given up": (
        {**GOOD, "schedule": {"cron": "daily"}},
        {"steps": [], "schedule": None},
    ),
    "a field that no specification has": ({**GOOD, "comment": "as asked"}, {"steps": []}),
}


@pytest.mark.parametrize(("first", "patch"), CASES.values(), ids=CASES.keys())
def test_one_repair_is_enough(first: Json, patch: Json, task: Task) -> None:
    assembly = Assembly(task.given, task.profiles, task.aliases)
    assembly.take(Attempt(provider="gemini", received=json.dumps(first)))
    wrong = validate(assembly.document(), data=False).errors
    assert wrong, "there is something to be mended"
    shown = question(
        task.sources, task.goal, task.author, repair=assembly.repair(wrong)
    ).question.prompt
    assert all(finding.code in shown for finding in wrong)
    assembly.take(Attempt(provider="gemini", findings=wrong, received=json.dumps(patch)))
    left = validate(assembly.document(), data=False).errors
    assert [str(finding) for finding in left] == []


def test_what_came_of_an_error_is_not_asked_for_anew(task: Task) -> None:
    assembly = Assembly(task.given, task.profiles, task.aliases)
    first = {**GOOD, "outputs": [output("final")]}
    assembly.take(Attempt(provider="gemini", received=json.dumps(first)))
    repair = assembly.repair(validate(assembly.document(), data=False).errors)
    assert [step["id"] for step in repair.kept["steps"]] == ["paid", "joined", "by_city", "sorted"]
    assert list(repair.failing) == ["outputs"]


def test_what_is_valid_stays_although_the_answer_changes_it(task: Task) -> None:
    assembly = Assembly(task.given, task.profiles, task.aliases)
    first = steps(PAID, JOINED, TOTAL, ranked("sum"))
    assembly.take(Attempt(provider="gemini", received=json.dumps(first)))
    wrong = validate(assembly.document(), data=False).errors
    patch = {"steps": [where("status = 'open'"), SORTED]}
    assembly.take(Attempt(provider="gemini", findings=wrong, received=json.dumps(patch)))
    assert assembly.document()["steps"][0]["where"] == "status = 'paid'"

"""How long one specification takes, apart from waiting for the model and imports.

`python -m benchmarks.specifying [--runs 5] [--provider gemini]` has the real SDK ask a loopback
model that answers at once, over CSV files of 10, 100 and 1,000 columns and over three sources: once
with a first answer that is valid, once with one that is mended when asked again. It prints the
median of the whole and of its parts; `rest` is mostly the planner's reading of the sources.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from unittest.mock import patch

from pydantic import SecretStr

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying import loop, specify
from ai_data_engineer.specifying.assembling import Assembly
from benchmarks.faulty_models import server
from benchmarks.measuring import environment

PROVIDERS = ("gemini", "google-genai", "openai")
PARTS: dict[str, tuple[tuple[Any, str], ...]] = {
    "plan": ((specify, "plan"),),
    "prompt": ((specify, "question"), (specify, "_assembly")),
    "ask": ((specify, "ask_together"),),
    "read": ((Assembly, "take"), (Assembly, "take_all"), (Assembly, "document")),
    "validate": ((loop, "validate"),),
}
"""Part → functions whose time it is."""


def main(runs: int, provider: str) -> None:
    """Make the files, specify, print."""
    print(f"{environment()}, {provider}\n")
    print(f"| sources | columns | answers | seconds | {' | '.join(PARTS)} | rest |")
    print("|---" * (5 + len(PARTS)) + "|")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        cases = [[table(Path(folder) / f"wide{n}.csv", n)] for n in (10, 100, 1000)]
        cases.append([table(Path(folder) / f"{name}.csv", 20) for name in ("a", "b", "c")])
        for paths in cases:
            profiles = [profile_source(str(path)) for path in paths]
            for repairs in (0, 1):
                measured = [
                    _run(profiles, provider, repairs, Path(folder)) for _ in range(runs + 1)
                ]
                _print(profiles, repairs, measured[1:])  # the first one imports


def table(path: Path, columns: int) -> Path:
    """Write a CSV file of 200 rows, with an id and columns of five kinds by turns."""
    random = Random(columns)
    kinds: tuple[tuple[str, Callable[[int], object]], ...] = (
        ("amount", lambda row: f"{random.uniform(0, 1000):.2f}"),
        ("state", lambda row: random.choice(["open", "paid", "gone"])),
        ("day", lambda row: f"2025-{random.randint(1, 12):02}-{random.randint(1, 28):02}"),
        ("count", lambda row: random.randint(0, 500)),
        ("label", lambda row: f"{random.choice('ABC')}-{random.randint(1000, 9999)}"),
    )
    chosen = [kinds[number % len(kinds)] for number in range(columns - 1)]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *(f"{name}_{number}" for number, (name, _) in enumerate(chosen))])
        for row in range(200):
            writer.writerow([row, *(make(row) for _, make in chosen)])
    return path


def answer(sources: Sequence[str], wrong: bool) -> dict[str, Any]:
    """Return what the model says: each source tidied, all of them together; or nearly so."""
    steps: list[dict[str, Any]] = []
    for source in sources:
        chain: list[tuple[str, dict[str, Any]]] = [
            ("deduplicate", {"columns": ["id"]}),
            ("clean_text", {"columns": ["state_1"], "case": "lower"}),
            ("filter", {"where": "state_1 = 'paid' AND amount_0 > 0"}),
            ("derive", {"columns": {"month": "date_trunc('month', day_2)"}}),
            ("derive", {"columns": {"gross": "round(amount_0 * 1.19, 2)"}}),
        ]
        before = source
        for number, (op, params) in enumerate(chain):
            step = {"id": f"{source}_{number}", "op": op, "inputs": [before], "params": params}
            steps.append(step)
            before = step["id"]
    if len(sources) > 1:
        ends = [f"{source}_{len(chain) - 1}" for source in sources]
        steps.append({"id": "together", "op": "union", "inputs": ends, "params": {}})
    last = steps[-1]["id"]
    if wrong:
        steps[2]["params"] = {"where": "stat_1 = 'paid'"}
    return {
        "assumptions": ["Paid is what counts."],
        "name": "paid_by_month",
        "steps": steps,
        "outputs": [{"id": "paid", "input": last, "format": "parquet", "path": "paid.parquet"}],
        "expectations": [
            {
                "on": last,
                "type": "expect_column_values_to_not_be_null",
                "kwargs": {"column": "id"},
                "severity": "critical",
            }
        ],
    }


def _run(
    profiles: Sequence[FileProfile], provider: str, repairs: int, home: Path
) -> dict[str, float]:
    """Return the seconds of one specification: of the whole, and of its parts."""
    names = [Path(profile.uri).stem for profile in profiles]
    good, wrong = answer(names, False), answer(names, True)
    replies = [server.says_json(good)]
    if repairs:
        replies = [server.says_json(wrong), server.says_json({"steps": [good["steps"][2]]})]
    with server.model_server(*replies) as model, _watched() as seconds:
        url = model.base_url(provider)
        settings = load_settings(
            home=home,
            gemini_base_url=url,
            openai_base_url=url,
            openai_model="test-model",
            llm_job_tokens=None,
        )
        started = time.perf_counter()
        specified, report = loop.specify_valid(
            profiles,
            "Paid ones by month",
            provider=provider,
            credentials=[SecretStr("key")],
            settings=settings,
            use_cache=False,
        )
        total = time.perf_counter() - started
        if not report.is_valid or len(specified.provenance.attempts) != 1 + repairs:
            raise SystemExit("the answer was not taken")
    return {"seconds": total, **seconds, "rest": total - sum(seconds.values())}


@contextmanager
def _watched() -> Iterator[Counter[str]]:
    """Count the seconds within each part, while the block runs."""
    seconds: Counter[str] = Counter()
    running: list[str] = []

    def watch(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if running:  # within a part that is counted already
                return function(*args, **kwargs)
            running.append(part)
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                seconds[part] += time.perf_counter() - started
                running.pop()

        return watched

    with ExitStack() as stack:
        for part, places in PARTS.items():
            for owner, name in places:
                stack.enter_context(patch.object(owner, name, watch(part, getattr(owner, name))))
        yield seconds


def _print(
    profiles: Sequence[FileProfile], repairs: int, measured: Sequence[dict[str, float]]
) -> None:
    columns = sum(len(profile.columns) for profile in profiles)
    answers = "first is valid" if not repairs else "one repair"
    medians = [
        median(run.get(part, 0.0) for run in measured) for part in ("seconds", *PARTS, "rest")
    ]
    cells = [len(profiles), columns, answers, *(f"{value:.3f}" for value in medians)]
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--provider", choices=PROVIDERS, default="gemini")
    options = parser.parse_args()
    main(options.runs, options.provider)

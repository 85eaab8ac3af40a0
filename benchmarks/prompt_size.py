"""How large a prompt is, and how long it takes to write one.

`python -m benchmarks.prompt_size [--runs 10]` profiles made tables of 10 to 10,000 columns, each
named by two words or numbered, and the sources in `examples/`, and asks about them: a model of a
large context, one of 8,192 tokens and one of 4,096. Tokens are estimated as `prompt.tokens` does.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import tempfile
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.prompt import question
from ai_data_engineer.specifying.prompt.language import brief_system_prompt, system_prompt
from ai_data_engineer.specifying.prompt.tokens import estimate
from benchmarks.measuring import environment

EXAMPLES = Path(__file__).parents[1] / "examples"
GOAL = "Total of net amount by month and customer region, newest first, without duplicates"
CONTEXTS = (200_000, 8_192, 4_096)
COUNTS = (10, 100, 1_000, 10_000)
FIRST = (
    "net", "gross", "customer", "order", "unit", "tax", "store", "supplier", "payment", "delivery",
)  # fmt: skip
SECOND = ("amount", "region", "date", "id", "status", "note", "count", "price", "code", "flag")


def names(count: int, *, numbered: bool) -> list[str]:
    """Return column names: `net_amount`, … and from the 101st on with a third word, or numbers."""
    if numbered:
        return ["order_id", *(f"measure_{n}" for n in range(1, count))]
    thirds = ["", *(f"_{a}{b}" for a, b in product(FIRST, SECOND))]
    spelt = (f"{a}_{b}{third}" for third in thirds for a, b in product(FIRST, SECOND))
    return [name for name, _ in zip(spelt, range(count), strict=False)]


def table(path: Path, columns: Sequence[str], rows: int = 40) -> FileProfile:
    """Write a table with a value of the kind that each name says, and profile it."""
    values = {
        "date": lambda row: f"2024-{row % 12 + 1:02d}-{row % 28 + 1:02d}",
        "id": lambda row: f"A{1000 + row}",
        "region": lambda row: ("north", "south", "west")[row % 3],
        "status": lambda row: ("open", "paid", "")[row % 3],
        "flag": lambda row: ("yes", "no")[row % 2],
        "note": lambda row: "" if row % 4 else "called twice about the invoice",
    }
    kinds = [next((k for k in values if k in name.split("_")), "") for name in columns]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in range(rows):
            writer.writerow(values[k](row) if k else f"{row * 7 + 0.25}" for k in kinds)
    return profile_source(str(path))


def main(runs: int) -> None:
    """Print the language, then a line for each table and context."""
    print(f"{environment()}\n\n| language | characters | tokens |\n|---|---|---|")
    for called, text in (
        ("full", system_prompt()),
        *((f"brief, within {n:,}", brief_system_prompt(GOAL, n)) for n in (3_000, 1_500)),
    ):
        print(f"| {called} | {len(text):,} | {estimate(text):,} |")
    print("\n| sources | context | language | characters of the rest | tokens in all | CPU ms |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for called, profiles in cases(Path(folder)):
            for context in CONTEXTS:
                print(measured(called, profiles, context, runs))


def cases(folder: Path) -> Sequence[tuple[str, list[FileProfile]]]:
    """Return what is asked about, and its profiles."""
    found = [
        (
            f"{count:,} columns{', numbered' if numbered else ''}",
            [table(folder / f"t{count}{numbered}.csv", names(count, numbered=numbered))],
        )
        for numbered, count in product((False, True), COUNTS)
        if not numbered or count >= 1_000
    ]
    examples = [profile_source(str(EXAMPLES / f)) for f in ("orders.csv", "customers.json")]
    three = [*examples, table(folder / "regions.csv", names(30, numbered=False))]
    return [*found, ("three sources", three)]


def measured(called: str, profiles: Sequence[FileProfile], context: int, runs: int) -> str:
    """Return a line of the table."""
    sources = [(profile.name, profile) for profile in profiles]
    author = Author(provider="gemini", context_tokens=context)
    times = []
    for _ in range(runs):
        started = time.process_time()
        asked = question(sources, GOAL, author)
        times.append(1000 * (time.process_time() - started))
    return (
        f"| {called} | {context:,} | {asked.level} | {len(asked.question.prompt):,} "
        f"| {asked.tokens:,} | {statistics.median(times):.0f} |"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    main(parser.parse_args().runs)

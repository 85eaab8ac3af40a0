"""Batch: what its sources are, and what a person sees of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from ai_data_engineer.batching.request import BatchRequest, BatchResult, Outcome
from ai_data_engineer.batching.sources import Named, named
from ai_data_engineer.settings import load_settings
from tasks.redaction import redacted
from tasks.stages import NOT_KEPT, RETRIED

SHOWN = 500
"""Rows of the table; a page of thousands is read by nobody."""


@task(name="list sources", **NOT_KEPT, **RETRIED)
@redacted
def list_sources(request: BatchRequest) -> Named:
    """Return the sources of a batch; raises SourceError for a manifest that is none."""
    return named(request, load_settings())


def summary(result: BatchResult) -> None:
    """Leave `batch` (counts) and `batch-sources` (a table, failures first)."""
    codes = Counter(o.code for o in result.outcomes if o.code)
    create_markdown_artifact(
        "\n".join(
            [
                "# Batch",
                "",
                f"- **Sources:** {result.sources:,}",
                *(
                    f"- **{ending.replace('_', ' ')}:** {n:,}"
                    for ending, n in result.endings.items()
                ),
                f"- **Named more than once:** {result.repeated:,}",
                f"- **Seconds:** {result.seconds:,.0f}",
                *(["", "## Errors", ""] if codes else []),
                *(f"- `{code}`: {number:,}" for code, number in codes.most_common()),
            ]
        ),
        key="batch",
        description="What became of the sources.",
    )
    rows = table(result.outcomes)
    left = result.sources - len(rows)
    create_table_artifact(
        rows,
        key="batch-sources",
        description=f"{left:,} more ended well." if left else "All sources.",
    )


def table(outcomes: Sequence[Outcome]) -> list[dict[str, str]]:
    """Return the rows of the table: failures first, then the slowest; at most SHOWN."""
    ordered = sorted(outcomes, key=lambda o: (o.ending == "done", -o.seconds))
    return [
        {
            "Source": one.source,
            "Outcome": one.ending.replace("_", " "),
            "Code": one.code or "",
            "Bundle": one.bundle or "",
            "Seconds": f"{one.seconds:.1f}",
        }
        for one in ordered[:SHOWN]
    ]

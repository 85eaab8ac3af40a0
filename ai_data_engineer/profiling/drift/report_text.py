"""A drift as a readable table on the terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ai_data_engineer.errors import on_one_line
from ai_data_engineer.profiling.drift.document import SEVERITIES, Drift

_STYLES = {"critical": "bold red", "warning": "yellow", "info": "dim"}


def render_drift(drift: Drift) -> RenderableType:
    """Return the drift for rich to print: a line that sums up, a row for each change."""
    counts = Counter(change.severity for change in drift.changes)
    total = ", ".join(f"{counts[s]} {s}" for s in SEVERITIES if counts[s]) or "nothing has changed"
    names = on_one_line(f"{drift.before} → {drift.after}")
    head = Text.assemble((names, "bold"), "\n", total)
    if not drift.changes:
        return head
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for name in ("severity", "code", "column", "change"):
        table.add_column(name, no_wrap=name != "change", overflow="fold")
    for change in drift.changes:
        table.add_row(
            Text(change.severity, style=_STYLES[change.severity]),
            change.code,
            Text(on_one_line(change.column or "")),
            Text(on_one_line(change.message)),
        )
    return Group(head, table)

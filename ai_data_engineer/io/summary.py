"""`run_report.md`: a run report as a person reads it, on a terminal or as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ai_data_engineer.errors import on_one_line

Row = Mapping[str, object]


def summary(report: Mapping[str, Any]) -> str:
    """Return what a run read, did, judged and wrote, as Markdown that is aligned as plain text.

    `report` is what `run_report.json` holds. A column in which nothing is known is left out.
    """
    outcome = "done" if report["success"] else "failed"
    took = "".join(f", {phase} {seconds:g} s" for phase, seconds in report["durations"].items())
    parts = [
        f"# {report['name']}: {outcome}",
        f"{report['started_at']}, {report['seconds']:g} s on {report['engine']}{took}",
        report.get("error", ""),
        *map(_table, (_sources(report), _steps(report), _rules(report), _outputs(report))),
        *_remarks(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _sources(report: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "source": s["id"],
            "read": s["records"],
            "rejected": s["rejected"],
            "rows": s["rows_out"],
            "seconds": s.get("seconds"),
            "address": s["uri"],
        }
        for s in report["sources"]
    ]


def _steps(report: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "step": s["id"],
            "operator": s["op"],
            "rows in": s["rows_in"],
            "rows out": s["rows_out"],
            "rejected": s["rejected"],
            "removed": s.get("removed"),
            "seconds": s.get("seconds"),
        }
        for s in report["steps"]
    ]


def _rules(report: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "rule": e["rule"],
            "expectation": e["type"],
            "columns": ", ".join(_columns(e["kwargs"])) or None,
            "on": e["on"],
            "severity": e["severity"],
            "outcome": _outcome(e),
            "judged by": f"{e['judged_by']}, {e['judged_on']}",
        }
        for e in report["expectations"]
    ]


def _columns(kwargs: Mapping[str, Any]) -> list[str]:
    single = [kwargs[k] for k in ("column", "column_A", "column_B") if k in kwargs]
    return [*single, *kwargs.get("column_list", [])]


def _outcome(expectation: Mapping[str, Any]) -> str:
    if expectation["success"] is None:
        return "not judged here"
    if expectation["success"]:
        return "holds"
    # A rule about a table or a figure of a column has no values to be counted.
    if "unexpected" in expectation and re.search("_values?_|_unique", expectation["type"]):
        return f"FAILS: {expectation['unexpected']} of {expectation['evaluated']}"
    return "FAILS"


def _outputs(report: Mapping[str, Any]) -> list[Row]:
    return [{"output": o["id"], "rows": o["rows"], "path": o["path"]} for o in report["outputs"]]


def _remarks(report: Mapping[str, Any]) -> Iterable[str]:
    for source in report["sources"]:
        if "unread" in source:
            fields = on_one_line(", ".join(source["unread"]))
            yield f"Warning: {source['id']} has fields that are not read: {fields}."
        if "padded" in source:
            yield f"Warning: {source['padded']} rows of {source['id']} lacked cells at their end."
    for output in report["outputs"]:
        if "appended_before" in output:
            yield (
                f"Nothing was appended to {output['path']}: this delivery was on "
                f"{output['appended_before']}. `--append-again` appends it once more."
            )
    if any(place["rejected"] for place in (*report["sources"], *report["steps"])):
        yield "`rejects.ndjson` holds the rejected rows, each with the reason."
    if any(e["success"] is None for e in report["expectations"]):
        yield "What is not judged here Great Expectations judges on the sample, in `tests/`."


def _table(rows: Sequence[Row]) -> str:
    """Return a Markdown table: columns aligned, numbers to the right."""
    names = [name for name in (rows[0] if rows else ()) if any(r[name] is not None for r in rows)]
    columns = []
    for name in names:
        values = [row[name] for row in rows]
        numbers = all(isinstance(value, int | float) for value in values if value is not None)
        cells = [name, *map(_cell, values)]
        width = max(map(len, cells))
        rule = "-" * (width - 1) + (":" if numbers else "-")
        aligned = [cell.rjust(width) if numbers else cell.ljust(width) for cell in cells]
        columns.append([aligned[0], rule, *aligned[1:]])
    return "\n".join(f"| {' | '.join(line)} |" for line in zip(*columns, strict=True))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "" if value is None else on_one_line(str(value)).replace("|", "\\|")

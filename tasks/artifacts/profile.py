"""The profile of a source: what it is, and what its columns are."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile
from tasks.artifacts import plots
from tasks.artifacts.markdown import code, facts, key, table, text

_SHOWN = 200
"""Columns that are shown; the pictures of thousands would be megabytes in Prefect's database."""


def profile_report(profile: FileProfile) -> None:
    """Leave `profile-<name>`: what the source is and what its columns are, with small charts."""
    total = f"{profile.records.total:,}{'' if profile.records.total_is_exact else ' (estimated)'}"
    read_as = (profile.format, profile.compression, profile.encoding)
    about = {
        "Source": code(profile.uri),
        "Format": ", ".join(dict.fromkeys(n for n in read_as if n and n != "none")),
        "Size": f"{profile.size_bytes:,} bytes",
        "Records": f"{total}, {profile.records.read:,} of them read",
        "Set aside": f"{profile.records.rejected:,} of those read",
        "Columns": f"{len(profile.columns):,}",
        "Keys": ", ".join(" + ".join(key) for key in profile.candidate_keys) or "none found",
    }
    warnings = [f"- `{w.code}` {text(w.message)}" for w in profile.warnings]
    page = code(f"ade profile '{profile.uri}' --html page.html")
    columns = [_column(column, profile.records.read) for column in profile.columns[:_SHOWN]]
    left_out = len(profile.columns) - len(columns)
    create_markdown_artifact(
        "\n".join(
            [
                f"# Profile of {text(profile.name)}",
                "",
                *facts(about),
                "",
                *table(columns),
                *(["", f"… and {left_out:,} columns more."] if left_out else []),
                *(["", "## Warnings", "", *warnings] if warnings else []),
                "",
                f"With values and all charts: {page}",
            ]
        ),
        key=key("profile", profile.name),
        description=f"What was measured of {profile.name}.",
    )


def _column(column: ColumnProfile, records: int) -> dict[str, str]:
    found = column.source_name
    return {
        "Column": column.name + (f" ({found})" if found != column.name else ""),
        "Type": str(column.type),
        "Distribution": plots.distribution(column),
        "Missing": plots.missing(column, records),
        "Unreadable": f"{column.unparsed_count:,}",
        "Distinct": f"{'' if column.distinct_is_exact else '≈ '}{column.distinct_count:,}",
        "Meaning": f"personal: {column.pii}" if column.pii else column.semantic or "",
    }

"""Regular expressions of a spec: RE2's dialect, as polars' engine reads it."""

from __future__ import annotations

import polars as pl


def pattern_problem(pattern: str) -> tuple[str, str] | None:
    """Return what is wrong with a regular expression and the fix; None where it is good."""
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError as error:
        said = [line for line in str(error).splitlines() if line.startswith("error: ")]
        reason = said[0].removeprefix("error: ") if said else "it cannot be read"
        return (
            f"The regular expression is not valid: {reason}.",
            "The dialect is RE2's: no look-around, no back-references.",
        )
    return None


def group_count(pattern: str) -> int:
    """Return how many capture groups a valid pattern has."""
    return len(group_names(pattern))


def group_names(pattern: str) -> list[str]:
    """Return the names of a valid pattern's capture groups; their numbers where they have none."""
    groups = pl.Series([""]).str.extract_groups(pattern).dtype
    assert isinstance(groups, pl.Struct)
    return [field.name for field in groups.fields]

"""Expectations from a profile, with judgement.

What a table's structure promises (its key) is critical. What a sample merely happened to show is a
warning with room to move, so that a second delivery of the same data a month later passes. No
expectation holds a value of a person: sets are taken from small categories only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile, Records
from ai_data_engineer.spec.spec import Expectation
from ai_data_engineer.specifying.column_matching import words_of

ENOUGH_ROWS = 50
"""Below that a regularity may be chance."""
MOST_CATEGORIES = 10
NEARLY_ALL = 0.95
MAY_GROW = 10
"""How many times more, or fewer, rows a later delivery may have."""
MAY_SHIFT = (5, 20)
"""How many times greater, or smaller, a mean may get: units differ by more, months by less.

The second where only a part of the records was read, which may not be like the others.
"""
MAY_SHIFT_SIGNED = (4, 8)
"""The same for quantities with both signs, in standard deviations."""
ENOUGH_VALUES = 10
"""Fewer different values have a form in common by chance."""
_PERSONAL_WORDS = frozenset({
    "name", "person", "people", "employee", "customer", "client", "user", "author", "contact",
    "manager", "owner", "email", "mail", "phone", "address", "street", "birth", "passport", "ssn",
    "salary", "diagnosis", "patient", "student", "driver", "seller", "buyer", "agent",
})  # fmt: skip
_PATTERNS = {
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    "uuid": r"^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$",
    "url": r"^[A-Za-z][A-Za-z0-9+.-]*://\S+$",
    "ip": r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$",
}
_RANGES = {"latitude": (-90, 90), "longitude": (-180, 180)}


def expect(on: str, kind: str, severity: str, note: str = "", **kwargs: Any) -> Expectation:
    """Return an expectation of the type `expect_<kind>`."""
    return Expectation(on=on, type=f"expect_{kind}", kwargs=kwargs, severity=severity, note=note)


def expectations_for(
    profile: FileProfile, on: str, key: Sequence[str] = (), *, key_is_certain: bool = False
) -> list[Expectation]:
    """Return what the rows of a profiled source may be expected to hold, on the step named.

    `key` identifies a row; `key_is_certain` says that the steps before make it so.
    """
    found: list[Expectation] = list(_row_count(profile.records, on))
    if key:
        severity = "critical" if key_is_certain else "warning"
        found.extend(_key(on, key, severity))
    for column in profile.columns:
        found.extend(_column(column, profile.records, on, key))
    return found


def _key(on: str, key: Sequence[str], severity: str) -> Iterator[Expectation]:
    for name in key:
        yield expect(on, "column_values_to_not_be_null", severity, "part of the key", column=name)
    if len(key) == 1:
        yield expect(on, "column_values_to_be_unique", severity, "the key", column=key[0])
    else:
        yield expect(
            on, "compound_columns_to_be_unique", severity, "the key", column_list=list(key)
        )


def key_as_delivered(profile: FileProfile, source: str, key: Sequence[str]) -> list[Expectation]:
    """Return that the key of a source is unique before any step makes it so.

    Repeats are removed, and yet a delivery with more of them than the first had is a broken one.
    """
    share = profile.records.duplicate / max(profile.records.read, 1)
    mostly = {"mostly": round(max(0.5, NEARLY_ALL - 4 * share), 2)} if share else {}
    note = "the key, as delivered"
    if len(key) == 1:
        kwargs: dict[str, Any] = {"column": key[0]}
        return [expect(source, "column_values_to_be_unique", "warning", note, **kwargs, **mostly)]
    kwargs = {"column_list": list(key)}
    return [expect(source, "compound_columns_to_be_unique", "warning", note, **kwargs, **mostly)]


def _row_count(records: Records, on: str) -> Iterator[Expectation]:
    if records.total_is_exact and records.total >= ENOUGH_ROWS:
        yield expect(
            # No more than a sample has, which is judged by the same rules.
            on, "table_row_count_to_be_between", "warning", "about as many rows as so far",
            min_value=min(records.total // MAY_GROW, ENOUGH_ROWS),
            max_value=records.total * MAY_GROW,
        )  # fmt: skip


def _column(
    column: ColumnProfile, records: Records, on: str, key: Sequence[str]
) -> Iterator[Expectation]:
    read = records.read
    present = read - column.null_count
    if column.name not in key and present and (mostly := _presence(column.null_count / read)):
        note = "present so far" if column.null_count else "always present so far"
        yield expect(
            on, "column_values_to_not_be_null", "warning", note, column=column.name, mostly=mostly
        )
    if bounds := _bounds(column, present, key, spare=1 if records.are_all_read else 2):
        low, high, note = bounds
        yield expect(
            on, "column_values_to_be_between", "warning", note,
            column=column.name, min_value=low, max_value=high, mostly=NEARLY_ALL,
        )  # fmt: skip
    if mean := _mean(column, present, key, part=not records.are_all_read):
        low, high = mean
        yield expect(
            on, "column_mean_to_be_between", "warning", "in the unit seen so far",
            column=column.name, min_value=low, max_value=high,
        )  # fmt: skip
    if column.type.name != "string" or present == 0:
        return
    may_go_on = column.is_grouped and not records.are_all_read
    if not may_go_on and (categories := _categories(column, present)) is not None:
        yield expect(
            on, "column_values_to_be_in_set", "warning", "the categories seen so far",
            column=column.name, value_set=categories, mostly=0.9,
        )  # fmt: skip
    elif (pattern := _pattern(column, present)) is not None:
        yield expect(
            on, "column_values_to_match_regex", "warning", "the form of the values",
            column=column.name, regex=pattern, mostly=NEARLY_ALL,
        )  # fmt: skip
    elif (
        present >= ENOUGH_ROWS
        and column.distinct_count >= ENOUGH_VALUES
        and column.max_length
        and column.min_length == column.max_length
    ):
        yield expect(
            on, "column_value_lengths_to_be_between", "warning", "all values are of one length",
            column=column.name, min_value=column.min_length, max_value=column.max_length,
            mostly=NEARLY_ALL,
        )  # fmt: skip


def _bounds(
    column: ColumnProfile, present: int, key: Sequence[str], *, spare: int
) -> tuple[int | float, int | float, str] | None:
    """Return a wide range for a quantity: its sign, and `spare` more digits than were seen."""
    if not column.type.is_numeric or column.name in key or column.semantic == "key":
        return None
    if column.semantic in _RANGES:
        return (*_RANGES[column.semantic], f"a {column.semantic}")
    low, high = _number(column.min), _number(column.max)
    words = words_of(column.name)
    if low is None or high is None or present < ENOUGH_ROWS or column.pii or words[-1:] == ("id",):
        return None
    if "year" in words and column.type.name == "int64" and 1500 <= low <= high <= 2200:
        return 1500, 2200, "a year"
    limit = 10 ** math.ceil(math.log10(max(abs(low), abs(high), 1)) + spare)
    if not math.isfinite(limit) or limit > 10**15:
        return None
    return (0 if low >= 0 else -limit), limit, "the order of magnitude seen so far"


def _presence(missing: float) -> float | None:
    """Return how many values must be there, given the share that was missing."""
    if missing <= 0.2:
        return round(max(0.5, NEARLY_ALL - 2 * missing), 2)
    return round((1 - missing) / 4, 2) or None


def _mean(
    column: ColumnProfile, present: int, key: Sequence[str], *, part: bool
) -> tuple[float, float] | None:
    """Return a wide range for the mean of a quantity: outside, it is likely of another unit."""
    if _bounds(column, present, key, spare=1) is None or column.semantic in _RANGES:
        return None
    mean, deviation, low = _number(column.mean), _number(column.std), _number(column.min)
    counts_on = column.type.name == "int64" and column.distinct_count == present
    if not mean or not deviation or low is None or counts_on or "year" in words_of(column.name):
        return None
    if low >= 0:
        return _plain(mean / MAY_SHIFT[part]), _plain(mean * MAY_SHIFT[part])
    reach = MAY_SHIFT_SIGNED[part] * deviation
    return _plain(mean - reach), _plain(mean + reach)


def _plain(number: float) -> float:
    """Return a number of two digits, which is all that a wide range needs."""
    return float(f"{number:.1e}")


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _categories(column: ColumnProfile, present: int) -> list[str] | None:
    """Return the categories of a column whose values are all known, few and nobody's own."""
    values = [v.value for v in column.top_values if isinstance(v.value, str)]
    complete = sum(v.count for v in column.top_values) == present
    few = 1 < len(values) <= MOST_CATEGORIES and len(values) * 5 <= present
    if not (complete and few and present >= ENOUGH_ROWS) or column.pii:
        return None
    if column.semantic not in (
        None,
        "category",
        "ordinal",
        "country",
        "currency",
        "language",
        "colour",
        "city",
        "region",
        "quarter",
    ):
        return None
    if _PERSONAL_WORDS & set(words_of(column.name)) or any(
        re.search(r"@|\d{5}", v) for v in values
    ):
        return None
    return sorted(values)


def _pattern(column: ColumnProfile, present: int) -> str | None:
    """Return a regular expression for the form that nearly all values have."""
    if column.semantic in _PATTERNS:
        return _PATTERNS[column.semantic]
    enough = present >= ENOUGH_ROWS and column.distinct_count >= ENOUGH_VALUES
    if not enough or len(column.shapes) != 1 or column.semantic == "free_text":
        return None
    shape = column.shapes[0]
    text = str(shape.value)
    if shape.count < present or not re.search(r"\d", text) or not re.search(r"[^\d]", text):
        return None
    return f"^{_regex_of(text)}$"


def _regex_of(shape: str) -> str:
    """Turn a shape such as `AA-9999` into `[A-Z]+-[0-9]+`: numbers grow, letters vary."""
    parts: list[str] = []
    for run in re.findall(r"[aA]\+|a+|A+|9+|.", shape, re.DOTALL):
        kind = {"a": "[a-z]+", "A": "[A-Z]+", "9": "[0-9]+"}.get(run[0])
        escaped = (
            run
            if run.isalnum() or run in "-_ /:#@,"
            else f"[{run}]"
            if run not in "^\\[]"
            else f"\\{run}"
        )
        parts.append(kind or escaped)
    return "".join(parts)

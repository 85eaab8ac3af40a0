"""What is found out about the type of a column."""

from __future__ import annotations

from dataclasses import dataclass

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.dates import DateForm
from ai_data_engineer.profiling.types.numbers import DecimalMark, NumberForm
from ai_data_engineer.types import LogicalType

SUPPORT = 0.97
"""Share of the values that must have a type's form; below 34 values that means all of them."""


@dataclass(frozen=True)
class Custom:
    """What the table's unambiguous columns prove; None where they prove nothing."""

    decimal_mark: DecimalMark | None = None
    day_first: bool | None = None


UNKNOWN = Custom()


@dataclass(frozen=True)
class Inference:
    """A column's type and how its text is read, with the texts that are not null tokens."""

    type: LogicalType
    parse: Parse
    values: Texts
    warnings: tuple[tuple[str, str], ...] = ()
    """Codes and messages."""
    number: NumberForm | None = None
    date: DateForm | None = None


def warned_of_misses(misses: int, kind: LogicalType) -> tuple[tuple[str, str], ...]:
    """Return the warning that so many values are not of the type; nothing for none."""
    if not misses:
        return ()
    return (("W_MIXED_TYPES", f"{misses:,} of the values read are not {_article(kind)}."),)


def _article(kind: LogicalType) -> str:
    return f"{'an' if kind.name[0] in 'aeiou' else 'a'} {kind}"


def allowed_misses(values: Texts) -> int:
    """Return how many of the values need not have the form of the column's type."""
    return int(len(values) * (1 - SUPPORT) + 1e-9)

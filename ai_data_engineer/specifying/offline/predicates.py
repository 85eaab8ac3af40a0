"""Conditions on rows, written as SQL, and negated without losing rows that lack a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot.tokens import Tokenizer

from ai_data_engineer.specifying.offline.vocabulary import Ref

Literal = str | int | float | bool | dt.date | dt.datetime
Resolve = Callable[[Ref], str]
"""From what the goal speaks of to the column's name at the step."""

_RESERVED = frozenset(word for phrase in Tokenizer.KEYWORDS for word in phrase.split())
"""Words that SQL reads as its own somewhere; `ORDER` is one because of `ORDER BY`."""
_OPPOSITE = {"=": "<>", "<>": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}


@dataclass(frozen=True)
class Condition:
    """A condition. `sql` writes it with the names of the step where it stands."""

    def sql(self, resolve: Resolve) -> str:
        """Return a SQL condition that is true for the rows meant."""
        raise NotImplementedError

    @property
    def is_loose(self) -> bool:
        """Whether an `OR` holds it together, so that beside an `AND` it needs brackets."""
        return False

    def negated(self) -> Condition:
        """Return the condition for all other rows, those without a value among them."""
        raise NotImplementedError

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The columns that it reads."""
        raise NotImplementedError


@dataclass(frozen=True)
class Missing(Condition):
    """Whether a value is there."""

    ref: Ref
    is_missing: bool = True

    def sql(self, resolve: Resolve) -> str:
        return f"{identifier(resolve(self.ref))} IS {'' if self.is_missing else 'NOT '}NULL"

    def negated(self) -> Missing:
        return Missing(self.ref, not self.is_missing)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (self.ref,)


@dataclass(frozen=True)
class Compared(Condition):
    """A column against a value: `= <> < <= > >=`."""

    ref: Ref
    operator: str
    value: Literal
    or_missing: bool = False
    """Whether rows without a value are meant too."""

    def sql(self, resolve: Resolve) -> str:
        column = identifier(resolve(self.ref))
        compared = f"{column} {self.operator} {literal(self.value)}"
        return f"{compared} OR {column} IS NULL" if self.or_missing else compared

    @property
    def is_loose(self) -> bool:
        return self.or_missing

    def negated(self) -> Compared:
        return Compared(self.ref, _OPPOSITE[self.operator], self.value, not self.or_missing)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (self.ref,)


@dataclass(frozen=True)
class OneOf(Condition):
    """A column whose value is among several."""

    ref: Ref
    values: tuple[Literal, ...]
    is_among: bool = True

    def sql(self, resolve: Resolve) -> str:
        column = identifier(resolve(self.ref))
        values = ", ".join(literal(v) for v in self.values)
        if self.is_among:
            return f"{column} IN ({values})"
        return f"{column} NOT IN ({values}) OR {column} IS NULL"

    @property
    def is_loose(self) -> bool:
        return not self.is_among

    def negated(self) -> OneOf:
        return OneOf(self.ref, self.values, not self.is_among)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (self.ref,)


@dataclass(frozen=True)
class TextHas(Condition):
    """A text that contains, begins or ends with another, without regard to case."""

    ref: Ref
    function: str
    """`CONTAINS`, `STARTS_WITH` or `ENDS_WITH`."""
    text: str
    holds: bool = True

    def sql(self, resolve: Resolve) -> str:
        column = identifier(resolve(self.ref))
        test = f"{self.function}(LOWER({column}), {literal(self.text.lower())})"
        return test if self.holds else f"NOT {test} OR {column} IS NULL"

    @property
    def is_loose(self) -> bool:
        return not self.holds

    def negated(self) -> TextHas:
        return TextHas(self.ref, self.function, self.text, not self.holds)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (self.ref,)


@dataclass(frozen=True)
class PartOfDate(Condition):
    """A part of a date: `MONTH(d) = 3`."""

    ref: Ref
    part: str
    number: int
    holds: bool = True

    def sql(self, resolve: Resolve) -> str:
        column = identifier(resolve(self.ref))
        if self.holds:
            return f"EXTRACT({self.part} FROM {column}) = {self.number}"
        return f"EXTRACT({self.part} FROM {column}) <> {self.number} OR {column} IS NULL"

    @property
    def is_loose(self) -> bool:
        return not self.holds

    def negated(self) -> PartOfDate:
        return PartOfDate(self.ref, self.part, self.number, not self.holds)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (self.ref,)


@dataclass(frozen=True)
class Several(Condition):
    """Conditions of which all, or at least one, must be true."""

    parts: tuple[Condition, ...]
    joined_by: str
    """`AND` or `OR`."""

    def sql(self, resolve: Resolve) -> str:
        if self.joined_by == "AND":
            return " AND ".join(
                f"({part.sql(resolve)})" if part.is_loose else part.sql(resolve)
                for part in self.parts
            )
        return " OR ".join(
            f"({part.sql(resolve)})" if isinstance(part, Several) else part.sql(resolve)
            for part in _gaps_last(self.parts)
        )

    @property
    def is_loose(self) -> bool:
        return self.joined_by == "OR"

    def negated(self) -> Several:
        other = "OR" if self.joined_by == "AND" else "AND"
        return Several(tuple(part.negated() for part in self.parts), other)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys(ref for part in self.parts for ref in part.refs))


def _gaps_last(parts: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Say once, and last, that rows without a value are meant too."""
    open_ended = [part for part in parts if isinstance(part, Compared) and part.or_missing]
    plain = (replace(p, or_missing=False) if p in open_ended else p for p in parts)
    return (*plain, *dict.fromkeys(Missing(part.ref) for part in open_ended))


def several(parts: list[Condition], joined_by: str) -> Condition:
    """Return one condition for a list of at least one."""
    return parts[0] if len(parts) == 1 else Several(tuple(parts), joined_by)


def identifier(name: str) -> str:
    """Return a column's name as SQL writes it: in quotes where it would mean something else."""
    plain = name.isascii() and name.isidentifier() and name == name.lower()
    if plain and name.upper() not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def literal(value: Literal) -> str:
    """Return a value as SQL writes it."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case dt.datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ', timespec='seconds')}'"
        case dt.date():
            return f"DATE '{value.isoformat()}'"
        case int() | float():
            return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        case _:
            return "'" + value.replace("'", "''") + "'"

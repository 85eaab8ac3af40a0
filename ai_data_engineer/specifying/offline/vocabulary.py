"""What the words of a goal may refer to: tables, their columns, and frequent values."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.specifying.column_matching import CERTAIN, best_matches, words_of
from ai_data_engineer.types import LogicalType

ROW_NOUNS = frozenset({"row", "record", "line", "entry", "item", "observation", "datum", "data"})


_QUANTITIES = ("amount", "revenue", "sale", "total", "price", "value", "cost", "spend", "payment")
"""What a number without a name most likely counts, likeliest first."""


@dataclass(frozen=True)
class Field:
    """A column: its name and type where the goal speaks of it, and the profile it comes from."""

    name: str
    type: LogicalType
    profile: ColumnProfile | None = None

    @property
    def pii(self) -> str | None:
        """Class of personal data."""
        return self.profile.pii if self.profile else None

    @property
    def repeats(self) -> bool:
        """Whether a value occurs in several rows."""
        return self.profile is None or not self.profile.is_unique


@dataclass(frozen=True)
class Table:
    """Rows that the goal can speak of by name."""

    id: str
    fields: Mapping[str, Field]
    about: str = ""
    """Whose rows they are, where the id says more than that: `orders` for `orders_by_month`."""


@dataclass(frozen=True)
class Ref:
    """The column that a phrase was taken for, in each table that has it."""

    phrase: str
    field: Field = dataclasses.field(compare=False)
    places: tuple[tuple[str, str], ...]
    """(table, column)."""
    score: float = 1.0
    rivals: tuple[str, ...] = ()
    """Other columns that would fit nearly as well."""

    @property
    def name(self) -> str:
        """The column's name, in the first table that has it."""
        return self.field.name


Fits = Callable[[Field], bool]


class Vocabulary:
    """Finds columns, values and tables by the words that people use for them."""

    def __init__(self, tables: Sequence[Table], aliases: Mapping[str, Ref] | None = None) -> None:
        self.tables = tuple(tables)
        self.aliases = dict(aliases or {})
        """New names that the goal itself gives to columns."""

    def column(self, phrase: str, fits: Fits = lambda _: True) -> Ref | None:
        """Return the column that a phrase names best, or None."""
        if (alias := self.aliases.get(phrase.lower())) and fits(alias.field):
            return alias
        table_name, dot, column = phrase.partition(".")
        if dot and (table := self.table(table_name)):
            return self._best(column, [table], fits)
        return self._best(phrase, self.tables, fits)

    def _best(self, phrase: str, tables: Iterable[Table], fits: Fits) -> Ref | None:
        found: list[tuple[float, str, Field]] = []
        for table in tables:
            names = [name for name, field in table.fields.items() if fits(field)]
            matches = best_matches(phrase, names, context=table.about or table.id)
            found.extend((s, table.id, table.fields[name]) for s, name in matches)
        if not found:
            return None
        top, _, field = max(found, key=lambda f: f[0])
        places = tuple((t, f.name) for s, t, f in found if s == top and f.name == field.name)
        rivals = tuple(
            dict.fromkeys(
                f.name
                for s, _, f in found
                if f.name != field.name and s >= top - 0.1 and top < CERTAIN
            )
        )
        return Ref(phrase, field, places, top, rivals)

    def named(self, name: str) -> Ref | None:
        """Return the column of exactly that name, in every table that has it."""
        return self._best(name, self.tables, lambda f: f.name == name)

    def fields(self, fits: Fits) -> list[Ref]:
        """Return every column that fits, each once, in the order of the tables."""
        names = dict.fromkeys(
            field.name for table in self.tables for field in table.fields.values() if fits(field)
        )
        refs = (self._best(name, self.tables, lambda f, n=name: f.name == n) for name in names)  # type: ignore[misc]
        return [ref for ref in refs if ref is not None]

    def table(self, phrase: str) -> Table | None:
        """Return the table that a word names: `orders`, `order`, `orders.csv`."""
        said = words_of(phrase.split(".")[0])
        exact = [t for t in self.tables if words_of(t.id) == said]
        partly = [t for t in self.tables if said and set(said) <= set(words_of(t.id))]
        if exact:
            return exact[0]
        return partly[0] if len(partly) == 1 else None

    def is_rows(self, word: str) -> bool:
        """Whether a word speaks of rows: `rows`, `records`, or a table's own name."""
        said = words_of(word)
        return bool(said) and (
            said[-1] in ROW_NOUNS
            if len(said) == 1 and said[-1] in ROW_NOUNS
            else any(said == words_of(t.id) or said == words_of(t.id)[-1:] for t in self.tables)
        )

    def value(self, text: str) -> tuple[Ref, str | bool] | None:
        """Return the column whose frequent values hold this text, and the value as it is written.

        A true/false column is found by its own name: `active` is `is_active = true`.
        """
        wanted = text.casefold()
        for table in self.tables:
            for field in table.fields.values():
                if (value := frequent_value(field, wanted)) is not None:
                    ref = self.named(field.name)
                    if ref is not None:
                        return ref, value
        negative = wanted.startswith(("not ", "in", "un", "non"))
        for refused, plain in ((False, text), (True, _without_negation(text))):
            if refused and not negative:
                break
            ref = self.column(plain, lambda f: f.type.name == "boolean")
            if ref is not None and ref.score >= CERTAIN:
                return ref, not refused
        return None

    def main_date(self, unit: str = "day") -> Ref | None:
        """Return the column that a date without a column speaks of; rivals are the others.

        Hours are only those of a datetime.
        """
        kinds = ("datetime",) if unit == "hour" else ("date", "datetime")
        dated = self.fields(lambda f: f.type.name in kinds and f.pii is None)
        if not dated:
            return None
        best = max(enumerate(dated), key=lambda p: (self._date_rank(p[1]), -p[0]))[1]
        rivals = tuple(r.name for r in dated if r is not best)
        return Ref(best.phrase, best.field, best.places, best.score, rivals)

    def main_measure(self) -> Ref | None:
        """Return the quantity that a bare number or `the largest` speaks of, where it is plain."""
        numbers = self.fields(lambda f: f.type.is_numeric and not is_number_of_a_thing(f))
        for word in _QUANTITIES:
            if named := [ref for ref in numbers if word in words_of(ref.name)]:
                return named[0] if len(named) == 1 else None
        return numbers[0] if len(numbers) == 1 else None

    def _date_rank(self, ref: Ref) -> int:
        words = set(words_of(ref.name))
        own = any(set(words_of(t)) & words for t, _ in ref.places)
        secondary = bool(
            words & {"update", "updated", "modified", "birth", "end", "due", "deleted"}
        )
        return 3 * own + 2 * ("date" in words) - 4 * secondary


def is_number_of_a_thing(field: Field) -> bool:
    """Whether the numbers name things (ids, codes, years) and do not measure any."""
    if field.profile is not None and field.profile.semantic in ("key", "latitude", "longitude"):
        return True
    words = set(words_of(field.name))
    return bool(words & {"id", "key", "code", "number", "year", "latitude", "longitude"})


def frequent_value(field: Field, wanted: str) -> str | None:
    """Return a frequent text value as written, compared without regard to case."""
    if field.profile is None or field.type.name != "string":
        return None
    values = [v.value for v in field.profile.top_values if isinstance(v.value, str)]
    return next((v for v in values if v.casefold() == wanted.casefold()), None)


def _without_negation(text: str) -> str:
    for prefix in ("not ", "non-", "non", "in", "un"):
        if text.lower().startswith(prefix):
            return text[len(prefix) :]
    return text

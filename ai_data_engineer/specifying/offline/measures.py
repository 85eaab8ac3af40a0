"""Figures in words: `total amount`, `number of distinct customers`, `min and max of price`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_data_engineer.specifying.column_matching import CERTAIN, singular
from ai_data_engineer.specifying.offline.draft import Chain, NotPossible
from ai_data_engineer.specifying.offline.literals import read_value_anywhere
from ai_data_engineer.specifying.offline.phrases import meanings
from ai_data_engineer.specifying.offline.predicates import Compared, Condition
from ai_data_engineer.specifying.offline.reader import ARTICLES, Reader, anything, is_quantity
from ai_data_engineer.specifying.offline.vocabulary import ROW_NOUNS, Field, Ref

_FUNCTIONS = meanings(
    {
        "sum": (
            "sum | total | summed | sum up | add up | sums | totals | summarise | summarize | "
            "total up | compute the total | calculate the total"
        ),
        "mean": "average | avg | mean | averages",
        "median": "median",
        "min": "min | minimum | lowest | smallest | earliest | first | cheapest",
        "max": "max | maximum | highest | largest | latest | last | biggest | biggest single",
        "std": "std | standard deviation | stddev",
        "variance": "variance",
    }
)
_NAMES = {
    "sum": "total",
    "mean": "average",
    "median": "median",
    "min": "min",
    "max": "max",
    "std": "std",
    "variance": "variance",
    "count_distinct": "distinct",
    "count": "count",
}
_COUNTS = (
    "number of | count of | count | how many | counts of | no of | no. of | numbers of | # of | "
    "counting | the number of | total number of | count up"
)
_DISTINCT = "distinct | unique | different"


@dataclass(frozen=True)
class Measure:
    """A figure: its function, and the column that it is computed from (None: rows)."""

    function: str
    ref: Ref | None = None
    where: Condition | None = None
    """Which rows count; None: all."""
    noun: str = ""
    """What the rows that are counted were called."""

    @property
    def key(self) -> tuple[str, str]:
        """What two ways to say the same figure have in common."""
        which = self.where.sql(lambda ref: ref.name) if self.where else ""
        return self.function, f"{self.ref.name if self.ref else ''} {which}".strip()

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The columns that it speaks of."""
        return (*((self.ref,) if self.ref else ()), *(self.where.refs if self.where else ()))

    def name(self, chain: Chain) -> str:
        """Return a plain name for the figure: `total_amount`, `order_count`."""
        prefix = ""
        if isinstance(self.where, Compared) and isinstance(self.where.value, str):
            prefix = re.sub(r"[^a-z0-9]+", "_", self.where.value.lower()).strip("_") + "_"
            prefix = prefix if prefix[:1].isalpha() else ""
        if self.ref is None:
            return f"{prefix}{_one_of(self.noun or chain.sources[0])}_count"
        column = f"{prefix}{chain.name_of(self.ref)}"
        if self.function == "count":
            return f"{column}_count"
        start = _NAMES[self.function]
        named = column == start or column.startswith(f"{start}_")
        return column if named else f"{start}_{column}"

    def figure(self, chain: Chain, name: str) -> dict[str, str]:
        """Return the figure as the aggregate step writes it."""
        figure = {"name": name, "function": self.function}
        if self.ref is not None:
            figure["column"] = chain.name_of(self.ref)
        if self.where is not None:
            figure["where"] = self.where.sql(chain.name_of)
        return figure

    def found_in(self, chain: Chain) -> str:
        """Return the name of this figure among those that a chain has; raises NotPossible."""
        if (name := chain.measures.get(self.key)) and name in chain.schema:
            return name
        raise NotPossible("this figure is not computed before")


def _one_of(table: str) -> str:
    """Return what one row of a table is called: `order` for `orders`."""
    if table.endswith("ies"):
        return table[:-3] + "y"
    return table[:-1] if table.endswith("s") and not table.endswith("ss") else table


def read_measures(r: Reader) -> list[Measure]:
    """Take one figure or several: `sum and average of amount and quantity`."""
    start = r.at
    r.skip(ARTICLES)
    here = r.at
    whole = r.column()
    if whole is not None and whole.score >= CERTAIN and r.at - here > 1:
        # "first seen" is a column and no first.
        r.at = start
        return []
    r.at = here
    if (counted := _count(r)) is not None:
        return counted
    functions = _functions(r)
    if not functions:
        r.at = start
        return []
    r.take("of | for | up | over")
    r.skip(ARTICLES)
    if len(functions) == 1 and functions[0] == "sum" and (counted := _count(r)) is not None:
        return counted
    fits = anything if all(f in ("min", "max") for f in functions) else is_quantity
    refs = _columns(r, fits)
    if not refs and functions == ["sum"] and r.rows():
        # "total sales" in a table of sales
        measure = r.vocabulary.main_measure()
        refs = [measure] if measure else []
    if not refs:
        r.at = start
        return []
    where = _of_which(r)
    return [Measure(function, ref, where) for ref in refs for function in functions]


def _of_which(r: Reader) -> Condition | None:
    """Take `of paid orders`: which rows count."""
    start = r.at
    r.take("of | for | from | in")
    r.skip(ARTICLES)
    where = _such_rows(r)
    if where is None:
        r.at = start
    return where


def _such_rows(r: Reader) -> Condition | None:
    start = r.at
    value = read_value_anywhere(r)
    if value is None or not r.rows():
        r.at = start
        return None
    return Compared(value[0], "=", value[1])


def _functions(r: Reader) -> list[str]:
    found: list[str] = []
    while True:
        start = r.at
        if found and not r.separator():
            break
        r.skip(("the",))
        phrase = r.take(*_FUNCTIONS)
        if phrase is None:
            r.at = start
            break
        found.append(_FUNCTIONS[phrase])
    return list(dict.fromkeys(found))


def _columns(r: Reader, fits: object) -> list[Ref]:
    """Take the columns of a figure; a word that begins the next figure ends the list."""
    refs: list[Ref] = []
    while True:
        start = r.at
        if refs and not r.separator():
            break
        if refs and _figure_ahead(r):
            r.at = start
            break
        ref = r.column(fits)  # type: ignore[arg-type]
        if ref is None:
            r.at = start
            break
        refs.append(ref)
    return refs


def _figure_ahead(r: Reader) -> bool:
    start = r.at
    r.skip(ARTICLES)
    ahead = r.take(*_FUNCTIONS, _COUNTS) is not None
    r.at = start
    return ahead


def _count(r: Reader) -> list[Measure] | None:
    start = r.at
    phrase = r.take(_COUNTS)
    if phrase is None:
        return None
    r.skip(ARTICLES)
    distinct = r.take(_DISTINCT) is not None
    if not distinct and r.rows():
        return [Measure("count", noun=_noun(r))]
    if not distinct and (where := _such_rows(r)) is not None:
        return [Measure("count", where=where, noun=_noun(r))]
    here = r.at
    ref = r.column(entity=distinct)
    if ref is not None:
        # "number of customers" in a table of orders means customers, not rows that name one.
        countable = distinct or (phrase != "count" and not is_number_only(ref.field))
        return [Measure("count_distinct" if countable else "count", ref)]
    r.at = here
    if distinct or phrase not in ("count", "counting", "count up"):
        r.at = start
        return None
    return [Measure("count")]


def _noun(r: Reader) -> str:
    """Return what the rows were just called: `orders`; nothing for `rows`, `records`."""
    word = r.tokens[r.at - 1].lower
    plain = re.fullmatch(r"[a-z][a-z0-9_]*", word) is not None
    return word if plain and singular(word) not in ROW_NOUNS else ""


def is_number_only(field: Field) -> bool:
    """Whether a column holds quantities, of which one counts the values and not the kinds."""
    return field.type.name in ("float64", "decimal")

"""Figures of `aggregate`: those of `figures`, and what takes a condition, an order or options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.document import Document
from ai_data_engineer.spec.code import Code, code, col, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Expression, SortKey
from ai_data_engineer.spec.operators.checking import order_of
from ai_data_engineer.spec.operators.conditions import check_condition, condition, sql_condition
from ai_data_engineer.spec.operators.figures import Function, check_figure, figure, values_of
from ai_data_engineer.spec.operators.figures_sql import floats, sql_figure
from ai_data_engineer.spec.operators.writing import backwards, sorted_by
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Order, Relation, followed_by, over
from ai_data_engineer.types import INT64

LISTS = ("list", "join_text")
DISTINCT = ("sum", "mean", "count", "median", "quantile", "std", "variance", *LISTS)


class Figure(Document):
    """A figure for each group."""

    name: ColumnName
    """Column that takes it."""
    function: Function | Literal["first", "last", "quantile", "list", "join_text"]
    """What is computed, from the values that are not missing: sum (of nothing: 0; null
    where it does not fit into 64 bits), mean, median, quantile (between two values: linear),
    min, max, mode (the most frequent value, the smallest of several), std and variance (sample,
    n − 1), count (without a column: of rows), count_distinct, count_null (of missing values),
    any (of nothing: false), all (of nothing: true), list (of nothing: empty), join_text (one text
    of all; of nothing: empty); first and last take a row's value as it is."""
    column: ColumnName | None = None
    """Column it is computed from."""
    where: Expression | None = None
    """Condition: only the rows for which it is true count."""
    order_by: list[SortKey] = []
    """Order that first and last are meant in; a row where it is missing is taken last. For list
    and join_text the order of the values; left out: by the values themselves."""
    distinct: bool = False
    """Whether each value counts once: for sum, mean, count, median, quantile, std, variance, list
    and join_text, these without order_by."""
    q: float | None = Field(None, ge=0, le=1)
    """Which quantile: 0 the smallest value, 0.5 the median, 1 the greatest."""
    separator: str | None = Field(None, max_length=50)
    """What join_text puts between the values; left out: a comma and a blank."""

    def column_in(self, schema: Schema, findings: Findings) -> Column | None:
        """Return the column that this figure gives, or None after adding what is wrong."""
        good = order_of(schema, self.order_by, findings.at("order_by"))
        if self.where is not None:
            compiled = check_condition(self.where, schema, findings.at("where"))
            if compiled is None:
                good = False
            elif not compiled.columns:
                good = False
                findings.at("where").error(
                    "E_PARAMETERS", "The condition looks at no column.", "Leave it out."
                )
        good &= self._has_right_order(findings.at("order_by"))
        good &= self._has_right_options(findings)
        column = check_figure(self.function, self.column, schema, findings.at("column"))
        return column if good else None

    def _has_right_order(self, findings: Findings) -> bool:
        needed = self.function in ("first", "last")
        if needed and not self.order_by:
            findings.error(
                "E_ORDER_NEEDED",
                f"`{self.function}` needs an order.",
                "Say which columns to order by.",
            )
            return False
        if self.order_by and not needed and self.function not in LISTS:
            findings.error(
                "E_PARAMETERS", f"`{self.function}` has no order.", "Leave order_by out."
            )
            return False
        return True

    def _has_right_options(self, findings: Findings) -> bool:
        good = True
        if (self.q is not None) != (self.function == "quantile"):
            good = False
            findings.at("q").error(
                "E_PARAMETERS", "`q` and quantile go together.", "Such as `q: 0.9`."
            )
        if self.separator is not None and self.function != "join_text":
            good = False
            findings.at("separator").error(
                "E_PARAMETERS", "Only join_text has a separator.", "Leave it out."
            )
        if self.distinct and (
            self.function not in DISTINCT or self.column is None or self.order_by
        ):
            good = False
            findings.at("distinct").error(
                "E_PARAMETERS",
                "Distinct values have no other order than their own."
                if self.order_by
                else f"`{self.function}` of distinct values means nothing else here.",
                "Leave order_by or distinct out." if self.order_by else "Leave distinct out.",
            )
        return good

    def polars(self, schema: Schema) -> Code:
        """Return the figure as polars code."""
        where = None if self.where is None else condition(self.where, schema)
        if self.column is not None and self.order_by:
            values = self._in_order(self.column, where)
            if self.function in ("first", "last"):
                return code("{values}.first()", values=values)
            return self._gathered(code("{values}.drop_nulls()", values=values))
        if self.column is not None and self.function in LISTS:
            values = values_of(self.column, where, distinct=self.distinct)
            return self._gathered(code("{values}.drop_nulls().sort()", values=values))
        if self.column is not None and self.function == "quantile":
            values = values_of(self.column, where, distinct=self.distinct)
            return code(
                '{values}.quantile({q}, interpolation="linear")', values=values, q=lit(self.q)
            )
        return figure(self.function, self.column, where, schema, distinct=self.distinct)

    def sql(self, rows: Relation, dialect: Dialect, place: str) -> Sql:
        """Return the figure as SQL; `place` is the column of the rows' places in its order."""
        where = None if self.where is None else sql_condition(self.where, rows.schema, dialect)
        if self.column is None:
            return sql_figure(dialect, self.function, None, INT64, where)
        value, of = dialect.column(self.column), rows.schema[self.column].type
        if self.function in ("first", "last"):
            first = dialect.binary(exp.EQ, dialect.column(place), dialect.integer(1))
            return dialect.aggregate("any_value", value, where=first)
        if self.function in LISTS:
            by = dialect.column(place) if self.order_by else None
            values = dialect.gathered(value, of, by=by, where=where, distinct=self.distinct)
            if self.function == "list":
                return values
            return dialect.list_as_text(values, self._separator)
        if self.q is not None:
            numbers = floats(dialect, value, of)
            return dialect.quantile(numbers, self.q, where=where, distinct=self.distinct)
        return sql_figure(dialect, self.function, self.column, of, where, distinct=self.distinct)

    def placed(self, rows: Relation, groups: Sequence[Sql], dialect: Dialect) -> Sql:
        """Return the place of each row in this figure's order, in its group; null: not counted."""
        # The last in an order is the first in the opposite one, where nulls come last again.
        backwards = self.function == "last"
        first = [Order(k.column, k.descending != backwards) for k in self.order_by]
        order = followed_by(first, rows.order)
        number = dialect.call("row_number")
        if self.where is None:
            return over(dialect, number, groups, order)
        counted = sql_condition(self.where, rows.schema, dialect)
        return dialect.case((counted, over(dialect, number, [*groups, counted.copy()], order)))

    def _in_order(self, column: str, where: Code | None) -> Code:
        # The last in an order is the first in the opposite one, where nulls come last again.
        keys = backwards(self.order_by) if self.function == "last" else self.order_by
        values = sorted_by(col(column), keys)
        if where is None:
            return values
        return code("{values}.filter({where})", values=values, where=sorted_by(where, keys))

    def _gathered(self, values: Code) -> Code:
        """Return the values as a list or one text."""
        if self.function == "list":
            return code("{values}.implode()", values=values)
        return code("{values}.str.join({separator})", values=values, separator=lit(self._separator))

    @property
    def _separator(self) -> str:
        return ", " if self.separator is None else self.separator

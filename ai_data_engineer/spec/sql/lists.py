"""Lists in SQL: what the engines write differently, with one meaning each."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.types import LogicalType


class Lists:
    """What a `Dialect` does with lists; positions count from 1."""

    def list_contains(self, values: exp.Expr, value: exp.Expr) -> exp.Expr:
        """Return whether an item equals the value; null where the list or the value is null."""
        raise NotImplementedError

    def list_join(self, values: exp.Expr, separator: exp.Expr) -> exp.Expr:
        """Return texts joined without the nulls; empty where there are none."""
        raise NotImplementedError

    def list_item(self, values: exp.Expr, position: int) -> exp.Expr:
        """Return the item at a position (from 1, or −1 from the end); null where there is none."""
        raise NotImplementedError

    def list_slice(
        self, values: exp.Expr, start: exp.Expr, length: exp.Expr | None = None
    ) -> exp.Expr:
        """Return the items from a position on, of which there may be any number from 0 on."""
        raise NotImplementedError

    def list_of(self, *values: exp.Expr) -> exp.Expr:
        """Return a list of the values."""
        raise NotImplementedError

    def list_length(self, values: exp.Expr) -> exp.Expr:
        """Return how many items a list has; null for a missing list."""
        raise NotImplementedError

    def unnest(self, values: exp.Expr) -> exp.Expr:
        """Return a row for each item of a list: the item with its place, for the two methods below.

        Stands alone as a column of a query.
        """
        raise NotImplementedError

    def place_of(self, unnested: str) -> exp.Expr:
        """Return the place in its list, from 1, of what a column of `unnest` holds."""
        raise NotImplementedError

    def item_of(self, unnested: str) -> exp.Expr:
        """Return the item that a column of `unnest` holds."""
        raise NotImplementedError

    def moments(self, first: exp.Expr, last: exp.Expr, every: str, of: LogicalType) -> exp.Expr:
        """Return a row for each moment from `first`, a start of the unit, up to `last`.

        Stands alone as a column of a query. The moments are of the type `of`, date or datetime.
        """
        raise NotImplementedError

    def dates(self, first: exp.Expr, last: exp.Expr, every: str) -> exp.Expr:
        """Return the dates from the first to the last, a unit apart, as a list; perhaps empty."""
        raise NotImplementedError

    def whole_numbers(self, first: exp.Expr, last: exp.Expr) -> exp.Expr:
        """Return the int64s from the first to the last as a list; perhaps empty."""
        raise NotImplementedError

    def mapped(self, items: exp.Expr, function: exp.Lambda) -> exp.Expr:
        """Return a list with each item replaced by what the function makes of it."""
        raise NotImplementedError

    def kept(self, items: exp.Expr, condition: exp.Lambda) -> exp.Expr:
        """Return the items of a list for which a condition is true."""
        raise NotImplementedError

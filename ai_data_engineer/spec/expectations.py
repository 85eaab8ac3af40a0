"""The expectations a spec may hold: Great Expectations' types that are judged on the full data.

Great Expectations drops what it does not know without a word, so a type outside this table is
refused before it gets there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ai_data_engineer.types import LogicalType

Wants = Literal["any", "orderable", "numeric", "string"]


@dataclass(frozen=True)
class ExpectationKind:
    """What an expectation type takes.

    `columns` are kwargs that name one column, `column_lists` those that name several (of the
    table, unless `free_lists`), `required` and `optional` the others. `wants` is what the
    column's type must be.
    """

    columns: tuple[str, ...] = ()
    column_lists: tuple[str, ...] = ()
    free_lists: bool = False
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    wants: Wants = "any"

    @property
    def kwargs(self) -> tuple[str, ...]:
        """All kwargs it knows."""
        return (*self.columns, *self.column_lists, *self.required, *self.optional, *self.one_of)

    def fits(self, kind: LogicalType) -> bool:
        """Whether the expectation makes sense on a column of that type."""
        match self.wants:
            case "orderable":
                return kind.is_orderable
            case "numeric":
                return kind.is_numeric
            case "string":
                return kind.name == "string"
            case _:
                return True


_MOSTLY = ("mostly",)
_BOUNDS = ("min_value", "max_value")
_STRICT = ("strict_min", "strict_max")


def _values(
    wants: Wants = "any", required: tuple[str, ...] = (), **more: tuple[str, ...]
) -> ExpectationKind:
    return ExpectationKind(
        columns=("column",),
        required=required,
        optional=(*_MOSTLY, *more.get("optional", ())),
        one_of=more.get("one_of", ()),
        wants=wants,
    )


def _figure(wants: Wants = "numeric") -> ExpectationKind:
    return ExpectationKind(columns=("column",), one_of=_BOUNDS, optional=_STRICT, wants=wants)


EXPECTATIONS: dict[str, ExpectationKind] = {
    "expect_table_row_count_to_be_between": ExpectationKind(one_of=_BOUNDS),
    "expect_table_row_count_to_equal": ExpectationKind(required=("value",)),
    "expect_table_column_count_to_equal": ExpectationKind(required=("value",)),
    "expect_table_columns_to_match_set": ExpectationKind(
        column_lists=("column_set",), free_lists=True, optional=("exact_match",)
    ),
    "expect_table_columns_to_match_ordered_list": ExpectationKind(
        column_lists=("column_list",), free_lists=True
    ),
    "expect_column_to_exist": ExpectationKind(columns=("column",)),
    "expect_column_values_to_not_be_null": _values(),
    "expect_column_values_to_be_null": _values(),
    "expect_column_values_to_be_unique": _values(),
    "expect_compound_columns_to_be_unique": ExpectationKind(
        column_lists=("column_list",), optional=_MOSTLY
    ),
    "expect_column_values_to_be_between": _values("orderable", one_of=_BOUNDS, optional=_STRICT),
    "expect_column_values_to_be_in_set": _values("orderable", ("value_set",)),
    "expect_column_values_to_not_be_in_set": _values("orderable", ("value_set",)),
    "expect_column_values_to_match_regex": _values("string", ("regex",)),
    "expect_column_values_to_not_match_regex": _values("string", ("regex",)),
    "expect_column_value_lengths_to_be_between": _values("string", one_of=_BOUNDS),
    "expect_column_value_lengths_to_equal": _values("string", ("value",)),
    "expect_column_min_to_be_between": _figure("orderable"),
    "expect_column_max_to_be_between": _figure("orderable"),
    "expect_column_mean_to_be_between": _figure(),
    "expect_column_sum_to_be_between": _figure(),
    "expect_column_unique_value_count_to_be_between": ExpectationKind(
        columns=("column",), one_of=_BOUNDS
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": ExpectationKind(
        columns=("column_A", "column_B"), optional=("or_equal", *_MOSTLY), wants="orderable"
    ),
}

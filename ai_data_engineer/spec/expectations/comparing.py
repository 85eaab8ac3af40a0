"""Which columns can be compared with each other."""

from __future__ import annotations

from ai_data_engineer.spec.expectations.registry import KwargError
from ai_data_engineer.spec.schema import Schema


def comparable(first: tuple[str, str], second: tuple[str, str], schema: Schema) -> None:
    """Raise KwargError unless both columns, given as (kwarg, name), hold values of one kind."""
    a, b = schema[first[1]].type, schema[second[1]].type
    if a == b and not a.is_nested:
        return
    if not (a.is_numeric and b.is_numeric):
        raise KwargError(
            second[0], f"`{first[1]}` is {a} and `{second[1]}` {b}, which do not compare."
        )

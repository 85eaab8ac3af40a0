"""Expectations as polars code: each becomes one rule of the rendered `quality.py`.

The rules are instances of the classes in `runtime/expectations.py`; the semantics are those of
Great Expectations, and a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ai_data_engineer.errors import SpecError
from ai_data_engineer.rendering.literals import typed_literal
from ai_data_engineer.spec.code import Code, code, col, join, lit
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import Expectation
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

Kwargs = Mapping[str, Any]


def expectation_code(expectation: Expectation, rule: str, schema: Schema) -> Code:
    """Return the constructor call of the rule; raises SpecError for one that cannot be told.

    `rule` is the name under which results are reported.
    """
    try:
        name, arguments = _COMPILERS[expectation.type](expectation.kwargs, schema)
    except KeyError as missing:
        raise SpecError(
            f"`{expectation.type}` needs {missing} and a type that is known here.",
            code="E_UNKNOWN_EXPECTATION",
            location=f"expectation {rule}",
        ) from None
    except SpecError as error:
        error.location = f"expectation {rule}"
        raise
    head = code(
        "rule={rule}, type={type}, severity={severity}, kwargs={kwargs}",
        rule=lit(rule),
        type=lit(expectation.type),
        severity=lit(expectation.severity),
        kwargs=lit(dict(expectation.kwargs)),
    )
    return code(
        "{name}({head}{comma}{rest})",
        name=Code(name),
        head=head,
        comma=Code(", " if arguments else ""),
        rest=arguments,
    )


def _arguments(**parts: Code | None) -> Code:
    return join(
        code("{key}={value}", key=Code(k), value=v) for k, v in parts.items() if v is not None
    )


def _mostly(kwargs: Kwargs) -> Code | None:
    mostly = float(kwargs.get("mostly", 1))
    return None if mostly == 1 else lit(mostly)


def _rows(expected: Code, judged: Code | None, kwargs: Kwargs) -> tuple[str, Code]:
    return "Rows", _arguments(expected=expected, judged=judged, mostly=_mostly(kwargs))


def _values(
    test: Callable[[Code, Kwargs, LogicalType], Code],
) -> Callable[[Kwargs, Schema], tuple[str, Code]]:
    """A test of each value of one column; missing values are not judged."""

    def compiled(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
        value = col(kwargs["column"])
        expected = test(value, kwargs, schema[kwargs["column"]].type)
        return _rows(expected, code("{value}.is_not_null()", value=value), kwargs)

    return compiled


def _figure(
    figure: str, kind: LogicalType | None = None
) -> Callable[[Kwargs, Schema], tuple[str, Code]]:
    """A figure over a whole column, within bounds; `kind` None: of the column's own type."""

    def compiled(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
        value = code(figure, column=col(kwargs["column"]))
        holds = _between(value, kwargs, kind or schema[kwargs["column"]].type)
        return "Whole", _arguments(holds_when=holds)

    return compiled


def _between(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    tests = []
    for key, strict, operators in (
        ("min_value", "strict_min", (">=", ">")),
        ("max_value", "strict_max", ("<=", "<")),
    ):
        if kwargs.get(key) is not None:
            operator = Code(operators[bool(kwargs.get(strict, False))])
            bound = typed_literal(kwargs[key], kind)
            tests.append(
                code("({value} {operator} {bound})", value=value, operator=operator, bound=bound)
            )
    return join(tests, " & ") if tests else code("{value}.is_not_null()", value=value)


def _is_in(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    values = join(typed_literal(v, kind) for v in kwargs["value_set"] if v is not None)
    dtype = Code(f"pl.{kind.to_polars()!r}")
    # The list is given the column's type: polars does not compare an integer with a float's list.
    return code(
        "{value}.is_in(pl.Series([{values}], dtype={dtype}).implode())",
        value=value,
        values=values,
        dtype=dtype,
    )


def _not(
    code_of: Callable[[Code, Kwargs, LogicalType], Code],
) -> Callable[[Code, Kwargs, LogicalType], Code]:
    return lambda *args: code("~{test}", test=code_of(*args))


def _matches(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return code("{value}.str.contains({regex})", value=value, regex=lit(kwargs["regex"]))


def _length(value: Code) -> Code:
    return code("{value}.str.len_chars()", value=value)


def _lengths_between(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return _between(_length(value), kwargs, INT64)


def _length_is(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return code(
        "{length} == {value}", length=_length(value), value=typed_literal(kwargs["value"], INT64)
    )


def _null(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
    return _rows(code("{c}.is_null()", c=col(kwargs["column"])), None, kwargs)


def _not_null(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
    return _rows(code("{c}.is_not_null()", c=col(kwargs["column"])), None, kwargs)


def _unique(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
    columns = tuple(kwargs["column_list"]) if "column_list" in kwargs else (kwargs["column"],)
    return "Unique", _arguments(columns=lit(columns), mostly=_mostly(kwargs))


def _greater(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
    a, b = col(kwargs["column_A"]), col(kwargs["column_B"])
    operator = Code(">=" if kwargs.get("or_equal") else ">")
    judged = code("{a}.is_not_null() & {b}.is_not_null()", a=a, b=b)
    return _rows(code("{a} {operator} {b}", a=a, operator=operator, b=b), judged, kwargs)


def _row_count(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
    if "value" in kwargs:
        return "Whole", _arguments(
            holds_when=code("pl.len() == {value}", value=typed_literal(kwargs["value"], INT64))
        )
    return "Whole", _arguments(holds_when=_between(Code("pl.len()"), kwargs, INT64))


def _columns(key: str, **arguments: bool) -> Callable[[Kwargs, Schema], tuple[str, Code]]:
    def compiled(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
        names = kwargs[key] if isinstance(kwargs[key], list) else [kwargs[key]]
        flags = dict(arguments)
        if kwargs.get("exact_match", True) is False:
            flags["at_least"] = True
        return "Columns", _arguments(
            names=lit(tuple(map(str, names))), **{k: lit(v) for k, v in flags.items()}
        )

    return compiled


def _column_count(kwargs: Kwargs, schema: Schema) -> tuple[str, Code]:
    return "Columns", _arguments(count=typed_literal(kwargs["value"], INT64))


_COMPILERS: dict[str, Callable[[Kwargs, Schema], tuple[str, Code]]] = {
    "expect_table_row_count_to_be_between": _row_count,
    "expect_table_row_count_to_equal": _row_count,
    "expect_table_column_count_to_equal": _column_count,
    "expect_table_columns_to_match_set": _columns("column_set"),
    "expect_table_columns_to_match_ordered_list": _columns("column_list", ordered=True),
    "expect_column_to_exist": _columns("column", at_least=True),
    "expect_column_values_to_not_be_null": _not_null,
    "expect_column_values_to_be_null": _null,
    "expect_column_values_to_be_unique": _unique,
    "expect_compound_columns_to_be_unique": _unique,
    "expect_column_values_to_be_between": _values(_between),
    "expect_column_values_to_be_in_set": _values(_is_in),
    "expect_column_values_to_not_be_in_set": _values(_not(_is_in)),
    "expect_column_values_to_match_regex": _values(_matches),
    "expect_column_values_to_not_match_regex": _values(_not(_matches)),
    "expect_column_value_lengths_to_be_between": _values(_lengths_between),
    "expect_column_value_lengths_to_equal": _values(_length_is),
    "expect_column_min_to_be_between": _figure("{column}.min()"),
    "expect_column_max_to_be_between": _figure("{column}.max()"),
    "expect_column_mean_to_be_between": _figure("{column}.mean()", FLOAT64),
    "expect_column_sum_to_be_between": _figure("{column}.sum()"),
    "expect_column_unique_value_count_to_be_between": _figure(
        "{column}.drop_nulls().n_unique()", INT64
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": _greater,
}

"""Values of a spec as literals of a column's type."""

from __future__ import annotations

from typing import Any

import pytest

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.expectations.literals import typed_literal
from ai_data_engineer.types import LogicalType


@pytest.mark.parametrize(
    ("value", "kind", "literal"),
    [
        (2.0, "int64", "2"),
        (1.5, "float64", "1.5"),
        (10**20, "float64", "1e+20"),
        ("1.50", "decimal(9,2)", 'Decimal("1.50")'),
        ("2024-01-31", "date", "dt.date(2024, 1, 31)"),
        (True, "boolean", "True"),
    ],
)
def test_a_value_is_written_as_its_type_has_it(value: Any, kind: str, literal: str) -> None:
    assert typed_literal(value, LogicalType.parse(kind)) == literal


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1", "int64"),
        (True, "int64"),
        (2**63, "int64"),
        (1e300, "int64"),
        (float("nan"), "float64"),
        (float("inf"), "float64"),
        (10**400, "float64"),
        ("NaN", "decimal(9,2)"),
        ("1e999999999", "decimal(9,2)"),
        ("1e-50", "decimal(9,2)"),
        ("sNaN", "decimal(9,2)"),
        ("2024-13-01", "date"),
        (5, "string"),
        (None, "string"),
    ],
)
def test_a_value_of_another_type_is_refused_without_naming_it(value: Any, kind: str) -> None:
    with pytest.raises(SpecError, match=r"^E_TYPE .*is not a") as caught:
        typed_literal(value, LogicalType.parse(kind))
    assert str(value) not in str(caught.value).replace(kind, "")

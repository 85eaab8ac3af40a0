import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.profiling.names import safe_names


@pytest.mark.parametrize(
    ("found", "safe"),
    [
        ("amount", "amount"),
        ("Order ID", "order_id"),
        ("orderId", "order_id"),
        ("customerID", "customer_id"),
        ("HTTPServer", "http_server"),
        ("ORDER_ID", "order_id"),
        ("Größe", "grosse"),
        ("Straße", "strasse"),
        ("Prénom", "prenom"),
        ("Łódź", "lodz"),
        ("address.city", "address_city"),
        ("@id", "id"),
        ("Growth %", "growth_percent"),
        ("R&D", "r_and_d"),
        ("customer's name", "customers_name"),
        ("  padded  ", "padded"),
        ("2019", "column_2019"),
        ("", "column_1"),
        ("名前", "column_1"),
        ("---", "column_1"),
        ("class", "class"),
        ("__line", "line"),
    ],
)
def test_a_name_is_made_safe(found: str, safe: str) -> None:
    assert safe_names([found]) == [safe]


def test_repeated_names_get_numbers() -> None:
    assert safe_names(["a", "A", "a_2", "a"]) == ["a", "a_2", "a_2_2", "a_3"]


def test_empty_names_take_their_position() -> None:
    assert safe_names(["", "x", ""]) == ["column_1", "x", "column_3"]


def test_a_long_name_is_cut_and_stays_unique() -> None:
    names = safe_names(["n" * 300, "n" * 300])
    assert [len(n) for n in names] == [63, 63]
    assert len(set(names)) == 2


@given(st.lists(st.text(max_size=80), max_size=30))
def test_every_name_is_safe_and_unique(found: list[str]) -> None:
    names = safe_names(found)
    assert len(names) == len(found)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name) for name in names)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.specifying.column_matching import (
    CERTAIN,
    GOOD_ENOUGH,
    best_matches,
    score,
    words_of,
)


@pytest.mark.parametrize(
    ("phrase", "columns", "meant"),
    [
        ("customer name", ["customer_id", "cust_name", "name_of_shop"], "cust_name"),
        ("Customer Names", ["customer_id", "cust_name"], "cust_name"),
        ("order date", ["order_dt", "ship_dt"], "order_dt"),
        ("quantity", ["qty", "price"], "qty"),
        ("amt", ["amount", "discount_amount"], "amount"),
        ("customerId", ["customer_id", "customer_name"], "customer_id"),
        ("invoice number", ["inv_no", "inv_date"], "inv_no"),
        ("invoice nr", ["invoice_number", "invoice_date"], "invoice_number"),
        ("ids", ["order_id", "amount"], "order_id"),
        ("e-mail", ["email", "name"], "email"),
        ("emails", ["email_address", "email"], "email"),
        ("email", ["email_address", "name"], "email_address"),
        ("date of birth", ["birth_date", "hire_date"], "birth_date"),
        ("dob", ["birth_date", "hire_date"], "birth_date"),
        ("first name", ["fname", "lname"], "fname"),
        ("zip code", ["post_code", "city"], "post_code"),
        ("countries", ["country", "county"], "country"),
        ("customer", ["customer_name", "customer_id"], "customer_id"),
        ("revenue", ["amount", "region"], "amount"),
        ("client", ["customer_id", "product_id"], "customer_id"),
        ("categroy", ["category", "story"], "category"),
        ("active", ["is_active", "inactive_since"], "is_active"),
    ],
)
def test_the_column_meant_comes_first(phrase: str, columns: list[str], meant: str) -> None:
    assert best_matches(phrase, columns)[0][1] == meant


@pytest.mark.parametrize(
    ("phrase", "columns"),
    [
        ("colour", ["country", "amount"]),
        ("total", ["amount", "region"]),
        ("profit", ["product", "price"]),
        ("name", ["amount", "country"]),
        ("", ["amount"]),
        ("the", ["amount"]),
    ],
)
def test_words_for_no_column_find_none(phrase: str, columns: list[str]) -> None:
    assert best_matches(phrase, columns) == []


def test_the_table_name_is_part_of_its_columns_names() -> None:
    assert score("order status", "status", context="orders") >= CERTAIN
    assert score("order status", "status", context="customers") < GOOD_ENOUGH
    assert score("id", "order_id", context="orders") >= CERTAIN


def test_an_exact_name_beats_every_other_match() -> None:
    assert best_matches("name", ["cust_name", "name", "names"])[0] == (1.0, "name")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("custNm", ("customer", "name")),
        ("HTTPStatusCode", ("http", "status", "code")),
        ("order_dt2", ("order", "date", "2")),
        ("addresses", ("address",)),
        ("status", ("status",)),
        ("# items", ("number", "item")),
    ],
)
def test_names_fall_into_plain_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_score_is_a_share_and_the_same_every_time(phrase: str, column: str) -> None:
    assert 0 <= score(phrase, column) <= 1
    assert score(phrase, column) == score.__wrapped__(phrase, column)

"""Which questions are the very same."""

import pytest

from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.caching import question_key as module
from ai_data_engineer.specifying.caching.question_key import normalised, question_key
from tests.specifying.caching.conftest import ORDERS

GEMINI = Author(provider="gemini", model="gemini-2.5-flash")
GOAL = "total amount by month, only paid orders"


def key(sources, goal=GOAL, author=GEMINI, examples=False):
    return question_key(sources, goal, author, examples=examples)


@pytest.mark.parametrize(
    "goal",
    [
        "  total amount by month, only paid orders\n",
        "total  amount\tby month,\nonly paid\u00a0orders",
    ],
    ids=["blanks around", "other white space"],
)
def test_white_space_makes_no_difference(orders, goal):
    assert key(orders, goal) == key(orders)


def test_the_two_forms_of_an_accented_letter_are_one():
    assert normalised("caf\u00e9") == normalised("cafe\u0301")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("orders above 100", "orders below 100"),
        ("status is paid", "status is Paid"),
        ("split the code at .", "split the code at"),
        ("names matching ab?", "names matching ab"),
        ('replace "  " by "_"', 'replace " " by "_"'),
        ("replace '  ' by '_'", "replace ' ' by '_'"),
        ("the first 10", "the first 1 0"),
        ("", "."),
    ],
)
def test_what_may_mean_something_else_is_another_question(orders, one, other):
    assert key(orders, one) != key(orders, other)


def test_the_same_content_in_another_folder_is_the_same_source(profiled):
    assert key(profiled(path="a/orders.csv")) == key(profiled(path="b/c/orders.csv"))


@pytest.mark.parametrize(
    "changed",
    [
        {"text": ORDERS + "4,Dana,1.00,paid,2024-02-02\n"},
        {"text": ORDERS.replace("amount", "total")},
        {"path": "invoices.csv"},
        {"source_id": "sales"},
    ],
    ids=["a record more", "another column", "another file name", "another id"],
)
def test_another_source_is_another_question(orders, profiled, changed):
    assert key(profiled(**changed)) != key(orders)


def test_the_order_of_sources_matters_for_ids_are_given_in_it(orders, profiled):
    other = profiled("id\n1\n", "others.csv", "others")

    assert key(orders + other) != key(other + orders)


@pytest.mark.parametrize(
    "changed",
    [
        {"provider": "google-genai"},
        {"model": "gemini-2.5-pro"},
        {"base_url": "http://127.0.0.1:8080"},
        {"context_tokens": 8_000},
        {"max_output_tokens": 1_000},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whoever_else_is_asked_is_asked_anew(orders, changed):
    assert key(orders, author=GEMINI.model_copy(update=changed)) != key(orders)


def test_what_answers_cost_makes_no_difference(orders):
    priced = GEMINI.model_copy(update={"input_price": 1.0, "output_price": 2.0})

    assert key(orders, author=priced) == key(orders)


def test_examples_of_values_make_another_question(orders):
    assert key(orders, examples=True) != key(orders)


@pytest.mark.parametrize("name", ["language_version", "prompt_version"])
def test_another_language_or_prompt_makes_all_questions_new(orders, monkeypatch, name):
    before = key(orders)
    monkeypatch.setattr(module, name, lambda: "another")

    assert key(orders) != before


def test_a_key_is_a_word_for_stores(orders, store):
    store.put(f"specs/{key(orders, 'any goal / with * signs ' + chr(0xD800))}", b"")

    assert len(key(orders)) == 64

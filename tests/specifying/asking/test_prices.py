"""What tokens cost, from the list that comes with its package and from the settings."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.specifying.asking.prices import price_of
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.providers.protocol import Usage

MILLION = 1_000_000
USAGE = Usage(input_tokens=MILLION, output_tokens=MILLION)


def dollars(usage: Usage = USAGE, **author: Any) -> float | None:
    price = price_of(Author(**author))
    return None if price is None else price.nano(usage) / 1e9


@pytest.mark.parametrize(
    ("author", "cost"),
    [
        ({"provider": "gemini", "model": "gemini-2.5-flash"}, 0.3 + 2.5),
        ({"provider": "gemini", "model": "models/gemini-2.5-flash"}, 0.3 + 2.5),
        ({"provider": "google-genai", "model": "gemini-2.5-flash"}, 0.3 + 2.5),
        (
            {"provider": "gemini", "model": "gemini-2.5-flash", "base_url": "https://gateway"},
            0.3 + 2.5,
        ),
        ({"provider": "openai", "model": "gpt-4o-mini"}, 0.15 + 0.6),
        (
            {"provider": "openai", "model": "gpt-4o-mini", "base_url": "https://api.openai.com/v1"},
            0.15 + 0.6,
        ),
        ({"provider": "gemini", "model": "no-such-model"}, None),
        ({"provider": "gemini", "model": "gemini-embedding-001"}, None),
        ({"provider": "gemini"}, None),
        ({"provider": "openai", "model": "gpt-4o-mini", "base_url": "http://127.0.0.1/v1"}, None),
        ({"provider": "openai", "model": "mine"}, None),
        ({"provider": "openai", "model": "mine", "input_price": 1}, None),
        ({"provider": "openai", "model": "mine", "input_price": 1, "output_price": 2}, 3),
        ({"provider": "gemini", "model": "gemini-2.5-flash", "input_price": 1}, 1 + 2.5),
        ({"provider": "gemini", "model": "gemini-2.5-flash", "output_price": 0}, 0.3),
        ({"provider": "replay"}, 0),
    ],
    ids=str,
)
def test_a_million_tokens_each_way(author: dict[str, Any], cost: float | None) -> None:
    assert dollars(**author) == (None if cost is None else pytest.approx(cost))


def test_long_inputs_are_dearer_where_the_list_says_so() -> None:
    """Above 200,000 tokens every token of gemini-2.5-pro costs more, the first ones as well."""
    pro = {"provider": "gemini", "model": "gemini-2.5-pro"}

    assert dollars(Usage(input_tokens=200_000), **pro) == pytest.approx(0.2 * 1.25)
    assert dollars(Usage(input_tokens=200_001), **pro) == pytest.approx(0.200001 * 2.5)


def test_cached_input_is_cheaper() -> None:
    usage = Usage(input_tokens=MILLION, cached_tokens=MILLION)

    assert dollars(usage, provider="gemini", model="gemini-2.5-flash") == pytest.approx(0.03)


def test_the_smallest_part_of_a_token_is_rounded_up() -> None:
    price = price_of(Author(provider="openai", model="m", input_price=0.0001, output_price=0))

    assert price is not None
    assert price.nano(Usage(input_tokens=1)) == 1


def test_no_price_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("somebody asks the network for prices")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert dollars(provider="gemini", model="gemini-2.5-flash") == pytest.approx(2.8)


@given(
    nano=st.integers(0, 10**9),
    sent=st.integers(0, 400_000),
    most=st.integers(0, 70_000),
    model=st.sampled_from(["gemini-2.5-flash", "gemini-2.5-pro"]),
)
def test_what_is_affordable_is_the_most_that_the_money_pays_for(
    nano: int, sent: int, most: int, model: str
) -> None:
    price = price_of(Author(provider="gemini", model=model))
    assert price is not None

    tokens = price.affordable(nano, sent, most)

    if tokens >= 0:
        assert price.nano(Usage(input_tokens=sent, output_tokens=tokens)) <= nano
    if tokens < most:
        assert price.nano(Usage(input_tokens=sent, output_tokens=tokens + 1)) > nano

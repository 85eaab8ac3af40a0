"""What tokens cost: the list of the package `genai-prices`, or what the settings say instead.

The list comes with the package and is never fetched: nothing here starts its updates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.providers.protocol import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelPrice

NANO = 1_000_000_000
"""Money is kept in whole billionths of a US dollar, so that sums are exact."""
MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Price:
    """What a model costs, fixed for one question: prices may change with the time of day."""

    parts: Callable[[Usage], tuple[Decimal, Decimal, Decimal]]
    """US dollars for what is sent, for what is answered, and for the request itself."""

    def nano(self, usage: Usage) -> int:
        """Return the cost in billionths of a US dollar, rounded up."""
        dollars = sum(self.parts(usage), Decimal(0))
        return int((dollars * NANO).to_integral_value(ROUND_CEILING))

    def affordable(self, nano: int, input_tokens: int, most: int) -> int:
        """Return how many tokens of answer (at most `most`) `nano` pays for, after the input.

        Negative when the input alone is too dear.
        """
        low, high = -1, most
        while low < high:
            middle = (low + high + 1) // 2
            cost = self.nano(Usage(input_tokens=input_tokens, output_tokens=middle))
            low, high = (middle, high) if cost <= nano else (low, middle - 1)
        return low


def price_of(author: Author) -> Price | None:
    """Return what the author's model costs, or None when nobody says.

    A price of the author's own takes the place of the list's; cached input then costs as any other.
    A replayed answer costs nothing. Another endpoint of OpenAI's form is looked up by its address,
    for the model's name alone does not say what a gateway takes.
    """
    if author.provider == "replay":
        return Price(lambda _: (Decimal(0), Decimal(0), Decimal(0)))
    sent, answered = author.input_price, author.output_price
    listed = None if sent is not None and answered is not None else _listed(author)
    if listed is None and (sent is None or answered is None):
        return None

    def parts(usage: Usage) -> tuple[Decimal, Decimal, Decimal]:
        of_list = _parts(listed, usage) if listed is not None else (Decimal(0),) * 3
        return (
            of_list[0] if sent is None else Decimal(str(sent)) * usage.input_tokens / MILLION,
            of_list[1]
            if answered is None
            else Decimal(str(answered)) * usage.output_tokens / MILLION,
            of_list[2],
        )

    return Price(parts)


def _listed(author: Author) -> ModelPrice | None:
    import genai_prices

    if not author.model:
        return None
    where: dict[str, Any] = {"provider_id": "google"}
    if author.provider == "openai":
        where = {"provider_id": "openai"}
        if author.base_url:
            where = {"provider_api_url": author.base_url}
    model = author.model.removeprefix("models/")
    try:
        price = genai_prices.calc_price(genai_prices.Usage(), model, **where).model_price
    except (LookupError, ValueError):
        return None
    # A model that is priced by pictures or hours has no price for what is asked here.
    return price if price.input_mtok is not None and price.output_mtok is not None else None


def _parts(price: ModelPrice, usage: Usage) -> tuple[Decimal, Decimal, Decimal]:
    import genai_prices

    cost = price.calc_price(
        genai_prices.Usage(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=min(usage.cached_tokens, usage.input_tokens),
        )
    )
    sent, answered = cost["input_price"], cost["output_price"]
    return sent, answered, cost["total_price"] - sent - answered

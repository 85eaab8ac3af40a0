"""One account of tokens and money: what was spent, and what is held for calls under way.

Held counts as spent. A process that dies leaves what it held until the account itself expires: its
call may have been answered and billed, and nobody is left to say so.
"""

from __future__ import annotations

from pydantic import Field

from ai_data_engineer.document import Document


class Amount(Document):
    """Tokens in and out together, and billionths of a US dollar."""

    tokens: int = Field(0, ge=0)
    nano: int = Field(0, ge=0)


class Limit(Document):
    """The most that an account may come to; None: any amount."""

    tokens: int | None = None
    nano: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is anything to keep to."""
        return self.tokens is not None or self.nano is not None


class Held(Amount):
    """What one call may cost at most."""

    until: float = 0.0
    """When the call is over for sure, in seconds since 1970: after that nobody settles it."""


class Ledger(Document):
    """An account as it lies in the store. Its methods return what it becomes."""

    spent: Amount = Amount()
    held: dict[str, Held] = Field(default_factory=dict)
    """By the id of the call."""

    @property
    def total(self) -> Amount:
        """Spent and held."""
        return Amount(
            tokens=self.spent.tokens + sum(h.tokens for h in self.held.values()),
            nano=self.spent.nano + sum(h.nano for h in self.held.values()),
        )

    def left(self, limit: Limit) -> Limit:
        """Return what may still be held; None where there is no limit."""
        total = self.total
        return Limit(
            tokens=None if limit.tokens is None else limit.tokens - total.tokens,
            nano=None if limit.nano is None else limit.nano - total.nano,
        )

    def hold(self, call: str, amount: Held) -> Ledger:
        """Set what a call may cost, again or for the first time."""
        return Ledger(spent=self.spent, held={**self.held, call: amount})

    def settle(self, call: str, amount: Amount) -> Ledger:
        """Put what a call did cost in place of what was held for it; the second time has no effect.

        A store may repeat a change of which it does not know whether it was made.
        """
        if call not in self.held:
            return self
        spent = Amount(tokens=self.spent.tokens + amount.tokens, nano=self.spent.nano + amount.nano)
        return Ledger(spent=spent, held={k: v for k, v in self.held.items() if k != call})

    def frees_at(self, now: float) -> float | None:
        """Return when the last call under way is over, or None when there is none."""
        return max((h.until for h in self.held.values() if h.until > now), default=None)

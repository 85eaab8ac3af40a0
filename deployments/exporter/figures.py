"""Figures that are looked up: what runs left in the store, and what is left of the budget."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import ValidationError

from ai_data_engineer.metrics import catalogue
from ai_data_engineer.metrics.tally import load
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.ledger import Ledger
from ai_data_engineer.stores.protocol import Store
from deployments.exporter.looking import Seen

_NANO = 1e9


def of_store(store: Store) -> Seen:
    """Return what all runs counted."""
    return Seen(figures=load(store), detail="read")


def budget(store: Store, settings: Settings, now: datetime | None = None) -> Seen:
    """Return what models may take today and what is left of it, where it is limited."""
    day = (now or datetime.now(UTC)).date().isoformat()
    value = store.get(f"budget/day/{day}")
    try:
        total = (Ledger.from_json(value) if value else Ledger()).total
    except ValidationError:
        return Seen("today's account cannot be read")
    seen = Seen(detail="read")
    limits = {
        "dollars": (settings.llm_day_cost, total.nano / _NANO),
        "tokens": (settings.llm_day_tokens, total.tokens),
    }
    for unit, (limit, used) in limits.items():
        if limit is not None:
            seen.gauges[catalogue.BUDGET_LIMIT.name, (unit,)] = limit
            seen.gauges[catalogue.BUDGET_LEFT.name, (unit,)] = max(0.0, limit - used)
    return seen

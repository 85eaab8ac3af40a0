"""What runs share: the store, and what is left of today's budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import ValidationError

from ai_data_engineer.doctor.check import Check, broken
from ai_data_engineer.errors import AdeError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.ledger import Amount, Ledger
from ai_data_engineer.specifying.asking.prices import NANO
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.protocol import Store


def shared(settings: Settings, open_it: Callable[[], Store]) -> list[Check]:
    """Say whether the store can be reached, and what of today's budget (UTC) is used."""
    today = datetime.now(UTC).date().isoformat()
    try:
        store = open_it()
        account = store.get(f"budget/day/{today}")
    except AdeError as error:
        return [broken("store", error)]
    kind = "files in ADE_HOME, for one machine" if isinstance(store, FileStore) else "Redis answers"
    return [Check("store", "ok", kind), _budget(settings, account)]


def _budget(settings: Settings, account: bytes | None) -> Check:
    tokens, cost = settings.llm_day_tokens, settings.llm_day_cost
    try:
        used = Ledger.from_json(account).total if account else Amount()
    except ValidationError:
        return Check(
            "budget",
            "broken",
            "what was spent today was written by another version; let all runs use the same one.",
        )
    spent = [
        f"{used.tokens:,}{f' of {tokens:,}' if tokens is not None else ''} tokens",
        f"{used.nano / NANO:.4f}{f' of {cost:.4f}' if cost is not None else ''} US dollars",
    ]
    said = f"today (UTC): {' and '.join(spent)}"
    if tokens is None and cost is None:
        limits = "set ADE_LLM_DAY_COST or ADE_LLM_DAY_TOKENS to limit a day"
        return Check("budget", "missing", f"{said}; {limits}")
    used_up = (tokens is not None and used.tokens >= tokens) or (
        cost is not None and used.nano >= cost * NANO
    )
    if used_up:
        return Check("budget", "broken", f"{said}; wait until midnight UTC, or raise the limit.")
    return Check("budget", "ok", said)

"""One specification to be written: its limits, and what it shares with other runs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from ai_data_engineer.errors import AdeError
from ai_data_engineer.settings import Settings
from ai_data_engineer.stores.protocol import Store


class Cancelled(AdeError):
    """The run was cancelled or timed out: nothing is asked, and nothing is fallen back to."""

    code = "E_CANCELLED"
    exit_code = 130


@dataclass
class Job:
    """What is asked of models on behalf of one spec, first try and repairs together."""

    settings: Settings
    store: Store
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    """The same for all that is spent on one spec; a flow takes its run's id."""
    is_cancelled: Callable[[], bool] = lambda: False
    """Asked before every call of a model and while waiting for the next."""
    use_cache: bool = True
    """Whether an earlier spec for the very same question will do."""
    started: float = field(default_factory=time.monotonic)
    calls: int = 0
    """Requests that were sent so far."""

    def check(self) -> None:
        """Raise Cancelled when the run is."""
        if self.is_cancelled():
            raise Cancelled("The run was cancelled.")

    @property
    def seconds_left(self) -> float:
        """Seconds until models have had their time for this spec."""
        return max(0.0, self.started + self.settings.llm_deadline - time.monotonic())

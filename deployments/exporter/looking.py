"""Whatever hangs, an answer comes in time: looks run side by side, each with one deadline."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from ai_data_engineer.errors import AdeError
from ai_data_engineer.metrics.tally import Tally

DEADLINE = 5.0
"""Seconds for all looks together."""
FRESH = 5.0
"""Seconds for which what was seen is said again: whoever asks often does no harm."""


@dataclass
class Seen:
    """What a look found."""

    problem: str = ""
    """What is wrong, in words of ours; empty when nothing is."""
    detail: str = ""
    """What was found, for a person."""
    figures: Tally = field(default_factory=Tally)
    """Counts that it read."""
    gauges: dict[tuple[str, tuple[str, ...]], float] = field(default_factory=dict)
    """By the metric's name and its labels' values."""


Look = Callable[[], Seen]


class Looks:
    """Named looks, all taken at once. One that hangs is not begun again until it ends."""

    def __init__(self, looks: Mapping[str, Look], *, deadline: float = DEADLINE) -> None:
        self._looks, self._deadline = looks, deadline
        self._lock = threading.Lock()
        # Prefect keeps its settings there, and a thread begins without.
        self._context = contextvars.copy_context()
        self._under_way: dict[str, _Running] = {}
        self._seen: dict[str, Seen] = {}
        self._at = float("-inf")

    def take(self) -> dict[str, Seen]:
        """Return what each look found, at most FRESH seconds ago."""
        with self._lock:
            if time.monotonic() - self._at < FRESH:
                return self._seen
            for name, look in self._looks.items():
                running = self._under_way.get(name)
                if running is None or not running.is_alive():
                    self._under_way[name] = _Running(name, look, self._context.copy())
                    self._under_way[name].start()
            until = time.monotonic() + self._deadline
            for running in self._under_way.values():
                running.join(max(0.0, until - time.monotonic()))
            late = Seen(f"no answer within {self._deadline:g} s")
            self._seen = {name: r.seen or late for name, r in self._under_way.items()}
            self._at = time.monotonic()
            return self._seen


class _Running(threading.Thread):
    def __init__(self, name: str, look: Look, context: contextvars.Context) -> None:
        super().__init__(name=f"look-{name}", daemon=True)
        self._look, self._context = look, context
        self.seen: Seen | None = None

    def run(self) -> None:
        self.seen = self._context.run(_taken, self._look)


def _taken(look: Look) -> Seen:
    """Return what was seen; an error by its kind, for its text may hold an address or a key."""
    try:
        return look()
    except httpx.HTTPStatusError as error:
        return Seen(f"the server answers {error.response.status_code}")
    except httpx.HTTPError as error:
        return Seen(f"the server does not answer ({type(error).__name__})")
    except AdeError as error:
        return Seen(f"{error.code}: {error.message}")
    except Exception as error:  # noqa: BLE001 - the exporter has to say it, not to die of it
        return Seen(f"the check ended with a {type(error).__name__}")


def as_document(seen: Mapping[str, Seen]) -> dict[str, Any]:
    """Return the answer of `/ready`."""
    return {
        "ready": all(not s.problem for s in seen.values()),
        "checks": {
            name: {"ok": not s.problem, "detail": s.problem or s.detail} for name, s in seen.items()
        },
    }

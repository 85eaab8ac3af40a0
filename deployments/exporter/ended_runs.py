"""Runs that ended, counted from what Prefect's server knows of them.

A run that is killed cannot count itself, and one whose worker is gone never began to. The server
knows how each ended. Runs are counted once, whoever asks and however often: how far the count has
come lies in the shared store beside the counts themselves, and changes with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ai_data_engineer.metrics import catalogue
from ai_data_engineer.metrics.tally import Tally, from_bytes, to_bytes
from ai_data_engineer.stores.protocol import Store
from deployments.exporter.prefect_api import PrefectApi

KEY = "metrics/ended"
FLOWS = ("generate", "profile", "refresh", "watch", "batch", "maintain")
"""Whose runs are told apart; another flow on the same server is `other`."""
FIRST_LOOK = timedelta(hours=1)
"""How far back the very first look goes."""
OVERLAP = timedelta(minutes=2)
"""How long the server may take until a run that ended is seen to have."""
_PAGE = 200
_STATES = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class EndedRuns:
    """Counts into `store` what `api` has had since the last time. For one thread."""

    def __init__(self, api: PrefectApi, store: Store) -> None:
        self._api, self._store = api, store
        self._names: dict[str, str] = {}

    def count(self, now: datetime | None = None) -> Tally:
        """Count what is new and return all counts.

        Raises:
            httpx.HTTPError: the server did not answer.
            TransientError: the store did not.
        """
        now = now or datetime.now(UTC)
        since = _read(self._store.get(KEY))["until"] or (now - FIRST_LOOK).isoformat()
        found = [*self._ended_after(datetime.fromisoformat(since) - OVERLAP)]
        return self._store.update(KEY, lambda value: _with(value, found, since))

    def _ended_after(self, since: datetime) -> Iterator[dict[str, Any]]:
        wanted = {
            "sort": "END_TIME_DESC",
            "limit": _PAGE,
            "flow_runs": {
                "end_time": {"after_": since.isoformat()},
                "state": {"type": {"any_": [*_STATES]}},
            },
        }
        offset = 0
        while True:
            page = self._api.post("/flow_runs/filter", {**wanted, "offset": offset})
            for run in page:
                yield {
                    "id": f"{run['id']} {run['end_time']}",  # one that is tried again ends twice
                    "ended": run["end_time"],
                    "flow": self._name(run["flow_id"]),
                    "state": run["state_type"].lower(),
                    "seconds": run["total_run_time"],
                }
            if len(page) < _PAGE:
                return
            offset += _PAGE

    def _name(self, flow_id: str) -> str:
        if flow_id not in self._names:
            name = self._api.get(f"/flows/{flow_id}")["name"]
            self._names[flow_id] = name if name in FLOWS else "other"
        return self._names[flow_id]


def _with(value: bytes | None, found: list[dict[str, Any]], since: str) -> tuple[bytes, Tally]:
    kept = _read(value)
    seen: dict[str, str] = kept["seen"]
    tally = Tally(from_bytes(json.dumps(kept["counts"]).encode()))
    until = max([kept["until"] or since, *(run["ended"] for run in found)], key=_time)
    for run in found:
        if run["id"] not in seen:
            seen[run["id"]] = run["ended"]
            tally.add(catalogue.RUNS, run["flow"], run["state"])
            tally.observe(catalogue.RUN_SECONDS, run["flow"], value=run["seconds"])
    # What is older than the next look goes back is not met again.
    oldest = _time(until) - 2 * OVERLAP
    seen = {run: ended for run, ended in seen.items() if _time(ended) > oldest}
    counts = json.loads(to_bytes(tally.counts))
    return json.dumps({"until": until, "seen": seen, "counts": counts}).encode(), tally


def _read(value: bytes | None) -> Mapping[str, Any]:
    try:
        kept = json.loads(value) if value else {}
        if kept.get("until"):
            _time(kept["until"])
        return {"until": kept.get("until"), "seen": dict(kept["seen"]), "counts": kept["counts"]}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {"until": None, "seen": {}, "counts": []}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)

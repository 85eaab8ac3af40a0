"""Watch: look once at folders and buckets, and tell Prefect of the files that arrived."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from uuid import UUID

from prefect import task
from prefect.client.orchestration import get_client

from ai_data_engineer.settings import load_settings
from ai_data_engineer.watching.request import WatchRequest, WatchResult
from ai_data_engineer.watching.watch import Arrival, Watch, unconfirmed
from tasks import events
from tasks.redaction import redacted
from tasks.stages import NOT_KEPT, RETRIED
from tasks.stores import shared_store

CONFIRMED_WITHIN = 60.0
"""Seconds for the server to have what it was sent; it writes events down every five."""
_ASKED_AT_ONCE = 50
"""As many events as Prefect answers with."""
_ALWAYS = {"since": "2000-01-01T00:00:00Z", "until": "2200-01-01T00:00:00Z"}
"""Left to itself the server looks no further than its own clock's now: an event from a machine
whose clock is ahead would not be there."""


class ServerEvents:
    """The events of Prefect's server."""

    def have(self, ids: Collection[UUID]) -> set[UUID]:
        """Return which of these events the server has written down."""
        found: set[UUID] = set()
        asked = list(map(str, ids))
        with get_client(sync_client=True) as client:
            for start in range(0, len(asked), _ASKED_AT_ONCE):
                wanted = {"id": asked[start : start + _ASKED_AT_ONCE]}
                answer = client.request(
                    "POST",
                    "/events/filter",
                    json={"filter": {"id": wanted, "occurred": _ALWAYS}, "limit": _ASKED_AT_ONCE},
                )
                answer.raise_for_status()
                found.update(UUID(event["id"]) for event in answer.json()["events"])
        return found

    def tell(self, arrivals: Sequence[Arrival]) -> None:
        """Send the events and return once the server has them; raises TransientError."""
        for arrival in arrivals:
            events.file_arrived(arrival)
        missing = {arrival.id for arrival in arrivals}
        until = time.monotonic() + CONFIRMED_WITHIN
        while missing := missing - self.have(missing):
            if time.monotonic() > until:
                raise unconfirmed(len(missing))
            time.sleep(0.5)


@task(name="watch", **NOT_KEPT, **RETRIED)
@redacted
def look(request: WatchRequest) -> WatchResult:
    """Look once; raises SourceError for a place that cannot be read."""
    return Watch(request, shared_store(), ServerEvents(), load_settings()).look()

"""One look at the places that are watched: each new file is told of once.

A file is what its address, size and version say: the same name with new content is a new file, and
so is the same content under a new name. The event's id is made of these, and before a file is told
of the server is asked whether it has that event. So neither a watcher that was killed between
telling and remembering nor two watchers at a time tell of a file twice.

No two clocks are compared. A file is at rest when it stays as it is while this process waits.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from ai_data_engineer.document import Document
from ai_data_engineer.errors import AdeError, TransientError
from ai_data_engineer.io.addresses import redact
from ai_data_engineer.settings import Settings
from ai_data_engineer.stores.protocol import Store
from ai_data_engineer.watching.known import Known, short_id
from ai_data_engineer.watching.listing import Found, list_place
from ai_data_engineer.watching.request import WatchRequest, WatchResult

AT_ONCE = 10_000
"""New files that one look takes; the next one takes more."""
TOLD_TOGETHER = 1000
"""Files that are told of between two questions to the server."""
_NAMED = 5


class Arrival(Document):
    """A file that arrived: what the event `ade.file.arrived` says."""

    id: UUID
    """The same for the same file and goal, whoever sees it."""
    uri: str
    size: int
    """In bytes, as stored."""
    version: str
    """ETag of the object, or time of the file's last change in ns."""
    goal: str


class Events(Protocol):
    """Where arrivals are told of."""

    def have(self, ids: Collection[UUID]) -> set[UUID]:
        """Return which of these events the server has."""
        ...

    def tell(self, arrivals: Sequence[Arrival]) -> None:
        """Send the events and return once the server has them; raises TransientError."""
        ...


class Watch:
    """A look at all places of a request."""

    def __init__(
        self,
        request: WatchRequest,
        store: Store,
        events: Events,
        settings: Settings,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._request, self._store, self._events = request, store, events
        self._settings, self._sleep = settings, sleep
        self._counts = dict.fromkeys(
            ("arrived", "told_before", "known_from_now", "changing", "empty"), 0
        )
        self._unusable: list[str] = []
        self._busy: list[str] = []
        self._left = False

    def look(self) -> WatchResult:
        """Look once. A place that cannot be read holds up no other; its error comes at the end.

        Raises:
            SourceError: a place is not there, cannot be read or is no place.
            TransientError: storage, the store or the server of events does not answer.
        """
        problems = []
        for place in dict.fromkeys(self._request.places):
            try:
                with self._store.lease(f"{self._key(place)}/lease", wait=0) as mine:
                    if mine:
                        self._look_at(place)
                    else:
                        self._busy.append(redact(place))
            except AdeError as error:
                problems.append(error)
        if problems:
            raise problems[0]
        return WatchResult(
            **self._counts,
            unusable=tuple(self._unusable),
            left=self._left,
            busy=tuple(self._busy),
        )

    def _key(self, place: str) -> str:
        return f"watch/{short_id(json.dumps([place, self._request.goal])):016x}"

    def _look_at(self, place: str) -> None:
        begun = f"{self._key(place)}/begun"
        is_first = self._store.get(begun) is None
        known = Known(self._store, self._key(place))
        news: list[tuple[int, Found]] = []
        pages = list_place(place, self._request.ignore, self._settings)
        for found in pages:
            new = self._new(found, known)
            if is_first and not self._request.existing:
                known.remember([short for short, _ in new])
                self._counts["known_from_now"] += len(new)
                continue
            room = AT_ONCE - len(news)
            news += new[:room]
            if len(new) > room:
                self._left = True
                break
        self._store.put(begun, b"1")
        for short, arrival in self._tell(self._at_rest(news)):
            known.remember(short)
            self._counts["arrived"] += len(arrival)
        known.note_seen()

    def _new(self, found: Sequence[Found], known: Known) -> list[tuple[int, Found]]:
        """Return the files of a page that are not known and may be told of."""
        files = {short_id(self._identity(f)): f for f in found if f.size}
        self._counts["empty"] += sum(not f.size for f in found)
        new = []
        for short in known.unknown(files):
            if files[short].is_usable:
                new.append((short, files[short]))
            elif len(self._unusable) < _NAMED:
                shown = files[short].uri.encode("utf-8", "replace").decode()
                self._unusable.append(redact(shown))
        return new

    def _at_rest(self, news: list[tuple[int, Found]]) -> Iterator[tuple[int, Found]]:
        if self._request.rest_seconds and any(f.path is not None for _, f in news):
            self._sleep(self._request.rest_seconds)
        for short, found in news:
            if found.now() == found:
                yield short, found
            else:
                self._counts["changing"] += 1

    def _tell(self, news: Iterator[tuple[int, Found]]) -> Iterator[tuple[list[int], list[Arrival]]]:
        """Tell of files and yield them, in pieces, once the server has the events."""
        while some := list(islice(news, TOLD_TOGETHER)):
            arrivals = [self._arrival(found) for _, found in some]
            there = self._events.have([a.id for a in arrivals])
            self._counts["told_before"] += len(there)
            if new := [a for a in arrivals if a.id not in there]:
                self._events.tell(new)
            yield [short for short, _ in some], new

    def _identity(self, found: Found) -> str:
        return json.dumps([found.uri, found.size, found.version, self._request.goal])

    def _arrival(self, found: Found) -> Arrival:
        return Arrival(
            id=uuid5(NAMESPACE_URL, f"ade.file.arrived {self._identity(found)}"),
            uri=found.uri,
            size=found.size,
            version=found.version,
            goal=self._request.goal,
        )


def unconfirmed(missing: int) -> TransientError:
    """Return the error of events that were sent and are not there."""
    return TransientError(
        f"The server did not confirm {missing} events.",
        code="E_EVENTS",
        hint="They are sent again at the next look; see whether the server is up.",
    )

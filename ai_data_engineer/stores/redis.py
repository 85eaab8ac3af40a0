"""A store in Redis, for processes of several machines.

Only the server's clock counts: what expires is told to it as a span of time. No command is sent
twice but those for which that makes no difference: when the answer to a change is lost, whether it
was made is not known, and making it again could count a cost twice.
"""

from __future__ import annotations

import contextlib
import math
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from ai_data_engineer.errors import SettingsError, TransientError
from ai_data_engineer.stores.keys import checked, start_of
from ai_data_engineer.stores.protocol import Change, R, unreachable

CONNECT_TIMEOUT, ANSWER_TIMEOUT = 2.0, 5.0
"""Seconds; options of the URL (`?socket_timeout=1`) go before them."""
SILENT_FOR = 5.0
"""Seconds for which a server that did not answer in time is not asked: ten questions to it in one
run would otherwise take half a minute."""
LEASE, BEAT = 10.0, 2.0
"""Seconds that a lease lasts unless it is renewed, and between two renewals: a machine under load
may miss some."""
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.2
BUSY_AFTER = 10.0
"""Seconds to try to change a key that others change all the time."""

_REFUSALS = {
    "has no memory left": ("OutOfMemoryError", "-OOM "),
    "is a replica that cannot be written": ("ReadOnlyError", "-READONLY "),
    "does not permit GET, SET, DEL, SCAN and EVAL": ("NoPermissionError", "can't run this command"),
}
"""What the client's errors are named; from within a script there is but a text."""
# The old value is compared, not a version: any writer of the key is noticed, `put` too.
_CHANGE = """
local now = redis.call('GET', KEYS[1])
if ARGV[1] == 'none' then
  if now then return 0 end
elseif now ~= ARGV[2] then return 0 end
if ARGV[3] == 'none' then redis.call('DEL', KEYS[1])
elseif ARGV[5] == '' then redis.call('SET', KEYS[1], ARGV[4])
else redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5]) end
return 1
"""
# A lease that is not there, because the server was restarted or the holder slept, is taken again.
_RENEW = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""


class RedisStore:
    """Values in the Redis that `url` names, all of their keys below `prefix`. Threads may share it.

    Raises SettingsError: the URL cannot be used, or the package `redis` is not installed.
    """

    def __init__(self, url: str, prefix: str = "ade") -> None:
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError:
            raise SettingsError(
                "Redis is configured and the package redis is not installed.",
                code="E_STORE",
                hint='Run pip install "ai-data-engineer[redis]", or unset ADE_REDIS_URL.',
            ) from None
        try:
            self._client: Any = redis.Redis.from_url(
                url,
                socket_connect_timeout=CONNECT_TIMEOUT,
                socket_timeout=ANSWER_TIMEOUT,
                health_check_interval=30,
                retry=Retry(NoBackoff(), 0),
            )
            # A path to a socket, or host and port; without user and password.
            parts = urlsplit(url)
            self._where = f"{parts.hostname or parts.path}{f':{parts.port}' if parts.port else ''}"
        except ValueError:  # its text may quote the URL
            raise SettingsError(
                "The URL of Redis cannot be used; for example redis://HOST:6379/0, "
                "rediss://USER:PASSWORD@HOST:6379/0 or unix:///run/redis.sock.",
                location="ADE_REDIS_URL",
            ) from None
        self._redis = redis.exceptions
        self._prefix = prefix
        self._silent_until = 0.0

    def get(self, key: str) -> bytes | None:
        """Return the value, or None when there is none or it has expired."""
        name = self._name(key)
        value: bytes | None = self._ask(self._client.get, name)
        return value

    def put(self, key: str, value: bytes, *, seconds: float | None = None) -> None:
        """Set the value, whole or not at all; it expires after `seconds`."""
        name, span = self._name(key), _milliseconds(seconds)
        if span == 0:
            self._ask(self._client.delete, name)
        else:
            self._ask(self._client.set, name, value, px=span)

    def delete(self, key: str) -> None:
        """Remove the value; none is no error."""
        name = self._name(key)
        self._ask(self._client.delete, name)

    def update(self, key: str, change: Change[R], *, seconds: float | None = None) -> R:
        """Change the value atomically: no two changes of a key overlap, none is lost.

        Raises TransientError when the answer is lost; the change may have been made.
        """
        name, span = self._name(key), _milliseconds(seconds)
        until, pause = time.monotonic() + BUSY_AFTER, FIRST_PAUSE
        while True:
            old = self._ask(self._client.get, name)
            new, result = change(old)
            if span == 0:
                new = None
            arguments = [
                *(("none", b"") if old is None else ("some", old)),
                *(("none", b"") if new is None else ("some", new)),
                span or "",
            ]
            if self._ask(self._client.eval, _CHANGE, 1, name, *arguments, again=False):
                return result
            if time.monotonic() > until:
                raise self._unreachable("is too busy")
            time.sleep(random.uniform(0, pause))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys below `prefix` that have a value, in no order."""
        # Pages of a scan overlap when keys come and go meanwhile.
        seen: set[str] = set()
        start = f"{self._prefix}:value:"
        pattern = _literally(start + start_of(prefix)) + "*"
        cursor = 0
        while True:
            cursor, names = self._ask(self._client.scan, cursor, match=pattern, count=1000)
            found = {name.decode("ascii", "replace")[len(start) :] for name in names}
            yield from sorted(found - seen)
            seen |= found
            if cursor == 0:
                return

    @contextlib.contextmanager
    def lease(self, key: str, *, wait: float) -> Iterator[bool]:
        """Hold `key` alone within a `with`; yields False when `wait` seconds were not enough.

        Of a holder that dies it is free after ten seconds. One that is stopped for longer than
        that, as a laptop that sleeps, may find that another has it too.
        """
        name = f"{self._prefix}:lease:{checked(key)}"
        token = secrets.token_hex(16)
        if not self._acquire(name, token, wait):
            yield False
            return
        released, process = threading.Event(), os.getpid()
        beating = threading.Thread(
            target=self._renew, args=(name, token, released), name="lease", daemon=True
        )
        beating.start()
        try:
            yield True
        finally:
            released.set()
            if os.getpid() == process:  # and this is no fork of the holder
                beating.join()
                with contextlib.suppress(TransientError):  # it expires by itself
                    self._ask(self._client.eval, _RELEASE, 1, name, token)

    def _acquire(self, name: str, token: str, wait: float) -> bool:
        until, pause = time.monotonic() + wait, FIRST_PAUSE
        span = _milliseconds(LEASE)
        while True:
            # Said twice, the second finds the token of the first.
            if self._ask(self._client.eval, _RENEW, 1, name, token, span):
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, random.uniform(pause / 2, pause)))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)

    def _renew(self, name: str, token: str, released: threading.Event) -> None:
        span = _milliseconds(LEASE)
        while not released.wait(BEAT):
            # The next beat may be heard; and it is sent even where others give the server a rest.
            with contextlib.suppress(self._redis.RedisError, OSError):
                self._client.eval(_RENEW, 1, name, token, span)

    def _name(self, key: str) -> str:
        return f"{self._prefix}:value:{checked(key)}"

    def _ask(
        self, command: Callable[..., Any], *arguments: Any, again: bool = True, **options: Any
    ) -> Any:
        """Return the answer; a connection that broke is made again once if that does no harm."""
        if time.monotonic() < self._silent_until:
            raise self._unreachable("did not answer in time")
        try:
            return command(*arguments, **options)
        except self._redis.AuthenticationError:
            raise self._unreachable("refuses the user or the password") from None
        except self._redis.TimeoutError:
            self._silent_until = time.monotonic() + SILENT_FOR
            raise self._unreachable("did not answer in time") from None
        except (self._redis.ConnectionError, OSError):
            if again:
                return self._ask(command, *arguments, again=False, **options)
            raise self._unreachable("cannot be reached") from None
        except self._redis.RedisError as error:
            text = f"{type(error).__name__} {error}"
            whys = (why for why, signs in _REFUSALS.items() if any(sign in text for sign in signs))
            raise self._unreachable(next(whys, "refuses a command")) from None

    def _unreachable(self, why: str) -> TransientError:
        error = unreachable(
            f"Redis at {self._where}",
            "Check that it runs, and its URL: ADE_REDIS_URL, or the block.",
        )
        message = error.message.replace("cannot be reached", why)
        return TransientError(message, code=error.code, hint=error.hint)


def _milliseconds(seconds: float | None) -> int | None:
    """Return whole milliseconds for Redis, 0 for no time at all, None for no end."""
    return None if seconds is None else max(0, math.ceil(seconds * 1000))


def _literally(text: str) -> str:
    r"""Return a pattern of SCAN for the text itself: `a*` is `a\*`."""
    return "".join(f"\\{c}" if c in r"*?[]\^-" else c for c in text)

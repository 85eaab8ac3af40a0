"""Models that fail: what one says in a run of a benchmark, drawn from a seed.

Replies are those of the tests' server of models: every class of failure, nonsense in place of a
specification, good answers that come late. `Meter` makes what a service would bill of each.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import faulty_specs

# By its own name: a package of the environment may bring a `tests` of its own.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import model_server as server

FAILURES: dict[str, Callable[[Random], server.Reply]] = {
    "429": lambda random: server.status(429, retry_after=random.choice([None, 0, 0.2, 600])),
    "429 in a header": lambda random: server.status(429, retry_after=1, retry_in="header"),
    "429, a date": lambda _: server.status(
        429, retry_after="Wed, 21 Oct 2099 07:28:00 GMT", retry_in="header"
    ),
    "429, quota": lambda _: server.status(429, quota=True),
    "5xx": lambda random: server.status(
        random.choice([500, 502, 503, 504, 529]), retry_after=random.choice([None, 0.1])
    ),
    "418": lambda _: server.status(418),
    "402": lambda _: server.status(402),
    "301": lambda _: replace(server.status(301), headers=(("Location", "http://127.0.0.1:9/"),)),
    "hang": lambda _: server.hang(),
    "drip": lambda _: server.drip(),
    "drip of headers": lambda _: server.drip_headers(),
    "endless": lambda _: server.endless(),
    "hang up": lambda _: server.hang_up(),
    "reset": lambda _: server.reset(),
    "wrong length": lambda _: server.wrong_content_length(),
    "bad key": lambda _: server.bad_key(),
    "forbidden": lambda _: server.forbidden(),
    "unknown model": lambda _: server.unknown_model(),
    "bad request": lambda _: server.bad_request(),
    "too long": lambda _: server.too_long(),
    "truncated": lambda _: server.truncated(),
    "empty": lambda _: server.empty(),
    "blank": lambda _: server.blank(),
    "prompt blocked": lambda _: server.blocked_prompt(),
    "answer blocked": lambda random: server.blocked_answer(
        random.choice(["SAFETY", "BLOCKLIST", "SPII", "OTHER", "LANGUAGE", "UNHEARD_OF"])
    ),
    "recitation": lambda _: server.recitation(),
    "refusal": lambda _: server.refusal(),
    "page of a gateway": lambda random: server.html(random.choice([200, 403, 502])),
    "broken JSON": lambda _: server.broken_json(),
    "other JSON": lambda random: server.other_json(
        random.choice([None, 7, "text", [], [[]], {}, {"candidates": 1}, {"choices": {}}])
    ),
    "deep JSON": lambda _: replace(server.broken_json(), body=b"[" * 100_000 + b"]" * 100_000),
    "no UTF-8": lambda _: replace(server.broken_json(), body=b'{"candidates": "\xff\xfe"}'),
}


@dataclass
class Meter:
    """What the requests of one run cost, as an honest service bills them."""

    spent: int = 0
    """Tokens in and out; of an answer that never ended, all that was allowed."""
    reached: list[tuple[int, int]] = field(default_factory=list)
    """For each request, the tokens spent before it, and those it might have cost on top."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def bills(self, reply: server.Reply, random: Random) -> Callable[[server.Request], Any]:
        """Return a reply that says how many tokens it took, and is counted here."""

        def answer(request: server.Request) -> server.Reply:
            asked = len(f"{request.system}{request.prompt}".encode()) // 3
            allowed = int(request.parameters["max_output_tokens"])
            said = min(allowed, len(reply.text) // 3 + random.choice([0, 10, 5000]))
            if reply.finish == "length":
                said = allowed
            is_billed = reply.status == 200 and reply.body is None
            has_ended = reply.behaviour == "whole"
            with self.lock:
                self.reached.append((self.spent, asked + allowed))
                if is_billed:
                    self.spent += asked + (said if has_ended else allowed)
            return replace(
                reply, input_tokens=asked, output_tokens=said, thought_tokens=min(said, 12)
            )

        return answer


@dataclass(frozen=True)
class Script:
    """What a model says, one reply after the other, and what kind each is of."""

    replies: tuple[server.Reply, ...]
    kinds: tuple[str, ...]


def script(answer: dict[str, Any], slow: float, random: Random) -> Script:
    """Draw up to ten replies; `answer` is a good one, `slow` the longest that is waited, in s."""
    replies, kinds = [], []
    for _ in range(random.randint(1, 10)):
        luck = random.random()
        if luck < 0.45:
            kind = random.choice(list(FAILURES))
            reply = FAILURES[kind](random)
        elif luck < 0.85:
            kind = random.choice(faulty_specs.KINDS)
            reply = server.says(faulty_specs.write(kind, answer, random))
        else:
            kind = "a good answer"
            reply = server.says(json.dumps(answer))
        if random.random() < 0.15:
            reply, kind = reply.after(slow * random.choice([0.5, 0.9, 1.1, 2])), f"{kind}, late"
        replies.append(reply)
        kinds.append(kind)
    return Script(tuple(replies), tuple(kinds))

"""Whatever a server answers is an answer or a ModelError, with any SDK between."""

from __future__ import annotations

import copy
import json
import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from ai_data_engineer.specifying.providers.protocol import ModelError
from tests.model_server import (
    ModelServer,
    Reply,
    Request,
    bad_key,
    blocked_prompt,
    says,
    status,
    thinks,
    truncated,
)
from tests.model_server.forms import google_reply, openai_reply

if TYPE_CHECKING:
    from tests.specifying.providers.conftest import Ask

SCRIPT = [
    says("{}"),
    thinks("hm", "{}"),
    truncated(),
    blocked_prompt(),
    status(429, retry_after=1, quota=True),
    bad_key(),
]
JUNK = [
    None, True, -1, 99, 1.5, 10**30, 1e400, "", "x", "5s", "STOP", "\ud800",
    [], [[]], [None], {}, {"a": 1},
]  # fmt: skip


@pytest.mark.parametrize("seed", range(15))
def test_a_damaged_answer_is_an_answer_or_a_model_error(
    ask: Ask, models: ModelServer, seed: int
) -> None:
    chance = random.Random(seed)

    def damaged(request: Request) -> Reply:
        reply = chance.choice(SCRIPT)
        if request.form == "openai":
            code, _, body = openai_reply(reply, request.model)
        else:
            code, _, body = google_reply(reply, request.model, int_enums=request.form == "gemini")
        whole: Any = body
        for _ in range(chance.randint(1, 3)):
            whole = with_junk(whole, chance)
        return Reply(status=code, body=json.dumps(whole).encode())

    models.script(damaged)
    with suppress(ModelError):
        ask().model_dump_json()


def with_junk(document: Any, chance: random.Random) -> Any:
    """Return a copy with one value replaced, wherever it lies."""
    document = copy.deepcopy(document)
    places: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        parent = waiting.pop()
        if isinstance(parent, dict | list):
            keys = list(parent) if isinstance(parent, dict) else range(len(parent))
            places += [(parent, key) for key in keys]
            waiting += [parent[key] for key in keys]
    if not places:
        return chance.choice(JUNK)
    parent, key = chance.choice(places)
    parent[key] = chance.choice(JUNK)
    return document

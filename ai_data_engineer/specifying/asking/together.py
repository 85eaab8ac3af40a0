"""The same question put by many at once is asked once: one pays, and all have the answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from pydantic import SecretStr

from ai_data_engineer.specifying.asking.ask import Asked, ask
from ai_data_engineer.specifying.asking.in_flight import shared
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Question, Usage


def ask_together(question: Question, author: Author, keys: Sequence[SecretStr], job: Job) -> Asked:
    """Return the answer as `ask` does; one that another run got has cost this run nothing.

    A job without cache asks by itself. Raises what `ask` raises.
    """
    if not job.use_cache or author.provider == "replay":
        return ask(question, author, keys, job)
    asked, is_shared = shared(
        job.store,
        _key(question, author),
        lambda: ask(question, author, keys, job),
        Asked,
        is_cancelled=job.is_cancelled,
        wait=job.seconds_left,
    )
    if not is_shared:
        return asked
    answer = asked.answer.model_copy(update={"usage": Usage()})
    return Asked(answer=answer, calls=0, cost=0.0, shared=True)


def _key(question: Question, author: Author) -> str:
    free = {"input_price": None, "output_price": None}
    parts = [asdict(question), author.model_copy(update=free).to_dict()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

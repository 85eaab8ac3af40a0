"""What tests run in processes of their own: `python worker.py ACTION PROCESSES STORE …`.

It prints the JSON of what each process returned. They are forked from one that has imported all.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
import time
from pathlib import Path

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.ask import ask
from ai_data_engineer.specifying.asking.breaker import Breaker
from ai_data_engineer.specifying.asking.budget import Budget
from ai_data_engineer.specifying.asking.policy import Charge
from ai_data_engineer.specifying.asking.waiting import Pace
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Question, Usage
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.protocol import Store

AUTHOR = Author(provider="gemini", model="gemini-2.5-flash")
QUESTION = Question(system="rules", prompt="question", max_output_tokens=5000)


def opened(place: str) -> Store:
    """Return the store in a folder, or in Redis at a URL."""
    if not place.startswith("redis://"):
        return FileStore(Path(place))
    from ai_data_engineer.stores.redis import RedisStore

    return RedisStore(place)


def enter(_: int, place: str, now: float, tries: int) -> int:
    """Return how many of several questions the breaker lets through."""
    job, entered = Job(Settings(), opened(place)), 0
    for _ in range(tries):
        try:
            Breaker(AUTHOR, job, Pace(now=lambda: now)).admit(60)
        except ProviderError:
            continue
        entered += 1
    return entered


def spend(seed: int, place: str, limit: int, rounds: int, now: float) -> tuple[int, int]:
    """Reserve and settle again and again; returns tokens and refusals."""
    job = Job(Settings(llm_day_tokens=limit, llm_job_tokens=None), opened(place))
    budget = Budget(AUTHOR, job, Pace(now=lambda: now))
    chance, spent, refused = random.Random(seed), 0, 0
    for _ in range(rounds):
        try:
            held = budget.reserve(QUESTION)
        except ProviderError:
            refused += 1
            continue
        used = Usage(input_tokens=chance.randint(1, 200), output_tokens=chance.randint(1, 4000))
        charge = chance.choice([Charge.NOTHING, Charge.USAGE, Charge.USAGE, Charge.RESERVED])
        held.settle(charge, used)
        charged = held.charged(charge, used)
        spent += charged.input_tokens + charged.output_tokens
    return spent, refused


def hang(_: int, place: str, limit: int, now: float) -> str:
    """Reserve, and be killed."""
    job = Job(Settings(llm_day_tokens=limit), opened(place))
    Budget(AUTHOR, job, Pace(now=lambda: now)).reserve(QUESTION)
    print(os.getpid(), flush=True)
    time.sleep(60)
    return "not killed"


def put(_: int, place: str, limit: int, rounds: int, url: str) -> tuple[int, list[str]]:
    """Ask a server of OpenAI's form again and again; returns answers and codes of errors."""
    author = Author(provider="openai", model="m", base_url=url)
    settings = Settings(llm_day_tokens=limit, llm_job_tokens=None)
    answers, codes = 0, []
    for _ in range(rounds):
        try:
            ask(QUESTION, author, [], Job(settings, opened(place)))
        except ProviderError as error:
            codes.append(error.code)
        else:
            answers += 1
    return answers, codes


if __name__ == "__main__":
    action, processes, place, *rest = sys.argv[1:]
    arguments = [json.loads(each) for each in rest]
    if action == "put":
        import openai  # noqa: F401  once for all processes: it takes a second
    with multiprocessing.get_context("fork").Pool(int(processes)) as pool:
        run = {"enter": enter, "spend": spend, "hang": hang, "put": put}[action]
        calls = [(number, place, *arguments) for number in range(int(processes))]
        print(json.dumps(pool.starmap(run, calls, chunksize=1)))

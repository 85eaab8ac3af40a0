"""A flow that asks a model as a stage does; also run by a worker, or by hand, in another process.

`python tests/flows/asking_flow.py serve`, or `… run URL` with that of a server of models.
"""

from __future__ import annotations

import sys
from pathlib import Path

from prefect import flow, task
from pydantic import SecretStr

from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.asking.ask import ask
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Question
from ai_data_engineer.stores.opening import open_store
from tasks.cancelling import confirm_cancelled, is_cancelled


@task(name="specify")
def specify(url: str) -> str:
    settings = load_settings()
    author = Author(provider="gemini", model="test-model", base_url=url)
    job = Job(settings, open_store(settings), is_cancelled=is_cancelled)
    return ask(Question("rules", "question"), author, [SecretStr("k")], job).answer.text


@flow(name="asking", on_cancellation=[confirm_cancelled])
def asking(url: str, submit: bool = False, task_timeout: float | None = None) -> str:
    stage = specify.with_options(timeout_seconds=task_timeout)
    return stage.submit(url).result() if submit else stage(url)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asking.serve(name=Path(__file__).stem)
    else:
        asking(sys.argv[2])

"""A flow of real stages that is traced and logs as JSON, in a process of its own.

`python tests/flows/traced_flow.py SOURCE KEY`: profile the source, ask a model, and fail.
"""

from __future__ import annotations

import sys

from prefect import flow, task

from ai_data_engineer.errors import AdeError
from ai_data_engineer.requests import GenerateRequest
from tasks.measuring import measured
from tasks.observing import observed
from tasks.profiling import profile_all
from tasks.receiving import receive
from tasks.redaction import guard_logs, redacted
from tasks.specifying import specify


@task(name="stumble")
@measured
@redacted
def stumble(secret: str) -> None:
    raise ValueError(f"cannot read {secret!r}")


@flow(name="generate", flow_run_name="{source}")
@observed
@redacted
def traced(source: str, secret: str) -> None:
    guard_logs()
    sources = [receive(source)]
    specify(profile_all(sources), GenerateRequest(sources=[source], goal="all of it"))
    stumble(secret)


if __name__ == "__main__":
    try:
        traced(*sys.argv[1:])
    except AdeError as error:
        sys.exit(type(error).__name__)

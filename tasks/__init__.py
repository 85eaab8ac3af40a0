"""One thin Prefect task a stage: what it is keyed on, when it is retried, what it reports.

Between tasks travel small documents and references, never data; the work is done in
`ai_data_engineer`, which knows nothing of Prefect.
"""

from __future__ import annotations

from ai_data_engineer.io import s3_access
from ai_data_engineer.sources.policy import ask_first


def _access() -> s3_access.S3Access | None:
    from tasks.object_store import access_of_run  # late: `logging.yml` imports this package

    return access_of_run()


# Here, so that both hold in every process that runs a task, on whatever machine.
ask_first("tasks.source_policy:look_up")
s3_access.ask(_access)

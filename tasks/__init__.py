"""One thin Prefect task a stage: what it is keyed on, when it is retried, what it reports.

Between tasks travel small documents and references, never data; the work is done in
`ai_data_engineer`, which knows nothing of Prefect.
"""

from ai_data_engineer.sources.policy import ask_first

# Here, so that no process that runs a task can read without asking.
ask_first("tasks.source_policy:look_up")

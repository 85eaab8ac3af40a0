"""One thin Prefect task a stage: what it is keyed on, when it is retried, what it reports.

Between tasks travel small documents and references, never data; the work is done in
`ai_data_engineer`, which knows nothing of Prefect.
"""

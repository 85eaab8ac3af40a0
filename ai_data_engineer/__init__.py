"""From a data file and a goal in plain words to a pipeline project that has already run.

The core: plain Python that knows nothing of Prefect. Flows and tasks call it, never the reverse.
"""

from ai_data_engineer.io.access import guard_with

__version__ = "0.1.0"


def _guard(uri: str) -> bool:
    from ai_data_engineer.sources.policy import check  # late: settings take a while to import

    return check(uri)


# Here, so that no process can read with the core and not keep to the source policy.
guard_with(_guard)

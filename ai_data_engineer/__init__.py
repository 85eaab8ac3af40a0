"""From a data file and a goal in plain words to a pipeline project that has already run.

The core: plain Python that knows nothing of Prefect. Flows and tasks call it, never the reverse.
"""

__version__ = "0.1.0"

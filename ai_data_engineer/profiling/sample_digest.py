"""The digest of what a sampled profile read: the profile's cache key. No path is part of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ai_data_engineer.profiling.profile import PROFILER_VERSION
from ai_data_engineer.settings import Settings
from ai_data_engineer.sources.sample import Sample, read_samples

_BUDGETS = ("max_profile_bytes", "csv_max_rows", "json_max_objs", "xml_max_records")


def source_digest(uri: str, settings: Settings) -> str:
    """Return the digest that a sampled profile of the source carries, reading no more than it.

    Raises what `read_sample` raises.
    """
    return sample_digest(read_samples(uri, settings), settings)


def sample_digest(samples: Sequence[Sample], settings: Settings) -> str:
    """Return the sha256 over the bytes read, the sizes, the budgets and the profiler's version."""
    budgets = {name: int(getattr(settings, name)) for name in _BUDGETS}
    digest = hashlib.sha256(json.dumps([PROFILER_VERSION, budgets]).encode())
    for sample in samples:
        digest.update(json.dumps([sample.size, len(sample.data), len(sample.tail)]).encode())
        digest.update(sample.data)
        digest.update(sample.tail)
    return digest.hexdigest()

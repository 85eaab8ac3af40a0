"""Measuring a source: structure first, then its columns."""

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.profiling.profile_source import profile_source
from ai_data_engineer.profiling.sample_digest import source_digest

__all__ = ["FileProfile", "profile_source", "source_digest"]

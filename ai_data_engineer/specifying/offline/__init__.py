"""The offline planner: a spec from profiles and a goal in plain words, without any model."""

from ai_data_engineer.specifying.offline.planner import plan

__all__ = ["plan"]

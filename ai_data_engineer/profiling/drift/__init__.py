"""How one profile differs from another: what changed, by how much, and whether it matters."""

from ai_data_engineer.profiling.drift.compare import compare
from ai_data_engineer.profiling.drift.document import Change, Drift

__all__ = ["Change", "Drift", "compare"]

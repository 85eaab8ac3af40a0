"""What `ade doctor` looks at: settings, models and their keys, engines, servers."""

from ai_data_engineer.doctor.check import Check, State
from ai_data_engineer.doctor.examination import examine

__all__ = ["Check", "State", "examine"]

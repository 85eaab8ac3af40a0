"""Three gates: the schema, the rules, the data."""

from ai_data_engineer.validating.report import ValidationReport
from ai_data_engineer.validating.validate import read_spec, validate

__all__ = ["ValidationReport", "read_spec", "validate"]

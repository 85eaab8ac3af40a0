"""Three gates: the schema, the rules, the data."""

from ai_data_engineer.validating.report import StepCounts, ValidationReport
from ai_data_engineer.validating.validate import bind_sources, read_document, validate

__all__ = ["StepCounts", "ValidationReport", "bind_sources", "read_document", "validate"]

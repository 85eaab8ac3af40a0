"""Regular expressions of a step."""

from __future__ import annotations

from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.regex import Regex, RegexError, parse


def read_pattern(pattern: str, findings: Findings) -> Regex | None:
    """Return a regular expression that has been read; None, with a finding, where it is wrong."""
    try:
        return parse(pattern)
    except RegexError as error:
        findings.error("E_REGEX", error.message, error.hint)
        return None

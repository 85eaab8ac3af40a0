"""What a profile warns of: every code and what it means."""

from __future__ import annotations

from ai_data_engineer.profiling.profile import ProfileWarning

WARNINGS = {
    "W_COMMENTS": "Lines that begin with a comment mark are passed over.",
    "W_ENCODING_DAMAGED": "Some bytes are not valid in the encoding.",
    "W_ENCODING_UNSURE": "The encoding is a guess; check letters with accents.",
    "W_FOOTER": "Lines at the end (totals, notes) are left out.",
    "W_HEADER_REPEATED": "Several columns have the same name.",
    "W_NO_HEADER": "No line of names was found; columns are named by their position.",
    "W_PREAMBLE": "Lines before the table are left out.",
    "W_REJECTED_ROWS": "Records that cannot be used are set aside.",
    "W_RECORD_PATHS": "Records lie at more than one place; the largest was taken.",
    "W_SEVERAL_FILES": "Only the first file was profiled; the others look alike.",
    "W_SIZE_UNKNOWN": "The server does not say how large the file is.",
    "W_TOO_MANY_COLUMNS": "More columns than are profiled; the rest is left out.",
    "W_UNNAMED_COLUMNS": "Some columns have no name.",
}
"""Warnings about a file as a whole; those about single columns are in `table`."""


def warning(code: str, detail: str = "", column: str | None = None) -> ProfileWarning:
    """Return the warning with its meaning, and what was found here."""
    message = f"{WARNINGS[code]} {detail}".rstrip()
    return ProfileWarning(code=code, message=message, column=column)

"""How far a full profile has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a full profile has come; `total_bytes` is None where no one says."""

    bytes_read: int
    """Bytes as stored, of all files."""
    total_bytes: int | None
    records: int
    again: bool = False
    """Whether this is the second pass, over the columns that turned out to be of another type."""


Observer = Callable[[Progress], None]
"""Told after each piece, in the thread that called; what it raises ends the profile."""

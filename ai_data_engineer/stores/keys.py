"""Which keys a store takes."""

from __future__ import annotations

import re

MAX_WORD = 100
MAX_KEY = 500
_KEY = re.compile(rf"[A-Za-z0-9_.-]{{1,{MAX_WORD}}}(/[A-Za-z0-9_.-]{{1,{MAX_WORD}}})*")


def checked(key: str) -> str:
    """Return the key; raises ValueError for one that the protocol does not have.

    Words have at most 100 characters, keys 500: what is longer or holds what people wrote is hashed
    by the caller.
    """
    if len(key) > MAX_KEY or not _KEY.fullmatch(key):
        raise ValueError("a key is made of words of ASCII letters, digits, '-', '_' and '.'")
    return key


def start_of(prefix: str) -> str:
    """Return what all keys below a prefix begin with: `a` has `a/b` below it, and not `ab`."""
    prefix = prefix.rstrip("/")
    return f"{checked(prefix)}/" if prefix else ""

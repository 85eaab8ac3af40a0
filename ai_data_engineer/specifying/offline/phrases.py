"""Ways to say the same thing, written as `keep only | only keep | keep`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache


@lru_cache(maxsize=1024)
def alternatives(text: str) -> tuple[str, ...]:
    """Return the phrases of a text in which `|` stands between them."""
    return tuple(" ".join(phrase.split()) for phrase in text.split("|"))


def meanings(said: Mapping[str, str]) -> dict[str, str]:
    """Return phrase → meaning, from each meaning with the ways to say it."""
    return {phrase: meaning for meaning, text in said.items() for phrase in alternatives(text)}


@lru_cache(maxsize=1024)
def by_first_word(texts: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return first word → the phrases that begin with it, as words, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for text in texts:
        for phrase in alternatives(text):
            words = tuple(phrase.split(" "))
            found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(many, key=len, reverse=True)) for first, many in found.items()}


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())

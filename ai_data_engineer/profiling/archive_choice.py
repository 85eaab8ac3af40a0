"""Which files of an archive are the table that is meant, where they are not all alike."""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.archives import MEMBER
from ai_data_engineer.sources.sample import Sample

_GLANCED_AT = 50
"""Files that are looked into, the largest first."""


@dataclass(frozen=True)
class Choice:
    """The address of the files that were taken, and the names of those that were not."""

    uri: str
    others: tuple[str, ...] = ()


def choose_files(
    uri: str, samples: Sequence[Sample], columns_of: Callable[[Sample], tuple[str, ...]]
) -> Choice:
    """Return the files with the same format and columns that are the largest together.

    They are all of an archive, a pattern that fits them alone, or the largest one. `columns_of`
    names format and columns of a sample, and raises SourceError for what is no data. An address
    that is no archive's, or names files in it, is left as it is.
    """
    if MEMBER in uri or len(samples) < 2 or not all(MEMBER in s.uri for s in samples):
        return Choice(uri)
    archives = {sample.uri.partition(MEMBER)[0] for sample in samples}
    if len(archives) > 1:
        return Choice(uri)
    alike: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
    for sample in sorted(samples, key=lambda s: -s.size)[:_GLANCED_AT]:
        try:
            alike[columns_of(sample)].append(sample)
        except SourceError:
            continue  # a picture, a note
    if not alike:
        return Choice(uri)
    taken = max(alike.values(), key=lambda group: sum(sample.size for sample in group))
    if len(taken) == min(len(samples), _GLANCED_AT):
        return Choice(uri)
    names = [sample.uri.partition(MEMBER)[2] for sample in samples]
    chosen = {sample.uri.partition(MEMBER)[2] for sample in taken}
    pattern = _pattern(names, chosen) or taken[0].uri.partition(MEMBER)[2]
    matched = set(fnmatch.filter(names, pattern)) | {pattern}
    others = tuple(name for name in names if name not in matched)
    return Choice(f"{archives.pop()}{MEMBER}{pattern}", others)


def _pattern(names: Sequence[str], chosen: set[str]) -> str | None:
    """Return a pattern that fits the chosen names and no others."""
    if len(chosen) == 1 or any(c in name for name in chosen for c in "*?["):
        return None
    begin = _common_beginning(chosen)
    end = _common_beginning({name[len(begin) :][::-1] for name in chosen})[::-1]
    pattern = f"{begin}*{end}"
    return pattern if set(fnmatch.filter(names, pattern)) == chosen else None


def _common_beginning(names: set[str]) -> str:
    first, last = min(names), max(names)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first[:length] if length is not None else min(first, last, key=len)

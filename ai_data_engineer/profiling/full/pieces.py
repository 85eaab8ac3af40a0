"""What a reader hands to the engine: pieces of a source, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ai_data_engineer.io.batches import Batch

Piece = Callable[[], Batch]
"""Some records on their way. It is called once, in one of several threads, and does there what can
be done apart from the other pieces (parsing); the columns of its rows are those of the table, LINE
may be missing. Text columns are String, all others are taken as they are."""


def ready(batches: Iterable[Batch]) -> Iterator[Piece]:
    """Yield batches that are read already as pieces."""
    for batch in batches:
        yield lambda batch=batch: batch  # type: ignore[misc]

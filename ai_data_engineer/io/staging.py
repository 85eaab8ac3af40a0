"""From batches of text to typed Parquet files, with every record accounted for.

Batches are converted and written in threads while the reader goes on. What comes of them is put
together in their order, so that nothing depends on the number of processors.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import Batch
from ai_data_engineer.io.conversion import Conversion, OnError, convert
from ai_data_engineer.io.rejects import Rejects

MOST_UNREAD = 20
"""How many fields that are not read a report names."""
_THREADS = 2
_AHEAD = 4
"""So many batches are in memory at most besides the one that is being read."""


@dataclass(frozen=True)
class Staged:
    """A source that has been read: records = rows + rejected."""

    table: pl.LazyFrame
    """The typed rows, in the order of the source."""
    records: int
    rows: int
    rejected: int
    padded: int = 0
    """Rows that lacked cells at their end."""
    unread: Mapping[str, int] = field(default_factory=dict)
    """Fields that no column asks for, and in how many records each stands; the most frequent."""


class _Part(NamedTuple):
    """A batch that has been converted and, if it has rows to keep, written."""

    batch: Batch
    rows: int
    rejected: pl.DataFrame | None
    schema: pl.Schema


def stage(
    batches: Iterable[Batch],
    conversions: Mapping[str, Conversion],
    directory: Path,
    *,
    on_error: OnError,
    source_id: str,
    rejects: Rejects,
) -> Staged:
    """Convert batches and write them to `directory` as `part-00000.parquet` and so on.

    Args:
        batches: What a reader yields: at least one, if need be without rows.
        conversions: By name of the column, in the order wanted.
        directory: Made if need be; must hold no parts yet.
        on_error: What becomes of a value that does not convert: its row is rejected with the
            reason `amount: not a int64`; it is null; reading stops.
        source_id: Names the source in rejects and errors.
        rejects: Takes what is set aside. A row that lacks a required value is, whatever
            `on_error` says, with the reason `id: missing`.

    Raises:
        SourceError: `E_UNPARSED` with column and line when `on_error` is `fail`; `E_CONVERSION`
            when a column cannot be converted at all; `E_EMPTY` when there is no batch.
    """
    directory.mkdir(parents=True, exist_ok=True)

    def write(number: int, batch: Batch) -> _Part:
        rows, rejected = convert(batch.rows, conversions, on_error=on_error, source_id=source_id)
        if rows.height:
            # Read back once or twice and removed: to compress it would cost more than it saves.
            path = _path(directory, number)
            rows.write_parquet(path, compression="uncompressed", statistics=False)
        return _Part(batch, rows.height, rejected, rows.schema)

    kept = set_aside = padded = 0
    files: list[Path] = []
    schema = None
    unread: Counter[str] = Counter()
    for number, part in enumerate(_in_order(write, batches)):
        unread += part.batch.unread
        padded += len(part.batch.padded)
        rejects.add_records(source_id, part.batch.rejected)
        set_aside += len(part.batch.rejected)
        if part.rejected is not None:
            rejects.add_rows("source", source_id, part.rejected)
            set_aside += part.rejected.height
        if part.rows:
            files.append(_path(directory, number))
            kept += part.rows
        schema = part.schema
    if schema is None:
        raise SourceError(
            "Nothing was read.", code="E_EMPTY", location=source_id, hint="Check the source."
        )
    if not files:
        files.append(_path(directory, 0))
        pl.DataFrame(schema=schema).write_parquet(files[0])
    # The folder's name may hold `[` or `*`, which stand for themselves.
    table = pl.scan_parquet(files, glob=False, hive_partitioning=False)
    # Else polars takes the columns of a `with_row_index` on it for those of the files, where both
    # are computed in one run.
    table.collect_schema()
    most_unread = dict(unread.most_common(MOST_UNREAD))
    return Staged(table, kept + set_aside, kept, set_aside, padded, most_unread)


def _in_order(work: Callable[[int, Batch], _Part], batches: Iterable[Batch]) -> Iterator[_Part]:
    """Yield what comes of each batch, in their order, while others are under way in threads."""
    with ThreadPoolExecutor(_THREADS) as threads:
        waiting: deque[Future[_Part]] = deque()
        for number, batch in enumerate(batches):
            waiting.append(threads.submit(work, number, batch))
            if len(waiting) == _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _path(directory: Path, number: int) -> Path:
    return directory / f"part-{number:05}.parquet"

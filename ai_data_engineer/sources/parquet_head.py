"""The first rows of a remote Parquet file, for little: its columns' first pages are fetched."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from ai_data_engineer.io.addresses import redact, scheme_of
from ai_data_engineer.io.opening import as_file, open_source
from ai_data_engineer.io.parquet_reader import broken_parquet

_PIECE = 64 * 1024
"""What is fetched of a column at a time; polars and Arrow by themselves fetch whole row groups."""


@contextmanager
def head_as_file(uri: str, rows: int) -> Iterator[str]:
    """Yield a local Parquet file with at least the first `rows` rows, or all there are.

    A local file is yielded as it is. Raises SourceError `E_BROKEN_PARQUET` and what `open_source`
    raises.
    """
    with as_file(uri) as file:
        if scheme_of(file) in ("", "file"):
            yield file
            return
    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.NamedTemporaryFile(prefix="ade-", suffix=".parquet") as head:
        try:
            with (
                open_source(uri, random_access=True, ahead=_PIECE) as stream,
                pq.ParquetFile(stream, buffer_size=_PIECE, pre_buffer=False) as whole,
                pq.ParquetWriter(head, whole.schema_arrow) as first,
            ):
                for batch in whole.iter_batches(batch_size=rows, use_threads=False):
                    first.write_batch(batch)
                    rows -= batch.num_rows
                    if rows <= 0:
                        break
            written = True
        except (pa.ArrowException, ValueError):
            written = False  # Arrow's text may quote content
        if not written:
            raise broken_parquet(redact(uri))
        head.flush()
        yield head.name

"""Our way from a delimited file to its cells, with nothing told but the file."""

from __future__ import annotations

from pathlib import Path

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.io.fixed_width_reader import read_fixed_width
from ai_data_engineer.profiling import profile_source
from benchmarks.polluting import Grid

_NOTHING = ("E_EMPTY", "E_NO_ROWS")


def ours(path: Path) -> Grid:
    """Profile, then read with what was profiled; a file without a table is an empty grid."""
    try:
        profile = profile_source(str(path))
    except SourceError as error:
        if error.code in _NOTHING:
            return []
        raise
    dialect = profile.dialect
    if dialect is None:
        return []
    names = [column.name for column in profile.columns]
    encoding = profile.encoding or "utf-8"
    with path.open("rb") as stream:
        if profile.format == "fixed_width":
            options = dialect.fixed_width_options()
            read = read_fixed_width(stream, columns=names, encoding=encoding, **options)
        else:
            options = dialect.csv_options()
            read = read_csv(stream, columns=names, encoding=encoding, **options)
        batches = list(read)
    rows = [list(row) for batch in batches for row in batch.rows.drop(LINE).rows()]
    if dialect.header_row is None:
        return rows
    return [[column.source_name for column in profile.columns], *rows]

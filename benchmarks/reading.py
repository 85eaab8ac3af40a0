"""Our way from a delimited file to its cells, with nothing told but the file."""

from __future__ import annotations

from inspect import signature
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
    known = dialect.model_dump() | {"starts": dialect.column_starts}
    names = [column.name for column in profile.columns]
    read = read_fixed_width if profile.format == "fixed_width" else read_csv
    options = {name: known[name] for name in signature(read).parameters if name in known}
    with path.open("rb") as stream:
        encoding = profile.encoding or "utf-8"
        batches = list(read(stream, columns=names, encoding=encoding, **options))
    rows = [list(row) for batch in batches for row in batch.rows.drop(LINE).rows()]
    if dialect.header_row is None:
        return rows
    return [[column.source_name for column in profile.columns], *rows]

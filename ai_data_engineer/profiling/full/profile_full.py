"""From a sampled profile to a full one: every record read, what the sample said held against it."""

from __future__ import annotations

from collections.abc import Sequence

from ai_data_engineer.io.addresses import redact
from ai_data_engineer.profiling.columns import ColumnSource
from ai_data_engineer.profiling.full.column_state import ColumnState, Limits
from ai_data_engineer.profiling.full.columns_full import FullColumn
from ai_data_engineer.profiling.full.in_order import in_order
from ai_data_engineer.profiling.full.progress import Observer, Progress
from ai_data_engineer.profiling.full.reading import open_pieces
from ai_data_engineer.profiling.full.table_full import assemble
from ai_data_engineer.profiling.full.table_state import Part, TableState
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings
from ai_data_engineer.sources.location import located

_MOST_PASSES = 3
"""The second follows another inference, the third takes what is still refuted for text."""


class FullProfiler:
    """Reads all files of a source, as often as its types ask for."""

    def __init__(
        self,
        profile: FileProfile,
        sources: Sequence[ColumnSource],
        files: Sequence[str],
        settings: Settings,
        observer: Observer | None,
    ) -> None:
        self._profile = profile
        self._sources = sources
        self._files = files
        self._settings = settings
        self._observer = observer
        self.bytes_read = 0

    def read(self, state: TableState, *, again: bool = False) -> None:
        """Read every record into the state."""
        stored_before = 0
        for uri in self._files:
            place, is_first = redact(uri), uri == self._files[0]
            state.file = place if len(self._files) > 1 else None
            with (
                located(place),
                open_pieces(
                    uri, self._profile, self._sources, self._settings, is_first=is_first
                ) as opened,
            ):

                def merge(part: Part) -> None:
                    state.merge(part)
                    if self._observer is not None:
                        read = stored_before + opened.stored_read  # noqa: B023
                        self._observer(Progress(read, self._profile.size_bytes, state.rows, again))

                in_order(opened.pieces, state.work, merge)
                stored_before += opened.stored_read
                if not again:
                    self.bytes_read += opened.data_read


def profile_full(
    profile: FileProfile,
    sources: Sequence[ColumnSource],
    files: Sequence[str],
    settings: Settings,
    observer: Observer | None = None,
) -> FileProfile:
    """Read every record of all files and return the full profile.

    Args:
        profile: The sampled profile.
        sources: Where its columns come from.
        files: Addresses of the files.
        settings: Limits.
        observer: Told how far it has come.

    Raises:
        SourceError: A file breaks off, is damaged, or has other columns than the first.
        TransientError: The network may answer later.
    """
    profiler = FullProfiler(profile, sources, files, settings, observer)
    limits = Limits.for_width(len(sources))
    rows = profile.records.read - profile.records.rejected
    columns = [
        FullColumn(column, source, position, rows)
        for position, (column, source) in enumerate(zip(profile.columns, sources, strict=True))
    ]
    groups = [key for key in profile.candidate_keys if len(key) > 1]
    states = [column.begin(limits) for column in columns]
    with TableState(states, groups=groups) as table:
        profiler.read(table)
        pending = _settle(columns, states)
        for number in range(1, _MOST_PASSES):
            if not pending:
                break
            again = [column.begin(limits) for column in pending]
            with TableState(again, counts_repeated=False) as only:
                profiler.read(only, again=True)
                pending = _settle(pending, again, as_text=number + 1 == _MOST_PASSES - 1)
        return assemble(profile, columns, table, profiler.bytes_read)


def _settle(
    columns: Sequence[FullColumn], states: Sequence[ColumnState], *, as_text: bool = False
) -> list[FullColumn]:
    """Take the statistics of columns; return those that must be read again, as another type."""
    return [
        column
        for column, state in zip(columns, states, strict=True)
        if not column.settle(state, as_text=as_text)
    ]

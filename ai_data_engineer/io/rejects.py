"""`rejects.ndjson`: what was set aside and why, one JSON object a line."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import orjson
import polars as pl

from ai_data_engineer.io.batches import LINE, Rejected

REASON = "__reason"
"""Column of rejected rows: why they were set aside, without any cell value."""


class Rejects:
    """Writes rejects as they come, under a partial name until `publish`.

    Each line has `source` or `step`, `line` (where known), `reason` and `record`: its text as
    found, or its columns. `counts` tells how many there are for each source and step.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self._partial = path.with_name(f"{path.name}.partial")
        self._file = self._partial.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.discard()

    def add_records(self, source: str, records: Iterable[Rejected]) -> None:
        """Add records that a reader could not use."""
        for record in records:
            self._write("source", source, {"line": record.line}, record.reason, record.record)

    def add_rows(self, kind: str, place: str, rows: pl.DataFrame) -> None:
        """Add rows with a REASON and perhaps a LINE; `kind` is `source` or `step`."""
        for row in rows.iter_rows(named=True):
            reason = row.pop(REASON)
            line = {LINE.strip("_"): row.pop(LINE)} if LINE in row else {}
            self._write(kind, place, line, reason, row)

    def publish(self) -> None:
        """Give the file its name, replacing that of an earlier run."""
        self._file.close()
        self._partial.replace(self.path)

    def discard(self) -> None:
        """Leave nothing behind, unless published."""
        self._file.close()
        self._partial.unlink(missing_ok=True)

    def _write(self, kind: str, place: str, line: dict[str, int], reason: str, record: Any) -> None:
        entry = {kind: place, **line, "reason": reason, "record": record}
        self._file.write(orjson.dumps(entry, default=_plain, option=orjson.OPT_APPEND_NEWLINE))
        self.counts[place] += 1


def _plain(value: Any) -> str:
    """Return decimals and durations as text, bytes as Base64."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)

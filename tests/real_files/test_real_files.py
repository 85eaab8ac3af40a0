"""Files nobody here wrote, from the file to a project that ran on all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.real_files import FILES, try_file

pytestmark = pytest.mark.bundle
QUICK = {"airports.csv", "cars.json", "seattle-weather.csv", "la-riots.csv", "stocks.csv"}


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=() if p.name in QUICK else pytest.mark.slow, id=p.name) for p in FILES],
)
def test_every_record_is_written_rejected_or_removed_on_purpose(path: Path, tmp_path: Path) -> None:
    trial = try_file(path, tmp_path)
    assert trial.problems == []
    assert trial.records == trial.written + trial.rejected + trial.removed
    assert trial.written > 0


def test_the_quick_files_exist() -> None:
    assert {p.name for p in FILES} >= QUICK

"""The files of the benchmarks are the same each time and hold what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_data_engineer.profiling import profile_source
from benchmarks.generate import FORMATS, as_bytes, generate


@pytest.mark.parametrize("format", FORMATS)
def test_a_generated_file_is_the_same_each_time_and_has_twenty_columns(
    format: str, tmp_path: Path
) -> None:
    first, second = tmp_path / f"orders.{format}", tmp_path / f"again.{format}"

    records = generate(format, first, 200_000)

    assert generate(format, second, 200_000) == records
    assert first.read_bytes() == second.read_bytes()
    profile = profile_source(str(first))
    assert len(profile.columns) == 20
    assert profile.format == format
    assert {str(profile.column(name).type) for name in ("order_id", "quantity")} == {"int64"}


def test_sizes_are_decimal() -> None:
    assert as_bytes("1.5GB") == 1_500_000_000
    with pytest.raises(ValueError, match="300MB or 1GB"):
        as_bytes("big")

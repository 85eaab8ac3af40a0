"""A profile that was written is read again as it was; other files are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.stored import stored_profile


def test_what_was_written_is_what_is_read(tmp_path: Path) -> None:
    source = tmp_path / "orders.csv"
    source.write_text("id;amount;placed;ok\n1;1,50;05.01.2024;ja\n2;;31.01.2024;nein\n")
    profile = profile_source(str(source))
    (tmp_path / "profile.json").write_text(profile.to_json())

    assert stored_profile(str(tmp_path / "profile.json")) == profile


def test_data_in_json_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text('{"columns": []}')

    assert stored_profile(str(tmp_path / "data.json")) is None
    assert stored_profile(str(tmp_path / "nowhere.json")) is None
    assert stored_profile("s3://bucket/profile.json") is None


def test_a_damaged_profile_is_said_without_its_values(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text('{\n  "profile_version": "1", "uri": "secret-value"}')

    with pytest.raises(SourceError, match=r"E_PROFILE.*Profile the source again") as error:
        stored_profile(str(path))
    assert "secret-value" not in str(error.value)

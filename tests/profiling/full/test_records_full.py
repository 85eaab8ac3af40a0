"""Full profiles of NDJSON, JSON, XML and Parquet that are cut into many pieces."""

import json
from pathlib import Path

import polars as pl
import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import json_pieces, xml_reader
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.binary import parquet_structure
from ai_data_engineer.settings import load_settings
from benchmarks.generate import generate
from tests.profiling.full.comparing import assert_same_figures


@pytest.mark.parametrize("format", ["ndjson", "json", "xml"])
def test_many_pieces_give_the_figures_of_one(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"orders.{format}"
    generate(format, path, 100_000)
    whole = profile_source(str(path), mode="full")

    monkeypatch.setattr(json_pieces, "BLOCK", 10_000)
    monkeypatch.setattr(xml_reader, "BLOCK", 10_000)
    cut = profile_source(str(path), mode="full")

    assert cut.records == whole.records
    assert cut.record_schema == whole.record_schema
    assert_same_figures(cut, whole)


def test_rejected_lines_are_named_wherever_they_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_pieces, "BLOCK", 500)
    lines = [json.dumps({"id": n, "name": f"n{n % 7}"}) for n in range(1, 401)]
    for number in (50, 51, 300):
        lines[number - 1] = '{"id":'
    lines[199] = ""
    path = tmp_path / "lines.ndjson"
    path.write_text("\n".join(lines))

    found = profile_source(str(path), mode="full")

    assert [record.line for record in found.records.rejects] == [50, 51, 300]
    assert (found.records.read, found.records.rejected) == (399, 3)
    assert found.column("id").max == 400


def test_integers_beyond_64_bits_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "n.ndjson"
    path.write_text("".join(f'{{"big":12345678901234567890{n}}}\n' for n in range(10, 60)))

    found = profile_source(str(path), mode="full").column("big")

    assert (found.min, found.max) == ("1234567890123456789010", "1234567890123456789059")


def test_a_document_that_breaks_behind_the_sample_is_an_error_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_pieces, "BLOCK", 500)
    path = tmp_path / "d.json"
    path.write_text("[" + ",\n".join('{"a":1}' for _ in range(5_000)) + ',\n{"a":]')

    with pytest.raises(SourceError, match=r"^E_BROKEN_JSON .*line 5001"):
        profile_source(str(path), mode="full", settings=load_settings(MAX_PROFILE_BYTES=20_000))


def test_parquet_is_decoded_in_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.parquet"
    pl.DataFrame({"a": range(5000)}).write_parquet(path, row_group_size=500)
    monkeypatch.setattr(parquet_structure, "read_parquet", None)  # not called here

    assert profile_source(str(path), mode="full").column("a").max == 4999

"""The files of the benchmarks are the same each time and hold what they say."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.prompt.worked_examples import EXAMPLES
from benchmarks import faulty_specs, model_faults, specifying
from benchmarks.detectors import Answer
from benchmarks.dialect_accuracy import reads_back
from benchmarks.faulty_models import Meter
from benchmarks.generate import FORMATS, as_bytes, generate
from benchmarks.laid_out_tables import lay_out
from benchmarks.pollock_scoring import WEIGHTS, score
from benchmarks.polluting import further_files, pollock_files, tables
from benchmarks.reading import ours
from benchmarks.written_tables import write_all


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


def test_pollution_changes_one_place_of_a_file() -> None:
    readings = tables()[1]
    files = {file.name: file for file in pollock_files(readings)}
    source = files["source"].data.split(b"\r\n")

    stray = files["row_extra_quote_row1_col2"]
    assert stray.data.split(b"\r\n")[1] == source[1].replace(b",2023", b',"2023')
    assert stray.clean[1][2] == '"' + readings.grid[1][2]
    less = files["row_less_sep_row1_col1"]
    assert less.data.split(b"\r\n")[1] == source[1].replace(b",", b"", 1)
    assert less.clean[1][0] == "1Zürich"
    more = files["row_more_sep_row1_col1"]
    assert more.data.split(b"\r\n")[1] == source[1].replace(b",", b",,", 1)
    assert more.clean[1][:3] == ["1", "", "Zürich"]


def test_each_pollution_of_pollock_has_a_weight() -> None:
    for table in tables():
        for file in pollock_files(table):
            assert file.name in WEIGHTS or file.kind in WEIGHTS


@pytest.mark.parametrize(
    ("loaded", "points"),
    [
        ([["a", "b"], ["1", "x"], ["2", "y"]], 10),
        ([["A", "b"], ["1.0", "X"], ["2", "y"]], 7 + 3 * 3 / 6),  # cells are compared as written
        ([["a", "b"], ["1", "x"]], 1 + 3 + (1 / 2 + 1 + 2 / 3) + (4 / 6 + 1 + 4 / 5)),
        ([["c", "d"], ["3", "z"], ["4", "w"]], 1),
        ([], 1),
        (None, 0),
    ],
)
def test_points_for_what_was_loaded(loaded: list[list[str]] | None, points: float) -> None:
    assert score([["a", "b"], ["1", "x"], ["2", "y"]], loaded) == pytest.approx(points)


def test_polluted_files_are_read_well(tmp_path: Path) -> None:
    """One file of each kind; the benchmark reads all of them."""
    readings = tables()[1]
    for polluted_files, least in ((pollock_files, 9.3), (further_files, 9.7)):
        kinds = {}
        for file in polluted_files(readings):
            if not file.name.endswith("row0_col0"):
                kinds.setdefault(file.name if file.name in WEIGHTS else file.kind, file)
        points = []
        for file in kinds.values():
            path = tmp_path / "polluted.csv"
            path.write_bytes(file.data)
            points.append(score(file.clean, ours(path)))
        assert sum(points) / len(points) >= least


def test_a_written_table_reads_back_in_its_own_dialect() -> None:
    for written in write_all(100, seed=5):
        answer = Answer(written.delimiter, written.quote, written.escape)
        assert reads_back(answer, written), written.text


def test_a_laid_out_table_has_its_names_where_it_says() -> None:
    for laid in lay_out(100, seed=5):
        lines = laid.text.splitlines()
        rows = len(lines) - laid.preamble_lines - laid.header_rows - laid.footer_lines
        assert laid.header_row in (laid.preamble_lines, None)
        assert rows >= laid.records


@pytest.mark.parametrize("columns", [10, 30])
def test_a_spec_of_a_model_is_timed_in_its_parts(columns: int, tmp_path: Path) -> None:
    profile = profile_source(str(specifying.table(tmp_path / "wide.csv", columns)))
    for repairs in (0, 1):
        seconds = specifying.measure_one([profile], "openai", repairs, tmp_path / "home")
        assert seconds.pop("cpu") > 0
        assert set(seconds) == {"seconds", *specifying.PARTS, "rest"}
        assert sum(seconds.values()) == pytest.approx(2 * seconds["seconds"])
        assert min(seconds.values()) > 0


@pytest.mark.parametrize("kind", faulty_specs.KINDS)
def test_nonsense_is_the_same_each_time_and_no_good_answer(kind: str) -> None:
    good = EXAMPLES[0].answer
    written = [faulty_specs.write(kind, good, Random(seed)) for seed in range(5)]
    assert written == [faulty_specs.write(kind, good, Random(seed)) for seed in range(5)]
    assert json.dumps(good) not in written


def test_a_model_that_fails_is_measured_against_its_limits(tmp_path: Path) -> None:
    outcome = model_faults.run(2, model_faults.profiles_in(tmp_path), tmp_path)
    assert outcome.failed == []
    assert outcome.ended
    assert outcome.kinds


def test_a_limit_that_is_passed_is_told() -> None:
    meter = Meter(spent=900, reached=[(0, 600), (600, 600)])
    settings = load_settings(llm_max_calls=2, llm_job_tokens=800, llm_deadline=1)
    told = list(model_faults.kept_to_limits(3, meter, settings, seconds=100))
    assert [line.partition(" ")[0] for line in told] == ["3", "900", "request", "took"]

"""A full profile of files that are cut into many pieces."""

import datetime as dt
import gzip
import io
import json
import random
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling import FileProfile, profile_source
from ai_data_engineer.profiling.full.column_state import Limits
from ai_data_engineer.profiling.full.progress import Progress
from ai_data_engineer.settings import load_settings
from benchmarks.generate import generate
from tests.profiling.full.comparing import assert_same_figures

Write = Callable[[str, str], str]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_data_engineer.profiling.full.csv_pieces.CHUNK", 4096)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: str) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode())
        return str(path)

    return write


def full(uri: str, **settings: int) -> FileProfile:
    return profile_source(uri, mode="full", settings=load_settings(**settings))


@pytest.mark.parametrize(
    ("name", "content", "warned"),
    [
        ("a.csv", "id| amount\n" + "".join(f"{n}| {n}.5 \n" for n in range(30)), "W_WHITESPACE"),
        (
            "a.ndjson",
            "".join(json.dumps({"id": n, "v": n if n % 2 else str(n)}) + "\n" for n in range(30)),
            "W_MIXED_TYPES",
        ),
    ],
)
def test_what_the_sample_shows_is_true_of_the_whole_file(
    write: Write, name: str, content: str, warned: str
) -> None:
    path = write(name, content)

    for profile in (profile_source(path), full(path)):
        assert [w.code for w in profile.warnings].count(warned) == 1


@pytest.mark.parametrize("format", ["csv", "ndjson", "json", "xml"])
def test_a_file_that_fits_the_sample_has_the_figures_of_the_sample(
    format: str, tmp_path: Path
) -> None:
    path = tmp_path / f"orders.{format}"
    generate(format, path, 60_000)
    sampled = profile_source(str(path))
    assert sampled.records.are_all_read

    found = full(str(path))

    assert_same_figures(found, sampled)
    assert found.candidate_keys == sampled.candidate_keys
    assert found.record_schema == sampled.record_schema
    assert (found.mode, found.records.total_is_exact) == ("full", True)
    assert (
        found.records.model_copy(update={"rejects": (), "rejected_reasons": {}}) == sampled.records
    )
    assert [w.code for w in found.warnings] == [w.code for w in sampled.warnings]


def test_figures_of_the_whole_file_not_of_its_beginning(write: Write) -> None:
    random_ = random.Random(3)
    values = [round(random_.lognormvariate(3, 1), 3) for _ in range(30_000)]
    uri = write("v.csv", "v,even\n" + "".join(f"{v},{i % 2}\n" for i, v in enumerate(values)))

    found = full(uri, CSV_MAX_ROWS=50).columns[0]

    series = pl.Series(values)
    assert (found.min, found.max) == (series.min(), series.max())
    assert found.mean == pytest.approx(series.mean())
    assert found.std == pytest.approx(series.std())
    assert found.skew == pytest.approx(series.skew())
    assert found.distinct_count == series.n_unique()
    assert list(found.quantiles) == ["0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99"]
    for share, value in found.quantiles.items():
        assert value == pytest.approx(series.quantile(float(share), "linear"), rel=1e-9)
    assert sum(b.count for b in found.histogram) == len(values)


@pytest.mark.parametrize("most", [10, 100_000])
def test_dates_and_datetimes_have_a_histogram(
    write: Write, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    for name in ("counted", "hashes", "sampled"):
        monkeypatch.setattr(Limits, name, max(most, 512))
    monkeypatch.setattr(Limits, "counted", most)
    start = dt.datetime(1970, 1, 1)
    moments = [start + dt.timedelta(hours=i) for i in range(3_000)]
    lines = "".join(f"{m:%Y-%m-%d},{m.isoformat()}Z\n" for m in moments)
    uri = write("moments.csv", "day,at\n" + lines)

    day, at = full(uri, CSV_MAX_ROWS=300).columns

    assert (day.type.name, at.type.name) == ("date", "datetime")
    assert (day.histogram[0].low, day.histogram[-1].high) == (0, 124 * 86_400)
    assert (at.histogram[0].low, at.histogram[-1].high) == (0, 2_999 * 3_600)
    assert [sum(b.count for b in c.histogram) for c in (day, at)] == [3_000, 3_000]


def test_a_column_of_very_many_values_is_summed_up(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("counted", 512), ("hashes", 4_096), ("sampled", 4_096)):
        monkeypatch.setattr(Limits, name, value)
    rows = [(i // 2 * 7919 % 20_011, f" n{i // 2 * 31 % 9_973}") for i in range(60_000)]
    uri = write("many.csv", "id,name\n" + "".join(f"{a},{b}\n" for a, b in rows))

    number, name = full(uri, CSV_MAX_ROWS=300).columns

    assert (number.distinct_is_exact, name.distinct_is_exact) == (False, False)
    assert number.distinct_count == pytest.approx(20_011, rel=4 * (number.distinct_error or 0))
    assert name.distinct_count == pytest.approx(9_973, rel=4 * (name.distinct_error or 0))
    assert (number.min, number.max) == (0, 20_010)
    assert number.mean == pytest.approx(sum(a for a, _ in rows) / 60_000)
    assert number.quantiles["0.5"] == pytest.approx(10_005, rel=0.05)
    assert sum(b.count for b in number.histogram) == 60_000
    assert (name.min_length, name.max_length) == (2, 5)
    assert number.estimated_from is not None
    assert 1_000 < number.estimated_from <= 4_096


def test_bad_records_are_counted_and_listed_with_their_lines(write: Write) -> None:
    good = '1,"two\r\nlines",3\r\n'
    uri = write(
        "bad.csv", "a,b,c\r\n" + good * 800 + "note\r\n" + good * 700 + "1,2,3,4\r\n" + good
    )

    found = full(uri)

    assert (found.records.read, found.records.rejected, found.records.ragged) == (1503, 2, 2)
    assert [(r.line, r.reason) for r in found.records.rejects] == [
        (1602, "1 cell instead of 3"),
        (3003, "4 cells instead of 3"),
    ]
    assert found.records.rejected_reasons == {"1 cell instead of 3": 1, "4 cells instead of 3": 1}
    assert "2 of 1,503, the first at line 1602" in str(found.warnings)


def test_rows_that_lack_cells_are_counted(write: Write) -> None:
    uri = write("short.csv", "a,b,c\n" + "1,2,3\n" * 2_000 + "1,2\n" * 3 + "1,2,3\n" * 2_000)

    found = full(uri)

    assert (found.records.read, found.records.ragged, found.records.rejected) == (4_003, 3, 0)
    assert found.columns[2].null_count == 3
    assert "3 of 4,003, the first at line 2002" in str(found.warnings)


def test_a_key_is_verified_over_the_whole_file(write: Write) -> None:
    ids = [*range(1, 5_001)]
    code = [f"k{i * 7919 % 100_003:06d}" for i in ids]
    table = "id,code,late_id\n" + "".join(
        f"{i},{c},{i if i < 5_000 else 17}\n" for i, c in zip(ids, code, strict=True)
    )

    found = full(write("keys.csv", table))

    assert [c.is_unique for c in found.columns] == [True, True, False]
    assert [c.distinct_count for c in found.columns] == [5_000, 5_000, 4_999]
    assert all(c.distinct_is_exact for c in found.columns)
    assert found.candidate_keys == (("id",), ("code",))


def test_a_compound_key_is_verified_over_the_whole_file(write: Write) -> None:
    rows = [(f"s{i % 40}", f"2024-{i // 1200 + 1:02d}-{i // 40 % 28 + 1:02d}") for i in range(1120)]
    table = "store,day,amount\n" + "".join(f"{a},{b},1.5\n" for a, b in rows)
    again = table + f"{rows[0][0]},{rows[0][1]},2.5\n"

    assert profile_source(write("k.csv", table)).candidate_keys == (("store", "day"),)
    assert full(write("k.csv", table)).candidate_keys == (("store", "day"),)
    assert full(write("k.csv", again)).candidate_keys == ()


@pytest.mark.parametrize(
    ("late", "kind", "unparsed"),
    [
        pytest.param(["2.5"], "float64", 0, id="a fraction among integers"),
        pytest.param(["99999999999999999999"], "decimal(38,0)", 0, id="an integer too long"),
        pytest.param(["eight"] * 20, "int64", 20, id="few that are none"),
        pytest.param(["red", "green", "blue"] * 300, "string", 0, id="many that are none"),
        pytest.param(["N/A"] * 300, "int64", 0, id="a null token that comes late"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("different", [50, 60_000])
def test_a_type_that_the_whole_file_refutes_is_widened(
    write: Write, late: list[str], kind: str, unparsed: int, different: int
) -> None:
    numbers = [str(i * 7919 % different) for i in range(18_000)]
    uri = write("n.csv", "n,other\n" + "".join(f"{v},x\n" for v in numbers + late))

    found = full(uri, CSV_MAX_ROWS=500).columns[0]

    assert (str(found.type), found.unparsed_count) == (kind, unparsed)
    assert found.support == (0.9989 if unparsed else 1.0)


def test_digits_that_a_float_would_lose_make_a_decimal(write: Write) -> None:
    numbers = [f"{i}.5" for i in range(9_000)] + ["0.12345678901234567891"]
    uri = write("d.csv", "d,other\n" + "".join(f"{v},x\n" for v in numbers))

    found = full(uri, CSV_MAX_ROWS=500).columns[0]

    assert (str(found.type), found.max) == ("decimal(38,20)", "8999.50000000000000000000")


def test_all_files_of_a_glob_are_read(tmp_path: Path) -> None:
    for name, start in (("a", 0), ("b", 3_000)):
        rows = "".join(f"{i},x\n" for i in range(start, start + 3_000))
        (tmp_path / f"{name}.csv").write_text("id,x\n" + rows + "broken\n")

    found = full(str(tmp_path / "*.csv"))

    assert (found.records.read, found.records.total_is_exact) == (6_002, True)
    assert (found.columns[0].min, found.columns[0].max) == (0, 5_999)
    assert [(Path(r.file or "").name, r.line) for r in found.records.rejects] == [
        ("a.csv", 3_002),
        ("b.csv", 3_002),
    ]
    assert "W_SEVERAL_FILES" not in [w.code for w in found.warnings]


def test_a_file_of_a_glob_with_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,x\n" + "1,2\n" * 30)
    (tmp_path / "b.csv").write_text("id,y\n" + "1,2\n" * 30)

    with pytest.raises(SourceError, match=r"E_HEADER .*b\.csv"):
        full(str(tmp_path / "*.csv"))


def test_a_compressed_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"id,x\n" + b"".join(b"%d,y\n" % i for i in range(4_000))))

    found = full(str(path), CSV_MAX_ROWS=100)

    assert (found.records.read, found.columns[0].max) == (4_000, 3_999)
    assert found.bytes_read == len(gzip.decompress(path.read_bytes()))


def workbook(rows: list[tuple[int, str]]) -> bytes:
    target = io.BytesIO()
    pl.DataFrame(rows, schema=["id", "name"], orient="row").write_excel(target)
    return target.getvalue()


def avro(rows: list[tuple[int, str]]) -> bytes:
    target = io.BytesIO()
    pl.DataFrame(rows, schema=["id", "name"], orient="row").write_avro(target)
    return target.getvalue()


def archive(rows: list[tuple[int, str]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("t.csv", "id,name\n" + "".join(f"{i},{name}\n" for i, name in rows))
    return target.getvalue()


def columns_of_text(rows: list[tuple[int, str]]) -> bytes:
    lines = [f"{i:<8}{name:<10}{i % 7:>4}\n" for i, name in rows]
    return ("id      name       day\n" + "".join(lines)).encode()


@pytest.mark.parametrize(
    ("name", "make"),
    [("t.xlsx", workbook), ("t.avro", avro), ("t.zip", archive), ("t.txt", columns_of_text)],
)
def test_other_formats_are_read_whole(
    name: str, make: Callable[[list[tuple[int, str]]], bytes], tmp_path: Path
) -> None:
    rows = [(i, f"n{i % 30}") for i in range(1, 2_501)]
    (tmp_path / name).write_bytes(make(rows))

    found = full(str(tmp_path / name), CSV_MAX_ROWS=100, JSON_MAX_OBJS=100)

    assert (found.records.read, found.records.rejected) == (2_500, 0)
    number, text = found.columns[:2]
    assert (number.min, number.max, number.is_unique) == (1, 2_500, True)
    assert (text.distinct_count, text.distinct_is_exact) == (30, True)


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.DataFrame(
        {
            "id": range(5_000),
            "tags": [["a", None], []] * 2_500,
            "place": [{"x": 1.5}, None] * 2_500,
            "share": [0.5, float("nan")] * 2_500,
        }
    ).write_parquet(path)

    found = {c.name: c for c in full(str(path)).columns}

    assert {n: str(c.type) for n, c in found.items()} == {
        "id": "int64", "tags": "list<string>", "place": "struct<x: float64>", "share": "float64",
    }  # fmt: skip
    assert (found["id"].is_unique, found["id"].max) == (True, 4_999)
    assert (found["tags"].distinct_count, found["place"].distinct_count) == (2, 1)
    assert (found["place"].null_count, found["share"].unparsed_count) == (2_500, 2_500)


def test_progress_is_told_and_what_it_raises_ends_the_profile(write: Write) -> None:
    uri = write("p.csv", "id,x\n" + "".join(f"{i},y\n" for i in range(20_000)))
    seen: list[Progress] = []

    profile_source(uri, mode="full", progress=seen.append)

    assert [p.records for p in seen] == sorted(p.records for p in seen)
    assert seen[-1].records == 20_000
    assert seen[-1].bytes_read == seen[-1].total_bytes == Path(uri).stat().st_size
    assert len(seen) > 10


def test_a_profile_that_is_stopped_leaves_nothing_behind(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    uri = write("p.csv", "id,x\n" + "".join(f"{i},y\n" for i in range(20_000)))
    profile_source(uri)
    before = len(list(Path("/proc/self/fd").iterdir()))

    def stop(progress: Progress) -> None:
        if progress.records > 5_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        profile_source(uri, mode="full", progress=stop)

    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert [t for t in threading.enumerate() if t.name.startswith("ade-profile")] == []
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_same_file_gives_the_same_profile(write: Write) -> None:
    uri = write("s.csv", "v\n" + "".join(f"{i * 7919 % 60_013}.25\n" for i in range(40_000)))

    assert full(uri) == full(uri)


def test_another_cell_gives_another_digest(write: Write) -> None:
    rows = "".join(f"{i},y\n" for i in range(4_000))
    digests = {
        full(write("d.csv", "id,x\n" + rows + last), CSV_MAX_ROWS=10).digest
        for last in ("4000,y\n", "4000,z\n")
    }

    assert len(digests) == 2


def test_values_of_a_long_text_are_not_shown(write: Write) -> None:
    uri = write("t.csv", "t,n\n" + "".join(f"{'word ' * 30}{i},1\n" for i in range(200)))

    found = full(uri).columns[0]

    assert (found.min, found.top_values, found.max_length) == (None, (), 153)


def test_json_fields_that_come_after_the_sample_are_told(write: Write) -> None:
    early = "".join(json.dumps({"id": i}) + "\n" for i in range(30))
    late = "".join(json.dumps({"id": i, "new": 1}) + "\n" for i in range(30, 60))

    found = full(write("j.ndjson", early + late), JSON_MAX_OBJS=20)

    assert "W_UNREAD_FIELDS" in [w.code for w in found.warnings]

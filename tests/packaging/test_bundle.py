"""From a spec to a ZIP that has run, and to the owner's run on the full file."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.errors import OutputError, SourceError, VerificationError
from ai_data_engineer.packaging.archive import write_archive
from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.settings import load_settings
from ai_data_engineer.spec.spec import PipelineSpec

pytestmark = pytest.mark.bundle


def report(output: Path) -> dict[str, Any]:
    return json.loads((output / "run_report.json").read_text())  # type: ignore[no-any-return]


def test_the_record_says_how_the_project_did(orders_bundle: Any) -> None:
    record = orders_bundle.record

    assert record.sha256 == hashlib.sha256(Path(record.path).read_bytes()).hexdigest()
    assert record.files == len(orders_bundle.names)
    assert [
        (s.id, s.rows_in, s.rows_out, s.rejected, s.removed) for s in record.verification.steps
    ] == [
        ("raw", 6, 4, 2, 0),
        ("once", 4, 3, 0, 1),
    ]
    assert record.verification.tests.failed == 0
    assert record.verification.tests.passed >= 6
    assert record.verification.judged_by_great_expectations == 2
    assert set(record.seconds) == {"run", "expected", "tests"}


def test_the_tree_is_what_the_readme_says(orders_bundle: Any) -> None:
    expected = set(
        """
        .env.example .github/workflows/ci.yml Dockerfile MANIFEST.json README.md
        contracts/orders.odcs.yaml gx/expectations/orders.json gx/expectations/raw.json
        prefect.yaml pyproject.toml requirements.lock sample/raw.csv schemas/orders.schema.json
        spec.json src/orders/__main__.py src/orders/config.py src/orders/flow.py
        src/orders/pipeline.py src/orders/quality.py src/orders/sources.py src/orders/steps.py
        src/orders/io/csv_reader.py tests/cases/sample/expected/orders.ndjson tests/test_cases.py
        tests/test_quality.py tests/test_schema.py verification.json
        """.split()  # noqa: SIM905 - as a list it would not be read
    )

    assert expected <= set(orders_bundle.names)
    # Only what this source needs is copied.
    assert "src/orders/io/xml_reader.py" not in orders_bundle.names
    assert orders_bundle.names == sorted(orders_bundle.names)


def test_nothing_of_ours_is_needed_to_run_it(orders_bundle: Any) -> None:
    for path in (orders_bundle.folder / "src").rglob("*.py"):
        assert "ai_data_engineer" not in path.read_text()


def test_the_manifest_holds_every_file(orders_bundle: Any) -> None:
    manifest = json.loads((orders_bundle.folder / "MANIFEST.json").read_text())["sha256"]

    assert set(manifest) == set(orders_bundle.names) - {"MANIFEST.json"}
    for name, digest in manifest.items():
        data = (orders_bundle.folder / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest


def test_the_same_input_gives_the_same_bytes(orders_bundle: Any, tmp_path: Path) -> None:
    spec = PipelineSpec.from_json((orders_bundle.folder / "spec.json").read_bytes())

    again = package(spec, [], tmp_path / "again.zip")

    assert again.sha256 == orders_bundle.record.sha256


def test_the_unpacked_project_runs_on_the_full_file(
    orders_bundle: Any, orders_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"

    ran = orders_bundle.run("run", "--source", str(orders_file), "--output", str(output))

    assert ran.returncode == 0, ran.stderr
    assert pl.read_parquet(output / "orders.parquet").rows() == [
        (1, Decimal("1234.50"), "Müller", dt.date(2024, 1, 2)),
        (2, Decimal("7.00"), 'O"Neill;x', dt.date(2024, 1, 3)),
        (4, Decimal("9.99"), "Zoë", None),
    ]


def test_rows_that_do_not_parse_are_kept_aside(
    orders_bundle: Any, orders_file: Path, tmp_path: Path
) -> None:
    orders_bundle.run("run", f"--source=raw={orders_file}", "--output", str(tmp_path))

    rejects = [json.loads(line) for line in (tmp_path / "rejects.ndjson").read_text().splitlines()]
    assert [(r["source"], r["line"], r["reason"]) for r in rejects] == [
        ("raw", 8, "6 cells instead of 4"),
        ("raw", 6, "amount: not a decimal(10,2)"),
    ]


def test_a_run_leaves_outputs_report_and_rejects_only(orders_bundle: Any, tmp_path: Path) -> None:
    orders_bundle.run("run", "--sample", "--output", str(tmp_path))

    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "orders.parquet",
        "rejects.ndjson",
        "run_report.json",
        "run_report.md",
    ]


def test_a_failed_critical_expectation_publishes_nothing(
    orders_bundle: Any, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    orders_bundle.run("run", "--sample", "--output", str(output))
    before = (output / "orders.parquet").read_bytes()
    other = tmp_path / "other.csv"
    other.write_text("by hand\nNr;Betrag;Kunde;Tag\n1;1;a;01.01.2024\n1;2;b;01.01.2024\n")

    ran = orders_bundle.run("run", "--source", str(other), "--output", str(output))

    assert ran.returncode == 1
    assert ran.stderr == (
        "orders: E_EXPECTATION orders_1 (expect_column_values_to_be_unique) failed; nothing was "
        "published. run_report.md says how many rows were not as expected.\n"
    )
    assert (output / "orders.parquet").read_bytes() == before
    assert report(output)["success"] is False
    assert [e["success"] for e in report(output)["expectations"]] == [False, True]
    assert (output / "rejects.ndjson").read_text() == ""  # of this run, not of the one before


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("missing.csv", "E_NOT_FOUND"),
        ("nobody=missing.csv", "E_NOT_FOUND"),
        (".", "E_IS_DIRECTORY"),
    ],
)
def test_an_unusable_source_is_one_line_and_exit_2(
    orders_bundle: Any, tmp_path: Path, source: str, code: str
) -> None:
    for verb in (["run", "--output", str(tmp_path)], ["check"]):
        ran = orders_bundle.run(*verb, "--source", source)

        assert ran.returncode == 2
        assert ran.stderr.startswith(f"orders: {code} ")
        assert ran.stderr.count("\n") == 1


def test_a_file_with_other_columns_is_refused(orders_bundle: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("by hand\nNr;Kunde;Betrag;Tag\n1;a;1;01.01.2024\n")

    ran = orders_bundle.run("run", "--source", str(other), "--output", str(tmp_path / "out"))

    assert ran.returncode == 2
    assert "E_HEADER" in ran.stderr
    assert not (tmp_path / "out" / "orders.parquet").exists()


def test_check_writes_nothing(orders_bundle: Any, tmp_path: Path) -> None:
    ran = orders_bundle.run("check", "--sample")

    assert (ran.returncode, ran.stdout) == (0, "orders: 1 of 1 sources can be read.\n")


def test_a_person_adds_a_case_without_code(orders_bundle: Any, tmp_path: Path) -> None:
    project = shutil.copytree(orders_bundle.folder, tmp_path / "project")
    case = project / "tests" / "cases" / "no_rows"
    case.mkdir()
    (case / "raw.csv").write_text("by hand\nNr;Betrag;Kunde;Tag\n")

    def test(**environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_cases.py"],
            cwd=project,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": "src", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    assert "cases/no_rows/expected/orders.ndjson is not there; UPDATE_EXPECTED=1" in test().stdout
    assert test(UPDATE_EXPECTED="1").returncode == 0
    expected = case / "expected"
    assert [p.name for p in sorted(expected.iterdir())] == ["_rejects.ndjson", "orders.ndjson"]
    (expected / "orders.ndjson").write_text('{"id":7}\n')
    assert '-{"id":7}' in test().stdout.splitlines()


def test_great_expectations_itself_loads_the_suite(orders_bundle: Any, tmp_path: Path) -> None:
    load = """
import great_expectations as gx
context = gx.get_context(mode="file", project_root_dir=".")
for name in ("orders", "raw"):
    print(len(context.suites.get(name).expectations))
"""
    ran = subprocess.run(
        [sys.executable, "-c", load],
        cwd=orders_bundle.folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "DO_NOT_TRACK": "1",
            "TEMPORARILY_DISABLE_PROTOBUF_VERSION_CHECK": "true",  # see tests/conftest.py
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["1", "1"]


def test_a_project_that_does_not_run_leaves_no_zip(
    orders_spec: Any, orders_file: Path, tmp_path: Path
) -> None:
    twice = {"on": "raw", "type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}}
    spec = orders_spec(orders_file, expectations=[twice])

    with pytest.raises(VerificationError, match=r"E_EXPECTATION raw_1") as raised:
        package(spec, [], tmp_path / "orders.zip")

    assert "Neill" not in str(raised.value)
    assert [p.name for p in tmp_path.iterdir()] == ["orders.csv"]


def test_time_and_memory_are_bounded(orders_spec: Any, orders_file: Path, tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match=r"E_VERIFICATION_TIMEOUT .*ADE_VERIFY_TIMEOUT"):
        package(
            orders_spec(orders_file),
            [],
            tmp_path / "orders.zip",
            settings=load_settings(verify_timeout=0.05),
        )
    assert not (tmp_path / "orders.zip").exists()


def test_a_source_that_is_gone_is_said_before_anything_is_rendered(
    orders_spec: Any, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="E_NOT_FOUND"):
        package(orders_spec(tmp_path / "gone.csv"), [], tmp_path / "orders.zip")


@pytest.mark.parametrize("place", ["", ".", "/", "folder"])
def test_a_folder_is_refused_before_anything_is_read(
    orders_spec: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"^E_OUTPUT .*folder, not a file"):
        package(orders_spec(tmp_path / "gone.csv"), [], Path(place))


def test_the_address_that_was_read_leaves_no_credentials(
    orders_spec: Any, orders_file: Path, tmp_path: Path
) -> None:
    handler = functools.partial(Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address = f"127.0.0.1:{server.server_port}/orders.csv?page=1"
    uri = f"http://ada:lovelace@{address}&X-Amz-Signature=hunter2"
    try:
        profile = profile_source(uri)
        record = package(orders_spec(uri), [profile], tmp_path / "orders.zip")
    finally:
        server.shutdown()
        server.server_close()

    with zipfile.ZipFile(record.path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert json.loads(files["spec.json"])["sources"][0]["uri"] == f"http://{address}"
    assert json.loads(files["profile/raw.json"])["uri"] == f"http://{address}"
    whole = b"".join(files.values())
    assert b"lovelace" not in whole
    assert b"hunter2" not in whole


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without writing to standard error."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../x",
        "a/../b",
        "a//b",
        "a\\b",
        "c:x",
        "a\nb",
        "a\n",
        "é",
        "",
        "con",
        "sub/NUL.txt",
        "dot.",
        "a/ b",
        "x" * 300,
    ],
)
def test_an_unsafe_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="E_UNSAFE_NAME"):
        write_archive({name: b""}, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_names_that_some_systems_take_for_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="one file on some systems"):
        write_archive({"README.md": b"", "readme.MD": b""}, tmp_path / "a.zip")


def test_an_archive_says_nothing_of_when_and_where_it_was_made(tmp_path: Path) -> None:
    write_archive({"b": b"2", "a": b"1"}, tmp_path / "a.zip")

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert [(m.filename, m.date_time, m.create_system) for m in archive.infolist()] == [
            ("a", (1980, 1, 1, 0, 0, 0), 3),
            ("b", (1980, 1, 1, 0, 0, 0), 3),
        ]

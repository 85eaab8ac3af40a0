"""Bad input: one clear line, an `E_…` code, the right exit code, nothing half-written."""

from __future__ import annotations

import bz2
import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from ai_data_engineer.cli import app

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06" + bytes(64)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<rows><row><x>&b;</x></row><row><x>2</x></row></rows>"
)
ROWS = b"id,amount\n" + b"".join(b"%d,%d.50\n" % (i, i * 3) for i in range(2000))

BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("empty.csv", b"", "E_EMPTY"),
    "blank": ("blank.csv", b"\n\n  \n", "E_EMPTY"),
    "a_word_alone": ("word.csv", b"id\n", "E_NO_ROWS"),
    "binary": ("picture.csv", PNG, "E_BINARY"),
    "noise": ("noise.csv", bytes(range(256)) * 40, "E_BINARY"),
    "truncated_gzip": (
        "cut.csv.gz",
        gzip.compress(os.urandom(40_000).hex().encode())[:-9000],
        "E_TRUNCATED",
    ),
    "broken_bz2": ("broken.csv.bz2", bz2.compress(ROWS)[:30] + b"nonsense" * 9, "E_"),
    "broken_off_json": ("cut.json", b'[{"a": 1}, {"a": 2}, {"a": ', "E_BROKEN_JSON"),
    "broken_off_xml": ("cut.xml", b"<rows><row><a>1</a></row><row><a>2", "E_BROKEN_XML"),
    "doctype": ("bomb.xml", BOMB.encode(), "E_XML_DOCTYPE"),
    "html": ("page.csv", b"<!DOCTYPE html><html><body><p>404</p></body></html>", "E_"),
    "pdf": ("report.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + bytes(200), "E_BINARY"),
}


@pytest.fixture
def ade(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    monkeypatch.setenv("ADE_HOME", str(tmp_path / "home"))
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(a) for a in arguments])


def assert_one_clear_line(result: Any, code: str, exit_code: int = 2) -> None:
    assert result.exit_code == exit_code, result.output
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith(code)
    assert "E_INTERNAL" not in lines[0]
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("name", "content", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file(
    ade: Callable[..., Any], tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert_one_clear_line(ade("profile", path, "--json", tmp_path / "profile.json"), code)
    assert sorted(p.name for p in tmp_path.iterdir()) == [name]


def test_a_missing_path(ade: Callable[..., Any], tmp_path: Path) -> None:
    assert_one_clear_line(ade("profile", tmp_path / "nowhere.csv"), "E_NOT_FOUND")


def test_a_glob_without_a_match(ade: Callable[..., Any], tmp_path: Path) -> None:
    assert_one_clear_line(ade("profile", tmp_path / "*.csv"), "E_NOT_FOUND")


def test_a_file_of_a_glob_whose_columns_stand_in_another_order_is_named(
    ade: Callable[..., Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("id,price,cost\n1,2.5,2.0\n2,3.5,3.0\n")
    (tmp_path / "b.csv").write_text("id,cost,price\n3,2.5,2.0\n4,3.5,3.0\n")
    spec = tmp_path / "spec.json"
    assert ade("specify", tmp_path / "*.csv", "--provider", "offline", "-o", spec).exit_code == 0
    assert ade("run", spec, "--output", tmp_path / "out").exit_code == 2
    told = capfd.readouterr().err
    assert "E_HEADER" in told
    assert str(tmp_path / "b.csv") in told
    assert not list((tmp_path / "out").glob("*.parquet"))


def test_a_directory(ade: Callable[..., Any], tmp_path: Path) -> None:
    assert_one_clear_line(ade("profile", tmp_path), "E_IS_DIRECTORY")


def test_a_file_over_the_limit(
    ade: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.csv").write_bytes(ROWS)
    monkeypatch.setenv("MAX_FILE_SIZE", "4KiB")
    result = ade("profile", tmp_path / "large.csv")
    assert_one_clear_line(result, "E_TOO_LARGE")
    assert "MAX_FILE_SIZE" in result.stderr


def test_a_compression_bomb(
    ade: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000))
    monkeypatch.setenv("ADE_MAX_EXPANDED_SIZE", "1MiB")
    assert_one_clear_line(ade("profile", tmp_path / "bomb.csv.gz"), "E_EXPANSION")


def test_a_wrong_setting(ade: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSV_MAX_ROWS", "many")
    result = ade("profile", "x.csv")
    assert_one_clear_line(result, "E_SETTING")
    assert "CSV_MAX_ROWS=1000" in result.stderr


@pytest.fixture
def spec(ade: Callable[..., Any], tmp_path: Path) -> Path:
    (tmp_path / "orders.csv").write_bytes(ROWS)
    path = tmp_path / "spec.json"
    assert (
        ade("specify", tmp_path / "orders.csv", "--provider", "offline", "-o", path).exit_code == 0
    )
    return path


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"op": "filter", "where": "amuont > 1"}, "E_UNKNOWN_COLUMN"),
        ({"op": "teleport"}, "E_UNKNOWN_OPERATOR"),
    ],
)
@pytest.mark.parametrize("verb", ["validate", "run", "package"])
def test_a_spec_with_findings(
    ade: Callable[..., Any],
    spec: Path,
    tmp_path: Path,
    verb: str,
    change: dict[str, str],
    code: str,
) -> None:
    document = json.loads(spec.read_text())
    first = document["outputs"][0]["input"]
    document["steps"].append({"id": "extra", "inputs": [first], **change})
    document["outputs"][0]["input"] = "extra"
    spec.write_text(json.dumps(document))
    target = tmp_path / "made"
    where = {"validate": [], "run": ["--output", target], "package": ["-o", target]}[verb]
    result = ade(verb, spec, *where)
    assert result.exit_code == 1
    assert code in result.stderr
    assert not target.exists()


def test_an_output_path_that_climbs_out(
    ade: Callable[..., Any], spec: Path, tmp_path: Path
) -> None:
    document = json.loads(spec.read_text())
    document["outputs"][0]["path"] = "../../escaped.parquet"
    spec.write_text(json.dumps(document))
    result = ade("run", spec, "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert "E_UNSAFE_PATH" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "code"), [("not json", "E_SPEC"), ("[]", "E_SPEC"), ("[" * 100_000, "E_SPEC")]
)
def test_a_spec_that_is_none(
    ade: Callable[..., Any], tmp_path: Path, content: str, code: str
) -> None:
    (tmp_path / "spec.json").write_text(content)
    assert_one_clear_line(ade("validate", tmp_path / "spec.json"), code)


def test_a_source_that_the_spec_does_not_have(ade: Callable[..., Any], spec: Path) -> None:
    result = ade("validate", spec, "--source", "odrers=x.csv")
    assert_one_clear_line(result, "E_UNKNOWN_SOURCE")
    assert "`orders`" in result.stderr


def test_json_on_standard_output_stands_alone(ade: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(ROWS)
    result = ade("profile", tmp_path / "orders.csv", "--json", "-")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["records"]["total"] == 2000


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("ftp://ada:lovelace@host/a.csv", "E_ADDRESS"),
        ("memory://a.csv", "E_ADDRESS"),
        ("https://ada:lovelace@[::1/a.csv", "E_ADDRESS"),
        ("~nobody-has-this-name/a.csv", "E_NOT_FOUND"),
        ("two\nlines\x1b[2J.csv", "E_NOT_FOUND"),
        ("/dev/zero", "E_NOT_A_FILE"),
        ("http://169.254.169.254/latest/meta-data", "E_DENIED"),
        ("x" * 5000, "E_NOT_FOUND"),
        ("", "E_ADDRESS"),
    ],
)
def test_an_odd_address(ade: Callable[..., Any], source: str, code: str) -> None:
    result = ade("profile", source)
    assert_one_clear_line(result, code)
    assert "lovelace" not in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("target", ["", ".", "/", "folder"])
def test_a_folder_in_the_place_of_a_file(
    ade: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "rows.csv").write_bytes(ROWS)
    before = sorted(tmp_path.rglob("*"))
    assert_one_clear_line(ade("profile", "rows.csv", "--json", target or "."), "E_OUTPUT")
    result = ade("specify", "rows.csv", "-o", target)
    assert result.exit_code == 2
    assert "E_OUTPUT" in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_panic_of_a_library_is_one_line_without_its_text(
    ade: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import polars as pl

    def panics(*_: object) -> None:
        raise pl.exceptions.PanicException("cell-4711")

    monkeypatch.setattr("ai_data_engineer.cli._profiles", panics)
    result = ade("profile", "a.csv")
    assert result.exit_code == 2
    assert result.stderr.startswith("E_INTERNAL PanicException")
    assert "4711" not in result.output


def test_a_source_without_an_id_is_a_matter_of_usage(
    ade: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "spec.json").write_text("{}")
    result = ade("run", tmp_path / "spec.json", "--output", tmp_path / "o", "--source", "a.csv")
    assert result.exit_code == 2
    assert "ID=URI" in result.stderr


def test_a_delivery_of_nothing_can_be_planned_for_and_run(
    ade: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "orders.csv").write_bytes(b"order_id,amount\n")
    spec, out = tmp_path / "spec.json", tmp_path / "out"

    assert ade("specify", tmp_path / "orders.csv", "--output", spec).exit_code == 0
    assert ade("run", spec, "--output", out).exit_code == 0
    assert pl.read_parquet(out / "orders.parquet").columns == ["order_id", "amount"]

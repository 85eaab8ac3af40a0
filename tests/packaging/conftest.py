"""Specs over small real files, and bundles made of them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.packaging.bundle import BundleRecord, package
from ai_data_engineer.spec.spec import PipelineSpec

ORDERS = """\
exported by hand;;
Nr;Betrag;Kunde;Tag
1;1.234,50;Müller;02.01.2024
2;7,00;"O""Neill;x";03.01.2024
2;7,00;"O""Neill;x";03.01.2024
3;free;Ünal;03.01.2024
4;9,99;Zoë;
5;1;a;b;c;d
"""
NUMBER = {"decimal_mark": ",", "thousands_mark": "."}
ORDER_COLUMNS = [
    {"name": "id", "source_name": "Nr", "type": "int64", "nullable": False},
    {"name": "amount", "source_name": "Betrag", "type": "decimal(10,2)", "parse": NUMBER},
    {"name": "customer", "source_name": "Kunde", "type": "string"},
    {"name": "day", "source_name": "Tag", "type": "date", "parse": {"date_format": "%d.%m.%Y"}},
]


def _orders_spec(path: Path, **more: Any) -> PipelineSpec:
    """Orders from a cp1252 file: typed, each once."""
    return PipelineSpec.model_validate(
        {
            "name": "orders",
            "description": "Orders, each once.",
            "assumptions": ["`Nr` identifies an order."],
            "sources": [
                {
                    "id": "raw",
                    "uri": str(path),
                    "format": "csv",
                    "encoding": "cp1252",
                    "dialect": {"delimiter": ";", "preamble_lines": 1, "header_row": 1},
                    "columns": ORDER_COLUMNS,
                }
            ],
            "steps": [
                {"id": "once", "op": "deduplicate", "inputs": ["raw"], "note": "Exported twice."}
            ],
            "outputs": [{"id": "orders", "input": "once", "path": "orders.parquet"}],
            "expectations": [
                {"on": "orders", "type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
                {
                    "on": "raw",
                    "type": "expect_column_values_to_be_between",
                    "kwargs": {"column": "amount", "max_value": 100},
                    "severity": "warning",
                },
            ],
            "schedule": {"cron": "0 3 * * *"},
            **more,
        }
    )  # fmt: skip


@pytest.fixture
def orders_spec() -> Callable[..., PipelineSpec]:
    return _orders_spec


@pytest.fixture
def orders_file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS.encode("cp1252"))
    return path


class Bundle:
    """A bundle, unpacked."""

    def __init__(self, record: BundleRecord, folder: Path, name: str) -> None:
        self.record = record
        self.folder = folder
        self.name = name
        with zipfile.ZipFile(record.path) as archive:
            self.names = archive.namelist()
            archive.extractall(folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the project's command the way its owner would."""
        return subprocess.run(
            [sys.executable, "-m", self.name, *arguments],
            cwd=self.folder,
            env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="session")
def orders_bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("orders")
    path = folder / "orders.csv"
    path.write_bytes(ORDERS.encode("cp1252"))
    record = package(_orders_spec(path), [], folder / "orders.zip")
    return Bundle(record, folder / "unpacked", "orders")


@pytest.fixture(scope="session")
def make_bundle() -> Callable[[PipelineSpec, Path], Bundle]:
    """Return a function that packages a spec in a folder and unpacks the bundle."""

    def make(spec: PipelineSpec, folder: Path) -> Bundle:
        record = package(spec, [], folder / f"{spec.name}.zip")
        return Bundle(record, folder / "unpacked", spec.name)

    return make


@pytest.fixture
def unpacked(tmp_path: Path, make_bundle: Callable[..., Bundle]) -> Callable[..., Bundle]:
    """Return a function that packages a spec and unpacks the bundle."""
    return lambda spec: make_bundle(spec, tmp_path)

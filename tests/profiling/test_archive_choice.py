"""Which files of an archive a profile is of."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.profile_source import profile_source
from tests.workbooks import write_xlsx

ORDERS = b"id,amount\n" + b"".join(b"%d,%d.5\n" % (n, n) for n in range(1, 60))
CUSTOMERS = b"customer;city\n" + b"".join(b"%d;Ulm\n" % n for n in range(1, 9))
NOTE = b"These are the files\nthat you asked for.\n"


def pack(path: Path, files: dict[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return str(path)


@pytest.mark.parametrize(
    ("files", "member", "others"),
    [
        ({"orders.csv": ORDERS}, "", []),
        ({"may.csv": ORDERS, "june.csv": ORDERS}, "", []),
        ({"orders.csv": ORDERS, "customers.csv": CUSTOMERS, "README.txt": NOTE}, "!/orders.csv", ["README.txt", "customers.csv"]),
        ({"orders_1.csv": ORDERS, "orders_2.csv": ORDERS, "README.txt": NOTE}, "!/orders_*.csv", ["README.txt"]),
        ({"photo.png": b"\x89PNG\r\n\x1a\n" + bytes(9000), "orders.csv": ORDERS}, "!/orders.csv", ["photo.png"]),
    ],
    ids=["one", "alike", "largest", "pattern", "no data beside"],
)  # fmt: skip
def test_alike_files_are_read_together_and_the_largest_kind_wins(
    files: dict[str, bytes], member: str, others: list[str], tmp_path: Path
) -> None:
    address = pack(tmp_path / "shop.zip", files)
    profile = profile_source(address)
    warnings = {w.code: w.message for w in profile.warnings}

    assert (profile.uri, profile.compression, profile.format) == (address + member, "zip", "csv")
    assert [column.name for column in profile.columns] == ["id", "amount"]
    assert all(name in warnings["W_OTHER_FILES"] for name in others)
    assert ("W_OTHER_FILES" in warnings) == bool(others)


def test_a_file_that_is_named_is_taken(tmp_path: Path) -> None:
    address = pack(tmp_path / "shop.zip", {"orders.csv": ORDERS, "customers.csv": CUSTOMERS})
    profile = profile_source(f"{address}!/customers.csv")

    assert (profile.name, profile.records.total, profile.records.total_is_exact) == (
        "customers",
        8,
        True,
    )


def test_other_formats_are_read_out_of_archives_too(tmp_path: Path) -> None:
    table = pl.DataFrame({"id": [1, 2, 3]})
    table.write_parquet(tmp_path / "a.parquet")
    write_xlsx(tmp_path / "a.xlsx", {"S": [["id"], [1], [2], [3]]})

    for name in ("a.parquet", "a.xlsx"):
        address = pack(tmp_path / "a.zip", {name: (tmp_path / name).read_bytes()})
        profile = profile_source(address)
        assert (f"a.{profile.format}", profile.records.total) == (name, 3)


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = Path(pack(tmp_path / "inner.zip", {"orders.csv": ORDERS})).read_bytes()

    with pytest.raises(SourceError, match=r"E_UNSUPPORTED_FORMAT.*archive in another"):
        profile_source(pack(tmp_path / "outer.zip", {"inner.zip": inner}))

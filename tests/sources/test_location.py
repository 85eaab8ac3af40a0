from __future__ import annotations

from pathlib import Path

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.settings import load_settings
from ai_data_engineer.sources.digest import content_digest
from ai_data_engineer.sources.location import locate, source_name


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("data/Orders 2024.csv", "orders_2024"),
        ("data/orders.csv.gz", "orders"),
        ("/tmp/2024-01 sales.ndjson.zst", "source_2024_01_sales"),
        ("s3://bucket/raw/customers.parquet", "customers"),
        ("https://example.org/files/my%20file.json?token=x", "my_file"),
        ("data/orders-*.csv", "orders"),
        ("data/invoices/*.csv", "invoices"),
        ("data/invoices/**/*.csv", "invoices"),
        ("data/part-[0-9].csv", "part"),
        ("Größe.csv", "grosse"),
        ("имя.csv", "source"),
        ("archive.v2.csv", "archive_v2"),
        ("x" * 100 + ".csv", "x" * 63),
    ],
)
def test_a_source_is_named_after_its_file(uri: str, name: str) -> None:
    assert source_name(uri) == name


def test_the_content_digest_sees_every_byte_and_no_name(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    content = bytearray(b"0123456789" * 300_000)
    first.write_bytes(content)
    second.write_bytes(content)
    assert content_digest(str(first)) == content_digest(str(second))
    content[1_500_000] ^= 1
    second.write_bytes(content)
    assert content_digest(str(first)) != content_digest(str(second))


def test_the_content_digest_keeps_to_the_limits(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 200)
    with pytest.raises(SourceError, match="E_TOO_LARGE"):
        content_digest(str(tmp_path / "a.csv"), load_settings(max_file_size=100))
    with pytest.raises(SourceError, match="E_DENIED"):
        content_digest("s3://theirs/a.csv", load_settings(allowed_buckets=("ours",)))


def test_the_content_digest_of_a_glob_sees_where_a_file_ends(tmp_path: Path) -> None:
    def digest(*contents: bytes) -> str:
        for path in tmp_path.glob("*.csv"):
            path.unlink()
        for number, content in enumerate(contents):
            (tmp_path / f"{number}.csv").write_bytes(content)
        return content_digest(str(tmp_path / "*.csv"))

    assert digest(b"ab", b"c") != digest(b"a", b"bc")


@pytest.mark.parametrize(
    "uri",
    ["s3://other/a.csv", "S3://other/a.csv", "s3:/other/a.csv", "s3://mine@other/a", "s3://*/a"],
)
def test_only_the_buckets_that_are_allowed_are_read(uri):
    with pytest.raises(SourceError, match=r"^E_DENIED .*ADE_ALLOWED_BUCKETS"):
        locate(uri, load_settings(allowed_buckets=("mine",)))


def test_an_allowed_bucket_is_read():
    mine = load_settings(allowed_buckets=("mine",))
    assert locate("s3://mine/other/a.csv", mine) == ["s3://mine/other/a.csv"]

"""S3, against a real server that speaks its protocol."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from s3fs.core import S3File

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import Field
from ai_data_engineer.io.opening import expand, open_source
from ai_data_engineer.io.parquet_reader import read_parquet
from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.packaging.sheet_sampling import write_xlsx
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.rendering.execution import execute
from ai_data_engineer.sources.digest import content_digest
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.validating import validate
from tests.services.s3 import s3_in_this_process


def _archive() -> bytes:
    """Return an archive too large to be fetched for the little that is read of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("small.csv", "id,name\n1,a\n2,b\n")
        archive.writestr("large.csv", b"x,y\n" + b"1,2\n" * 5_000_000)
    return target.getvalue()


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with s3_in_this_process() as client:
        client.create_bucket(Bucket="data")
        parquet = io.BytesIO()
        pl.DataFrame({"a": [1, 2]}).write_parquet(parquet)
        objects = {
            "in/b.csv": b"2",
            "in/a.csv.gz": gzip.compress(b"1"),
            "t.parquet": parquet.getvalue(),
            "archive.zip": _archive(),
            "book": write_xlsx("Orders", [(1, ["id", "note"]), (2, [1, "a"]), (3, [2, "b"])]),
        }
        for key, body in objects.items():
            client.put_object(Bucket="data", Key=key, Body=body)
        yield "s3://data"


def test_objects_are_opened_and_expanded(bucket: str) -> None:
    assert expand(f"{bucket}/in/*.csv*") == ["s3://data/in/a.csv.gz", "s3://data/in/b.csv"]
    with open_source("s3://data/in/a.csv.gz", compression="gzip") as stream:
        assert stream.read() == b"1"


@pytest.mark.parametrize("uri", ["s3://data/in/none.csv", "s3://nobody-has-this/a.csv"])
def test_what_is_not_there_is_said(bucket: str, uri: str) -> None:
    with pytest.raises(SourceError, match=r"^E_NOT_FOUND s3://"), open_source(uri):
        pass


def test_a_pattern_without_matches_is_said(bucket: str) -> None:
    with pytest.raises(SourceError, match=r"^E_NOT_FOUND s3://data/\*\.json: No file matches"):
        expand(f"{bucket}/*.json")


def test_an_archive_is_read_by_ranges(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[int] = []
    fetch = S3File._fetch_range

    def counted(self: S3File, start: int, end: int) -> bytes:
        fetched.append(end - start)
        return fetch(self, start, end)

    monkeypatch.setattr(S3File, "_fetch_range", counted)
    profile = profile_source(f"{bucket}/archive.zip!/small.csv")

    assert (profile.name, profile.records.total, profile.compression) == ("small", 2, "zip")
    assert expand(f"{bucket}/archive.zip") == [
        "s3://data/archive.zip!/large.csv",
        "s3://data/archive.zip!/small.csv",
    ]
    assert sum(fetched) < 10_000_000


def test_a_workbook_is_read_from_s3(bucket: str) -> None:
    profile = profile_source(f"{bucket}/book")

    assert [str(column.type) for column in profile.columns] == ["int64", "string"]


def test_parquet_is_read_from_s3(bucket: str) -> None:
    (batch,) = read_parquet(f"{bucket}/t.parquet", columns=[Field("a", ("a",))])
    assert batch.rows.rows() == [(1, 1), (2, 2)]


@pytest.mark.bundle
def test_buckets_that_are_not_allowed_are_read_by_no_verb(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = PipelineSpec.model_validate(
        {
            "name": "t",
            "sources": [
                {
                    "id": "t",
                    "uri": "s3://data/t.parquet",
                    "format": "parquet",
                    "columns": [{"name": "a", "type": "int64"}],
                }
            ],
            "outputs": [{"id": "out", "input": "t", "path": "t.parquet"}],
        }
    )
    assert validate(spec).is_valid
    monkeypatch.setenv("ADE_ALLOWED_BUCKETS", '["other"]')
    for verb in (
        lambda: profile_source("s3://data/t.parquet"),
        lambda: content_digest("s3://data/t.parquet"),
        lambda: validate(spec),
        lambda: package(spec, [], tmp_path / "t.zip"),
        lambda: execute(spec, tmp_path / "out"),
    ):
        with pytest.raises(SourceError, match=r"^E_DENIED .*ADE_ALLOWED_BUCKETS"):
            verb()
    assert list(tmp_path.iterdir()) == []
